import { RunLog } from '../log/run-log';
import { logOf, type Scenario } from '../testing/logs';
import { verdictOf } from './verdict';

const served = ['c2', 'singapore', 1_000, 1_050, true] as const;
const hurt = (backMs: number) =>
  [
    ['c1', 'mumbai', 1_000, 1_050, true],
    ['c1', 'mumbai', 61_000, 64_000, false],
    ['c1', 'mumbai', backMs - 50, backMs, true],
    served,
  ] as const;

/** [state, the run, tag, headline]. */
const STATES: readonly [string, Scenario, string, RegExp][] = [
  [
    'passed',
    { requests: hurt(110_000) },
    'Passed',
    /^Mumbai went dark at 60.s\. Its clients were down for 50\.0.s at worst\.$/,
  ],
  [
    'the objective is missed',
    { requests: hurt(110_000), rtoSeconds: 30, reasons: ['too long'] },
    'Failed',
    /down for 50\.0.s at worst, 20\.0.s over the objective/,
  ],
  [
    'a client never recovers',
    { requests: hurt(110_000).slice(0, 2), reasons: ['never'] },
    'Failed',
    /1 client never recovered/,
  ],
  ['no client fails', { requests: [served] }, 'Passed', /Mumbai went dark at 60.s\. No client failed\./],
  ['no fault', { fault: null, requests: [served] }, 'Passed', /^Nothing broke\.$/],
  [
    'cut off',
    { ended: false, requests: hurt(110_000) },
    'Incomplete',
    /The log ends at 110\.0.s in the middle of a fault\./,
  ],
];

test.each(STATES)('%s: the headline says so', (_, scenario, tag, headline) => {
  const verdict = verdictOf(new RunLog(logOf(scenario)));
  expect(verdict.tag).toBe(tag);
  expect(verdict.headline).toMatch(headline);
  expect(verdict.passed).toBe({ Passed: true, Failed: false }[tag]);
});

test('an empty log has no verdict, and says what to do', () => {
  const log = new RunLog({ ...logOf({ fault: null }), events: [] });
  expect(verdictOf(log)).toMatchObject({ passed: undefined, headline: 'No events yet. Start a drill or open a log.' });
});

test('that nobody failed is no recovery time of 0', () => {
  const [, , down] = verdictOf(new RunLog(logOf({ requests: [served] }))).facts;
  expect(down).toMatchObject({
    name: 'Down at worst',
    value: 'none',
    notes: [{ text: 'clients that honour the TTL and open a new connection' }, {}, {}],
  });
});

test('a limit that was missed is a missed one', () => {
  const [, , down] = verdictOf(new RunLog(logOf({ requests: hurt(118_500) }))).facts;
  expect(down?.notes).toMatchObject([
    {},
    { met: true },
    { text: expect.stringMatching(/^predicted at most/), met: false },
  ]);
});
