// A public incident beside what the twin did.
import type { LoggedEvent } from '@dr/event-log';
import { RunLog } from '../log/run-log';
import { logOf } from '../testing/logs';
import { feltBy, lengthOf, requestsOf, scaleOf } from '../words/incident';
import { incidentOf } from './incident';
import { runReportOf } from './run';

const phase = { when: 'then', what: 'it broke', by: [1] };
const incident = {
  ...{ name: 'made', title: 'Made up', date: '2026-01-01', happenedIn: 'nowhere', region: 'mumbai', look: 'at it' },
  sources: [{ title: 'nobody', url: 'https://example.com/' }],
  phases: [
    { ...phase, lastedSeconds: 10_320, fromSeconds: 60, toSeconds: 120, enacted: 'region-dark mumbai 60-120 s' },
    { ...phase, notEnacted: 'nothing here' },
  ],
};

/** One request before, two in the phase of which one fails, and one after. */
const given = logOf({
  requests: [
    ['one', 'mumbai', 1_000, 1_100, true],
    ['one', 'mumbai', 70_000, 71_000, false],
    ['two', 'mumbai', 80_000, 119_999, true],
    ['one', 'mumbai', 120_000, 120_000, true],
  ],
});
const log = new RunLog({ ...given, header: { ...given.header, incident } });

test('what the twin did stands beside the phase in which it did it', () => {
  const [first, second] = incidentOf(log)?.phases ?? [];
  expect(first?.meanwhile).toMatchObject({ requests: 2, failed: 1 });
  expect(first?.meanwhile?.events.map(({ atSeconds, text }) => `${atSeconds} ${text}`)).toEqual([
    expect.stringMatching(/^60 Mumbai went dark/),
  ]);
  expect(second).toEqual({ ...phase, notEnacted: 'nothing here' });
});

test('and what it did afterwards, from the very end of the last phase', () => {
  const after = incidentOf(log)?.afterwards;
  expect(after).toMatchObject({ requests: 1, failed: 0 });
  expect(after?.events[0]).toEqual({ atSeconds: 120, text: 'region-dark Mumbai is over' });
});

test('who felt it is told for the clients of the promise, and for each population beside them', () => {
  const far = (atMs: number, ok: boolean): LoggedEvent => ({
    ...{ atMs, kind: 'request', client: 'stretches-0', population: 'stretches', home: 'mumbai', method: 'GET' },
    ...{ route: 'GET /', itemId: 'a', region: 'mumbai', startedMs: atMs - 10 },
    outcome: ok ? 'ok' : 'connect-timeout',
  });
  const more = logOf({
    requests: [
      ['one', 'mumbai', 70_000, 71_000, false],
      ['one', 'mumbai', 80_000, 81_000, true],
    ],
    more: [far(65_000, false), far(110_000, true)],
  });
  const told = incidentOf(new RunLog({ ...more, header: { ...more.header, incident } }))?.clients;
  expect(told).toEqual([
    { population: null, clients: 1, affected: 1, worstSeconds: 21 },
    { population: 'stretches', clients: 1, affected: 1, worstSeconds: 50 },
  ]);
  expect(told?.map(feltBy)).toEqual([
    'Clients that honour the TTL and open a new connection: 1 of 1 felt it, 21.0\u00a0s at worst',
    'Clients that are behind resolvers that stretch a TTL: 1 of 1 felt it, 50.0\u00a0s at worst',
  ]);
});

test('the report of the run has it, and that of another run has none', () => {
  expect(runReportOf(log, { assumptions: [] }).run.incident).toEqual(incidentOf(log));
  expect(runReportOf(new RunLog(given), { assumptions: [] }).run).not.toHaveProperty('incident');
});

test.each([
  [45, '45 s'],
  [300, '5 min'],
  [10_320, '2 h 52 min'],
  [25_200, '7 h'],
  [7_199, '2 h'],
])('%d s is %s', (seconds, text) => expect(lengthOf(seconds)).toBe(text));

test('both lengths are said where both are known', () => {
  expect(scaleOf(incident.phases[0] as never)).toBe('2 h 52 min then, 1 min here');
  expect(scaleOf({ ...phase, fromSeconds: 0, toSeconds: 300 })).toBe('5 min here');
  expect(scaleOf(phase)).toBeUndefined();
  expect(requestsOf({ events: [], requests: 1_200, failed: 0 })).toBe('1,200 requests, none failed');
  expect(requestsOf({ events: [], requests: 1, failed: 1 })).toBe('1 request, 1 failed');
});
