// A sweep on a twin whose verdict turns at a share that the test knows.
import type { Fault } from '@dr/contracts';
import { runSweep, type SweepRow } from './sweep';
import { placesOf } from '../run/start';
import { parseScenario } from '../schedule/scenario';
import type { RunningStack } from '../system-under-drill';
import { OURS } from '../systems/ours';
import { fakeTwin } from '../testing/fake-twin';
import { graphOf, SOUND_STACK } from '../testing/fixtures';

const FOUND_MS = 30_000;
const BACK_MS = 20_000;

/** Its probes fail as often as the fault says; from `turnsAt` on its region is found unhealthy, and for 20 s healthy again. */
function twinThatTurnsAt(turnsAt: number): RunningStack {
  const twin = fakeTwin();
  const { scheduler, faults, events } = twin.world;
  const check = { kind: 'health-check', healthCheck: 'check-mumbai', region: 'mumbai', checkers: 16 } as const;
  const probe = { kind: 'probe', healthCheck: 'check-mumbai', region: 'mumbai' } as const;
  const say = (afterMs: number, healthy: boolean): void =>
    void scheduler.after(afterMs, () => events.record({ ...check, healthy, healthyCheckers: healthy ? 16 : 2 }));
  faults.onStart(({ intensity = 1 }: Fault) => {
    for (let i = 1; i <= 100; i += 1) {
      const outcome = i <= 100 * intensity ? 'bad-status' : 'healthy';
      scheduler.after(i * 10, () => events.record({ ...probe, checker: `there/${i % 16}`, outcome }));
    }
    if (intensity < turnsAt) return;
    scheduler.after(FOUND_MS, () =>
      events.record({
        kind: 'checker',
        healthCheck: 'check-mumbai',
        checker: 'there/1',
        region: 'mumbai',
        healthy: false,
      }),
    );
    say(FOUND_MS, false);
    say(FOUND_MS + 10_000, true);
    say(FOUND_MS + BACK_MS, false);
  });
  faults.onEnd(() => say(5_000, true));
  return twin;
}

async function sweepOf(turnsAt: number, durationSeconds = 100) {
  const seen: SweepRow[] = [];
  const scenario = parseScenario(
    { fault: 'gray', objective: { rtoSeconds: 60, rpoSeconds: 5 }, clients: 8, requestsPerSecond: 1, durationSeconds },
    placesOf(OURS, fakeTwin().world.regions),
  );
  const graph = graphOf(SOUND_STACK);
  const found = await runSweep({
    start: () => Promise.resolve(twinThatTurnsAt(turnsAt)),
    graph,
    scenario,
    onRow: (row) => void seen.push(row),
  });
  return { found, seen };
}

test('runs every coarse share, then halves the distance to the edge until it is a hundredth', async () => {
  const { found, seen } = await sweepOf(0.637);
  const shares = found.rows.map(({ share }) => share);
  expect(seen.map(({ share }) => share).slice(0, 11)).toEqual([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(seen).toHaveLength(15);
  expect(found.staysAt).toBeLessThan(0.637);
  expect(found.movesFrom).toBeGreaterThanOrEqual(0.637);
  expect((found.movesFrom ?? 1) - (found.staysAt ?? 0)).toBeLessThanOrEqual(0.01);
  expect(Math.abs(found.turningShare - 0.66)).toBeLessThan(0.01);
  expect(found.isBlind).toBe(false);
});

test('says of a share what its probes, its checkers and its region did while it lasted', async () => {
  const { found } = await sweepOf(0.637);
  const at = (share: number): SweepRow | undefined => found.rows.find((row) => row.share === share);
  const probesOf = ({ probes = 0, failedProbes = 0 }: Partial<SweepRow> = {}): number => failedProbes / probes;
  expect(Math.abs(probesOf(at(0.5)) - 0.5)).toBeLessThan(0.1);
  expect(at(0.5)).toMatchObject({ checkersTurned: 0, movedAfterSeconds: null, timesMoved: 0, outSeconds: 0 });
  expect(at(0.7)).toMatchObject({ checkersTurned: 1, movedAfterSeconds: 30, timesMoved: 2, outSeconds: 60 });
  expect(at(0.7)?.requests).toBeGreaterThan(50);
});

test('looks below the lowest share where that one moves already, and above none where none does', async () => {
  const { found: always } = await sweepOf(0);
  expect(always.staysAt).toBeNull();
  expect(always.movesFrom).toBeLessThanOrEqual(0.01);
  const { found: never, seen } = await sweepOf(2);
  expect(never).toMatchObject({ movesFrom: null, staysAt: 1 });
  expect(seen).toHaveLength(11);
});
