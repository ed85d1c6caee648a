// What `npm run conformance` asks of an account, how it takes an answer, and what it refuses before it makes anything.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withValidation } from './column';
import { hold, refused, taken, type Row } from './row';
import { ask, ROWS } from './rows';
import { Sandbox } from './sandbox';

const root = join(__dirname, '..');
const script = (...args: readonly string[]) =>
  spawnSync('node', [join(root, 'scripts/conformance.mjs'), ...args], {
    encoding: 'utf8',
    // No credentials of the machine's, and none from a server.
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' },
  });

test('each row is one of docs/twin.md, once', () => {
  const page = readFileSync(join(root, 'docs/twin.md'), 'utf8');
  const ids = ROWS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !page.includes(`\n| ${id} |`))).toEqual([]);
});

describe('an answer', () => {
  const error = (name: string, httpStatusCode: number) => async (): Promise<never> => {
    throw Object.assign(new Error('said'), { name, $metadata: { httpStatusCode } });
  };
  const sandbox = () =>
    new Sandbox(
      { region: 'us-east-1', other: 'us-west-2', run: 'x' },
      { nowMs: () => 0, sleep: async () => undefined, say: () => undefined },
    );
  const outcomeOf = async (run: Row['run']) => (await ask([{ id: 'X-01', says: '', run }], sandbox())).results[0];

  test.each<[string, Row['run'], object]>([
    ['a value that is refused, as it should be', () => refused('x', error('InvalidInput', 400)), { outcome: 'holds' }],
    ['a value that is taken', () => refused('x', async () => undefined), { outcome: 'differs', why: 'AWS takes x' }],
    [
      'a refusal where none should be',
      () => taken('x', error('InvalidInput', 400)),
      { outcome: 'differs', why: 'AWS refuses x: InvalidInput: said' },
    ],
    [
      'what is not so',
      async () => hold(false, 'answers something else'),
      { outcome: 'differs', why: 'AWS answers something else' },
    ],
    ['no permission', () => refused('x', error('AccessDeniedException', 403)), { outcome: 'open' }],
    ['no permission where it should be taken', () => taken('x', error('AccessDenied', 403)), { outcome: 'open' }],
    ['too many requests', () => refused('x', error('ThrottlingException', 400)), { outcome: 'open' }],
    ['a server that fails', () => refused('x', error('InternalError', 500)), { outcome: 'open' }],
    ['no network', () => taken('x', async () => Promise.reject(new Error('ENOTFOUND'))), { outcome: 'open' }],
  ])('%s', async (_, run, outcome) => {
    expect(await outcomeOf(run)).toMatchObject({ id: 'X-01', ...outcome });
  });

  test('what was made is removed, the last first, after a failure too, and what cannot be is said', async () => {
    const removed: string[] = [];
    const run: Row['run'] = async (given) => {
      given.made('one', async () => removed.push('one'));
      given.made('two', error('ResourceInUse', 400));
      given.made('three', async () => removed.push('three'));
      throw new Error('in the middle');
    };
    const { results, left } = await ask([{ id: 'X-01', says: '', run }], sandbox());
    expect(results).toMatchObject([{ outcome: 'open' }]);
    expect(removed).toEqual(['three', 'one']);
    expect(left).toEqual(['two: ResourceInUse: said']);
  });
});

describe('the column', () => {
  const page =
    '| id | rule | source |\n|---|---|---|\n| HC-01 | a | b |\n| HC-02 | c | d |\n\n| other | x |\n|---|---|\n| HC-01 | y |\n';
  const validated = {
    rows: { 'HC-01': { date: '2026-12-01', holds: true }, 'HC-02': { date: '2026-12-02', holds: false } },
  };

  test('is added to tables of rules alone, and filled again where it is', () => {
    const filled = withValidation(page, validated);
    expect(filled).toContain('| HC-01 | a | b | 2026-12-01 |\n| HC-02 | c | d | differs, 2026-12-02 |\n');
    expect(filled).toContain('| other | x |\n|---|---|\n| HC-01 | y |\n');
    expect(withValidation(filled, validated)).toBe(filled);
    expect(withValidation(filled, { rows: {} })).toContain('| HC-01 | a | b | not yet |\n');
  });
});

test.each([
  [['--target', 'azure'], '--target "azure" is no target; it must be twin or aws'],
  [['--target', 'aws', '--rows', 'HC-99'], '--rows "HC-99" cannot be asked of an account; it must be of HC-02'],
  [['--target', 'aws', '--yes'], 'no AWS account can be asked'],
  [['--other'], 'conformance: '],
])('%j is refused, and nothing is made', (args, why) => {
  const { status, stdout, stderr } = script(...args);
  expect(stderr).toContain(why);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});
