// What preflight says of the SDK in the bundles and of the Node.js that it runs on, day by day.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagesIn } from '../../adapters/bundle-record';
import { sdkNodeRows, sdkRows } from './sdk';

const on = (day: string): number => Date.parse(day);
const held = (...packages: readonly string[]) => new Map([['traffic-router', packages]]);

test.each([
  ['@aws-sdk/client-dynamodb@3.1164.0', '2026-11-28', 'ok', /^for JavaScript 3\.1164\.0: no end of v3 is published/],
  ['@aws-sdk/client-dynamodb@4.0.0', '2026-11-28', 'unknown', /the end of v4 is not in our table/],
  ['aws-sdk@2.1692.0', '2025-03-11', 'ok', /supported until 2025-09-07 \(180 days\)/],
  ['aws-sdk@2.1692.0', '2025-03-11T00:00:01Z', 'warn', /\(179 days\)/],
  ['aws-sdk@2.1692.0', '2025-09-07', 'warn', /\(0 days\)/],
  ['aws-sdk@2.1692.0', '2025-09-08', 'fail', /v2 ended on 2025-09-07/],
  ['zod@4.6.7', '2026-11-28', 'ok', /^no bundle holds it$/],
  // A package of the SDK that is released by itself says nothing of the release.
  ['@aws-sdk/core@9.1.0', '2026-11-28', 'ok', /^no bundle holds it$/],
])('%s on %s is %s', (packageName, day, verdict, found) => {
  const rows = sdkRows(held(packageName), on(day));
  expect(rows).toEqual([expect.objectContaining({ check: 'AWS SDK', region: null, verdict })]);
  expect(rows[0]?.found).toMatch(found);
  expect(rows[0]?.toDo === null).toBe(verdict === 'ok');
});

test('each release in any bundle is named once, each major version on a line of its own', () => {
  const bundled = new Map([
    ['traffic-router', ['@aws-sdk/client-dynamodb@3.1164.0', '@aws-sdk/client-secrets-manager@3.1163.0']],
    ['health-checker', ['@aws-sdk/client-dynamodb@3.1164.0', 'aws-sdk@2.1692.0']],
  ]);
  expect(sdkRows(bundled, on('2026-11-28')).map(({ found, verdict }) => [verdict, found.split(':')[0]])).toEqual([
    ['fail', 'for JavaScript 2.1692.0'],
    ['ok', 'for JavaScript 3.1163.0, 3.1164.0'],
  ]);
});

test('the Node.js that the SDK still runs on are named with their ends, and no other', () => {
  const nodes = (day: string) => sdkRows(held('@aws-sdk/client-sns@3.1164.0'), on(day))[0]?.found.split('Node.js ')[1];
  expect(nodes('2026-11-28')).toBe('20 until 2026-12-31, 22 until 2027-12-30, 24 until 2028-12-30');
  expect(nodes('2027-01-01')).toBe('22 until 2027-12-30, 24 until 2028-12-30');
});

test('a bundle without a record is unknown, whatever the others hold', () => {
  const bundled = new Map([...held('aws-sdk@2.1692.0'), ['health-checker', undefined] as const]);
  expect(sdkRows(bundled, on('2026-11-28'))).toEqual([
    expect.objectContaining({ verdict: 'unknown', found: 'what the bundles of health-checker hold was not recorded' }),
  ]);
});

test.each([
  ['nodejs20.x', '2026-11-28', 'warn'],
  ['nodejs20.x', '2026-12-31', 'warn'],
  ['nodejs20.x', '2027-01-01', 'fail'],
  ['nodejs22.x', '2026-11-28', 'ok'],
  ['nodejs22.x', '2027-07-03', 'ok'],
  ['nodejs22.x', '2027-07-03T00:00:01Z', 'warn'],
  ['nodejs22.x', '2027-12-31', 'fail'],
  ['nodejs24.x', '2027-12-31', 'ok'],
  ['nodejs26.x', '2026-11-28', 'unknown'],
])('the SDK on %s on %s is %s', (runtime, day, verdict) => {
  const rows = sdkNodeRows([runtime, runtime], on(day));
  expect(rows).toEqual([expect.objectContaining({ check: 'AWS SDK on Node.js', region: null, verdict })]);
  expect(rows[0]?.found).toContain(runtime);
});

test('a runtime without Node.js has no row', () => {
  expect(sdkNodeRows(['python3.13', 'provided.al2023'], on('2026-11-28'))).toEqual([]);
});

describe('the record beside a bundle', () => {
  const directory = mkdtempSync(join(tmpdir(), 'dr-record-test-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  test.each([
    ['{"packages":["a@1.0.0"]}', ['a@1.0.0']],
    ['{"packages":[1]}', undefined],
    ['{"inputs":{}}', undefined],
    ['{', undefined],
  ])('%s', (text, packages) => {
    mkdirSync(join(directory, 'app'), { recursive: true });
    writeFileSync(join(directory, 'app', 'build.json'), text);
    expect(packagesIn(join(directory, 'app'))).toEqual(packages);
  });

  test('that is not there is not known', () => {
    expect(packagesIn(join(directory, 'none'))).toBeUndefined();
  });
});
