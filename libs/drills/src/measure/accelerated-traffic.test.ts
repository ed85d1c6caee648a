// Who is led where behind an accelerator, from a few events: too long to an unhealthy region is wrong, and nothing else is.
import { FRONT_CHECK } from '@dr/failover';
import { failure, health, request, runOf } from '../testing/fixtures';
import type { LoggedEvent } from '@dr/twin';
import { acceleratedToUnhealthy } from './accelerated-traffic';

/** Found unhealthy at 100 s; the accelerator has until 144 s. */
const FOUND = health(100_000, 'mumbai', false);
const judged = (...events: readonly LoggedEvent[]): string[] =>
  acceleratedToUnhealthy(runOf({ events: [FOUND, ...events] }), FRONT_CHECK);

test('whoever is led there later than the accelerator may take is named', () => {
  expect(judged(failure(148_000))).toEqual([
    'c1 was led to mumbai at 145 s, which had been unhealthy for longer than 44 s',
  ]);
});

test.each<[string, readonly LoggedEvent[]]>([
  ['in the time that it may take', [failure(146_000)]],
  ['to the other region', [request(200_000, { region: 'singapore' })]],
  ['once the region is healthy again', [health(150_000, 'mumbai', true), request(151_000)]],
  [
    'soon after it was found unhealthy again',
    [health(130_000, 'mumbai', true), health(140_000, 'mumbai', false), request(170_000)],
  ],
  [
    'while no other region was healthy all along',
    [health(120_000, 'singapore', false), health(150_000, 'singapore', true), request(151_000)],
  ],
  ['on a connection that is kept', [request(200_000, { population: 'keeps' })]],
  ['by one that tests the lock', [request(200_000, { client: 'unauthenticated-0' })]],
])('nothing is wrong with a client that is led %s', (_, events) => {
  expect(judged(...events)).toEqual([]);
});
