// Numbers of a file are compared as they are written, not as a double rounds them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStack } from './read-stack';

let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'dr-exact-'))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function read(local: string, value: string): unknown {
  const file = join(directory, 'cdk.tf.json');
  const text = JSON.stringify({ provider: { aws: { region: 'us-east-1' } }, resource: { aws_x: { x: { value } } } });
  writeFileSync(file, text.replace(/^{/, `{"locals": {"n": ${local}, "text": "1234567890123456789, \\"0.1"},`));
  return readStack(file).get('aws_x.x')?.values['value'];
}

test.each([
  ['9007199254740993', '${local.n == 9007199254740992}', false],
  ['9007199254740993', '${local.n == 9007199254740993}', true],
  ['0.1000000000000000055', '${local.n == 0.1}', false],
  ['2.9999999999999999', '${floor(local.n)}', 2],
  ['1e30', '${local.n / 1e28}', 100],
  ['0.1', '${local.n == 0.1}', true],
  ['-0', '${jsonencode(local.n)}', '-0'],
  ['1', '${local.text}', '1234567890123456789, "0.1'],
])('%s: %s is %j', (local, value, expected) => expect(read(local, value)).toBe(expected));

test.each(['9007199254740993', '2.9999999999999999', '123456789012345678'])(
  'a number that a double would round is unknown to whoever reads it: %s',
  (local) => expect(() => read(local, '${local.n}')).toThrow(/larger than this reader counts, or has more digits/),
);

test('a number that no file holds is unknown', () =>
  expect(() => read('1e400', '${local.n + 1}')).toThrow(/longer than this reader counts/));
