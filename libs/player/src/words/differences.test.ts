import { RunLog } from '../log/run-log';
import { logOf } from '../testing/logs';
import { differencesOf } from './differences';

/** A client that fails when the fault begins, and is served again so many ms later. */
const worstAfter = (ms: number): RunLog =>
  new RunLog(
    logOf({
      requests: [
        ['near-mumbai-1', 'mumbai', 61_000, 64_000, false],
        ['near-mumbai-1', 'mumbai', 60_000 + ms - 50, 60_000 + ms, true],
      ],
    }),
  );
const worst = (before: number, now: number) =>
  differencesOf(worstAfter(before), worstAfter(now)).find(
    ({ what }) => what === 'Worst client that honours the TTL and opens a new connection',
  );

test('what looks the same in both runs is the same: nothing is worse by 0.0 s', () => {
  expect(worst(40_000, 40_020)).toMatchObject({ change: 'none', judged: 'same' });
  expect(worst(40_000, 40_200)).toMatchObject({ change: '+0.2\u00a0s', judged: 'worse' });
  expect(worst(40_200, 40_000)).toMatchObject({ change: '\u22120.2\u00a0s', judged: 'better' });
});
