// What code scanning is given: the objects that the standard has, and nothing that makes it refuse the file.
import type * as z from 'zod';
import { sarifOf } from './sarif';
import { finding, hostile, long, review, STATES } from './testing/reviews';
import { refusedBySchema } from './testing/sarif-schema';
import { SARIF } from './testing/sarif-shape';

type Run = z.infer<typeof SARIF>['runs'][number];

const runOf = (of: Parameters<typeof sarifOf>[0]): Run => SARIF.parse(JSON.parse(sarifOf(of, '1.2.3'))).runs[0] as Run;
const placed = (more: Parameters<typeof finding>[0] = {}) => finding({ file: 'infra/dns.tf', line: 12, ...more });

test.each([...Object.entries(STATES), ['hostile', hostile()], ['long', long(300)]] as const)(
  'a review that is in the state "%s" is SARIF',
  (_, of) => {
    expect(() => runOf(of)).not.toThrow();
    expect(refusedBySchema(JSON.parse(sarifOf(of, '1.2.3')))).toEqual([]);
  },
);

test.each<[string, (run: Run) => unknown, string]>([
  ['an unknown property', (run) => ({ ...run, result: [] }), '.runs[0] should NOT have additional properties'],
  ['a run without a tool', ({ results }) => ({ results }), ".runs[0] should have required property 'tool'"],
  [
    'a level that is none',
    (run) => ({ ...run, results: [{ ...run.results[0], level: 'blocks' }] }),
    '.runs[0].results[0].level should be equal to one of the allowed values',
  ],
  [
    'a line that is none',
    (run) => ({ ...run, results: [withRegion(run, { startLine: 0 })] }),
    '.runs[0].results[0].locations[0].physicalLocation.region.startLine should be >= 1',
  ],
  [
    'a URI that is none',
    (run) => ({ ...run, results: [withUri(run, 'a b')] }),
    '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri should match format "uri-reference"',
  ],
])('the official schema refuses %s', (_, change, reason) => {
  const good = runOf(review({ findings: [placed()] }));
  expect(refusedBySchema({ version: '2.1.0', runs: [good] })).toEqual([]);
  expect(refusedBySchema({ version: '2.1.0', runs: [change(good)] })).toEqual([reason]);
});

type Place = Run['results'][number]['locations'][number]['physicalLocation'];
const withPlace = ({ results: [result] }: Run, change: (place: Place) => unknown): unknown => ({
  ...result,
  locations: [{ physicalLocation: change(result?.locations[0]?.physicalLocation as Place) }],
});
const withRegion = (run: Run, region: object): unknown => withPlace(run, (place) => ({ ...place, region }));
const withUri = (run: Run, uri: string): unknown =>
  withPlace(run, (place) => ({ ...place, artifactLocation: { uri } }));

test.each<[string, (run: Run) => unknown]>([
  ['a property that SARIF does not have', (run) => ({ ...run, result: [] })],
  ['a result without a location', (run) => ({ ...run, results: [{ ...run.results[0], locations: [] }] })],
  ['a rule without help', (run) => ({ ...run, tool: { driver: { ...run.tool.driver, rules: [{ id: 'x' }] } } })],
  ['a result of another rule', (run) => ({ ...run, results: [{ ...run.results[0], ruleIndex: 1 }] })],
])('fails on %s', (_, change) => {
  const good = runOf(review({ findings: [placed()] }));
  const log = (run: unknown) => ({ $schema: 'https://example.com/s.json', version: '2.1.0', runs: [run] });
  expect(SARIF.safeParse(log(good)).success).toBe(true);
  expect(SARIF.safeParse(log(change(good))).success).toBe(false);
});

test('a finding stands at its line, with its rule, its fix and how heavy it is', () => {
  const { tool, results } = runOf(review({ findings: [placed(), placed({ rule: 'a', severity: 'warns' })] }));
  expect(tool.driver.rules.map(({ id, properties }) => [id, properties['problem.severity']])).toEqual([
    ['a', 'warning'],
    ['record-without-health-check', 'error'],
  ]);
  expect(tool.driver.rules[1]?.help.text).toMatch(/^Give it the health_check_id .*\.\nhttps:\/\/docs\.aws/);
  expect(results[0]).toMatchObject({
    level: 'error',
    locations: [{ physicalLocation: { artifactLocation: { uri: 'infra/dns.tf' }, region: { startLine: 12 } } }],
  });
});

test('a fingerprint is of the rule and the address: it stays when lines move, and no two are the same', () => {
  const prints = (...findings: readonly ReturnType<typeof finding>[]) =>
    runOf(review({ findings })).results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
  expect(prints(placed({ line: 13, message: 'otherwise' }))).toEqual(prints(placed()));
  expect(new Set(prints(placed(), placed({ address: 'b' }), placed({ rule: 'b' }), placed())).size).toBe(4);
});

test('a finding without a file is said, and is no result', () => {
  const { results, invocations } = runOf(review({ findings: [finding()] }));
  expect(results).toEqual([]);
  expect(invocations[0]?.toolExecutionNotifications).toMatchObject([
    { level: 'error', descriptor: { id: 'record-without-health-check' } },
  ]);
});

test('what is waived is suppressed with its reason, and is no error', () => {
  const [result] = runOf(
    review({ findings: [placed({ waived: { reason: 'it is being closed', expires: '2027-01-31' } })] }),
  ).results;
  expect(result).toMatchObject({
    level: 'note',
    suppressions: [{ justification: 'it is being closed (until 2027-01-31)' }],
  });
});

test('a path is a URI, whatever letters it has', () => {
  const [result] = runOf(review({ findings: [placed({ file: 'a b/ü#1?.tf' })] })).results;
  expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('a%20b/%C3%BC%231%3F.tf');
});
