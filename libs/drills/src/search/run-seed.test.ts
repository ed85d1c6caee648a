// Seeds of a search, on the synthesized stack.
import { withSynthesizedStack } from '../testing/synthesized-stack';
import { OURS } from '../systems/ours';
import { searchSeed } from './run-seed';

test('a seed that cannot be run to its end is a broken one, with its schedule and where it ended', async () => {
  const schedule = {
    faults: [],
    orders: [{ order: 'evacuate', region: 'mumbai', via: 'nowhere', atSeconds: 1 }],
  } as const;
  const { violations, ...outcome } = await withSynthesizedStack([], (graph) =>
    searchSeed({ system: OURS, graph }, 5, schedule),
  );
  expect(outcome).toMatchObject({ seed: 5, schedule, requests: 0 });
  expect(violations).toEqual([
    { id: '0-runs-to-its-end', detail: expect.stringMatching(/ResourceNotFound[^]*\n +at /) },
  ]);
});
