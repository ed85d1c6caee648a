// A new region joins a system that serves, with the real bundles: clients of the others notice nothing.
import { THREE_REGIONS, withSynthesizedStack } from '../../testing/synthesized-stack';
import { OURS } from '.';
import { runJoin } from './join';

test('it is applied, catches up, is admitted and answered, and no request fails meanwhile', async () => {
  const join = await withSynthesizedStack([], (standing) =>
    withSynthesizedStack(THREE_REGIONS, (graph) =>
      runJoin({ system: OURS, graph, seed: 1, standing, serving: ['mumbai', 'singapore'], joins: 'seoul' }),
    ),
  );
  expect(join.servingSeconds).not.toBeNull();
  expect(join.servingSeconds).toBeGreaterThan(join.appliedSeconds / 2);
  // A load balancer alone takes 100 s, and a record 15 s more.
  expect(join.appliedSeconds).toBeGreaterThan(115);
  expect(join.requests).toBeGreaterThan(100);
  expect(join.failed).toBe(0);
}, 240_000);
