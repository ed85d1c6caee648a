// What a file of waivers may hold, and what a waiver does to a review.
import { InputError } from '@dr/contracts';
import { parseWaivers, withWaivers, type Waiver } from './waivers';

const NOW = new Date('2026-11-27T23:59:00Z');
const GOOD: Waiver = { rule: 'r', address: 'aws_lb.a', reason: 'it is being closed', expires: '2026-11-27' };

const parse = (file: unknown): Waiver[] =>
  parseWaivers(typeof file === 'string' ? file : JSON.stringify(file), 'w.json', NOW);

test('a waiver holds on its last day, in UTC', () => {
  expect(parse({ waivers: [GOOD] })).toEqual([GOOD]);
  expect(parse({ waivers: [] })).toEqual([]);
});

test.each<[string, unknown, RegExp]>([
  ['what is not JSON', '{', /"w\.json": is not JSON/],
  ['a list', [], /is not an object/],
  ['no list', {}, /has no list "waivers"/],
  ['another key beside the list', { waivers: [], waiver: [] }, /unknown key "waiver"\. Allowed here: waivers/],
  ['a text for a waiver', { waivers: ['r'] }, /waivers\[0\]: is not an object/],
  [
    'another key',
    { waivers: [{ ...GOOD, expiry: 'x' }] },
    /unknown key "expiry"\. Allowed here: rule, address, reason, /,
  ],
  ['no rule', { waivers: [{ ...GOOD, rule: undefined }] }, /has no rule/],
  ['no reason', { waivers: [{ ...GOOD, reason: undefined }] }, /has no reason\. Say why/],
  ['an empty reason', { waivers: [{ ...GOOD, reason: ' ' }] }, /has a reason that is no text/],
  ['a reason that is a number', { waivers: [{ ...GOOD, reason: 3 }] }, /has a reason that is no text/],
  ['no end', { waivers: [{ ...GOOD, expires: undefined }] }, /has no expires\. Give it the day/],
  ['a day that does not exist', { waivers: [{ ...GOOD, expires: '2027-06-31' }] }, /"2027-06-31", which is no day/],
  ['a date in other words', { waivers: [{ ...GOOD, expires: '1/2/2027' }] }, /which is no day/],
  [
    'one that is past',
    { waivers: [GOOD, { ...GOOD, expires: '2026-11-26' }] },
    /waivers\[1\]: .*until 2026-11-26, which is past/,
  ],
  ['the same twice', { waivers: [GOOD, GOOD] }, /waivers\[1\]: waives r of aws_lb\.a a second time/],
])('fails on %s', (_, file, said) => {
  expect(() => parse(file)).toThrow(InputError);
  expect(() => parse(file)).toThrow(said);
});

const finding = (rule: string, address: string, severity: 'blocks' | 'warns' = 'blocks') => ({
  rule,
  address,
  severity,
});
const review = (...findings: readonly ReturnType<typeof finding>[]) => ({
  verdict: 'fails' as const,
  names: [{ faults: [{ outcome: 'never' as const }] }],
  findings,
  unknown: [],
});

test('what is waived blocks nothing, and says so', () => {
  const { verdict, findings, waivers } = withWaivers(review(finding('r', 'aws_lb.a')), [GOOD]);
  expect(verdict).toBe('passes');
  expect(findings).toMatchObject([{ severity: 'blocks', waived: { reason: GOOD.reason, expires: GOOD.expires } }]);
  expect(waivers).toEqual([{ ...GOOD, findings: 1 }]);
});

test.each([
  ['another rule', finding('s', 'aws_lb.a')],
  ['another address', finding('r', 'aws_lb.b')],
])('a waiver does not reach %s, and is said to meet nothing', (_, other) => {
  const answer = withWaivers(review(other), [GOOD]);
  expect(answer).toMatchObject({ verdict: 'fails', findings: [other], waivers: [{ findings: 0 }] });
  expect(answer.findings[0]).not.toHaveProperty('waived');
});

test('what is unknown stays unknown, whatever is waived', () => {
  const open = { ...review(finding('r', 'aws_lb.a')), unknown: [{ address: '' }] };
  expect(withWaivers(open, [GOOD]).verdict).toBe('unknown');
});
