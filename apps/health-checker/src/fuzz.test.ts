// A sample of `npm run fuzz`, which gives the handler 100,000 events.
import { fuzz } from '@dr/handler-core';
import { healthTarget } from './testing/fuzz-target';

it('holds its promises whatever event it is given', async () => {
  const { failures, events, mutated } = await fuzz(healthTarget, { events: 4_000, seed: 11 });
  expect(failures).toEqual([]);
  expect(mutated).toBe(events / 2);
});
