// The arithmetic of an accelerator: what no DNS decides, and what an objective may ask of it.
import { ACCELERATOR_SECONDS, InputError } from '@dr/contracts';
import { acceleratedSeconds, FRONT_CHECK } from './accelerator';
import { choicesFor, explain, movedSeconds, predict, selectSettings, type RecoveryObjective } from './recovery';

const objective = (more: Partial<RecoveryObjective> = {}): RecoveryObjective => ({
  ...{ rtoSeconds: 60, apex: false, routing: 'latency', resolvers: 20, regions: 2 },
  frontDoor: 'global-accelerator',
  ...more,
});

test('two checks of a target, the last time-out and the accelerator, then the client', () => {
  const { settings, predicted, arithmetic, warnings } = selectSettings(objective());
  expect(acceleratedSeconds(FRONT_CHECK)).toBe(2 * 5 + 4 + ACCELERATOR_SECONDS);
  expect(predicted).toEqual({ worstDetectionSeconds: 42, worstClientSeconds: 49 });
  expect(arithmetic).toBe(
    "2 x 5 s interval + 4 s time-out of the target's health check + accelerator 30 s [A] + client wait 5 s = 49 s",
  );
  expect(explain(settings)).toBe(arithmetic);
  expect(warnings).toEqual([]);
});

test.each([0, 1, 4, 6])(
  'a probe of %d s changes what Route 53 takes, and not when clients are moved',
  (probeSeconds) => {
    const { settings } = selectSettings(objective());
    expect(movedSeconds(settings, probeSeconds)).toBe(44);
    expect(predict(settings, probeSeconds)).toEqual({
      worstDetectionSeconds: 3 * (10 + probeSeconds),
      worstClientSeconds: 49,
    });
  },
);

test('no TTL counts: whether the domain is the zone itself makes no difference', () => {
  expect(selectSettings(objective({ apex: true }))).toEqual(selectSettings(objective()));
  expect(choicesFor(objective())).toEqual([expect.objectContaining({ worstClientSeconds: 49, meets: true })]);
});

test.each([49, 60, 170])('meets %d s', (rtoSeconds) => {
  expect(() => selectSettings(objective({ rtoSeconds }))).not.toThrow();
});

test('fails on an objective below, with the sum and what could be set', () => {
  const ask = (): unknown => selectSettings(objective({ rtoSeconds: 48 }));
  expect(ask).toThrow(InputError);
  expect(ask).toThrow(/rtoSeconds = 48 with frontDoor "global-accelerator": cannot be met: 2 x 5 s .* = 49 s/);
  expect(ask).toThrow(/Set rtoSeconds to 49 or more, or use frontDoor: 'dns'/);
});

test('a region that comes back is found unhealthy before the accelerator has looked three times', () => {
  // Checks go on where they stopped: each may wait a whole interval, and the last answer a time-out.
  const found = FRONT_CHECK.unhealthyThreshold * FRONT_CHECK.intervalSeconds + FRONT_CHECK.timeoutSeconds;
  expect(found).toBeLessThan(20);
});
