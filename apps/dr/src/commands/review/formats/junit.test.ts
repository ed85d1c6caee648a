// What a CI shows as tests: the common schema, and what counts as failed, broken and skipped.
import { junitOf } from './junit';
import { parseJunit, type Element } from './testing/junit-shape';
import { finding, hostile, HOSTILE, long, review, STATES } from './testing/reviews';

const inCases = ({ children }: Element): Element[] => children.filter(({ name }) => name === 'testcase');
const casesOf = (of: Parameters<typeof junitOf>[0]): Element[] => parseJunit(junitOf(of)).children.flatMap(inCases);
const kindsOf = (of: Parameters<typeof junitOf>[0]): string[] =>
  casesOf(of).flatMap(({ children }) => children.map(({ name }) => name));

test.each([...Object.entries(STATES), ['hostile', hostile()], ['long', long(300)]] as const)(
  'a review that is in the state "%s" is JUnit, and its counts are right',
  (_, of) => {
    const root = parseJunit(junitOf(of));
    const count = (elements: readonly Element[], kind: string): string =>
      String(elements.filter(({ children }) => children[0]?.name === kind).length);
    for (const suite of root.children)
      expect(suite.attributes).toMatchObject({
        tests: String(inCases(suite).length),
        failures: count(inCases(suite), 'failure'),
        errors: count(inCases(suite), 'error'),
        skipped: count(inCases(suite), 'skipped'),
      });
  },
);

test.each([
  ['an attribute of our own', '<testcase ', '<testcase file="a" '],
  ['an element of our own', 'system-out', 'output'],
  ['a suite without its counts', ' failures="0" errors="0" skipped', ' skipped'],
  ['a count that is none', 'tests="', 'tests="-'],
  ['counts of all', '<testsuites>', '<testsuites tests="1">'],
  ['an order of our own', '<system-err/>\n', '<system-err/>\n<properties/>\n'],
  ['a bare &', '57 s', '57 & s'],
  ['what is not closed', '</testsuite>\n', ''],
  ['text between cases', 'time="0"/>\n', 'time="0"/>x\n'],
])('fails on %s', (_, good, bad) => {
  const xml = junitOf(STATES.passes);
  expect(xml).toContain(good);
  expect(() => parseJunit(xml.replaceAll(good, bad))).toThrow();
});

test('a finding is a failure, a note is none, what is waived is skipped, what is unknown is an error', () => {
  expect(kindsOf(review({ names: [], findings: [finding(), finding({ severity: 'warns' })] }))).toEqual([
    'failure',
    'failure',
  ]);
  expect(kindsOf(review({ names: [], findings: [finding({ severity: 'note' })] }))).toEqual([]);
  const waived = { reason: 'it is being closed', expires: '2027-01-31' };
  expect(kindsOf(review({ names: [], findings: [finding({ waived })] }))).toEqual(['skipped']);
  expect(kindsOf(STATES.unknown)).toEqual(['error', 'error']);
  const unknown = [{ address: 'aws_lb.a', why: 'idle_timeout is unknown, so r is not judged further', rule: 'r' }];
  expect(kindsOf(review({ names: [], unknown }))).toEqual(['error']);
  expect(kindsOf(review({ names: [], unknown: [{ address: 'aws_lb.a', why: 'dns_name: is unknown' }] }))).toEqual([]);
  expect(kindsOf(review({ names: [{ name: 'a', policy: 'none', faults: [] }] }))).toEqual(['error']);
});

test('a note passes, and its suite says it', () => {
  const [suite] = parseJunit(junitOf(review({ names: [], findings: [finding({ severity: 'note' })] }))).children;
  const { address, message } = finding();
  expect(suite?.children.find(({ name }) => name === 'system-out')?.text).toContain(`: ${address}\n${message}.\n`);
});

test('what keeps clients down is one failure, not one for each outcome that it makes', () => {
  expect(kindsOf(STATES.fails).filter((kind) => kind === 'failure')).toHaveLength(2);
});

test('text of a plan comes back as it was, but for what XML may not hold', () => {
  const [first] = casesOf(hostile());
  expect(first?.attributes['name']).toBe(HOSTILE.replace(/[\u0000\u001b]/g, '\ufffd'));
});
