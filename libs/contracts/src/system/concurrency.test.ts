// The load of the whole system, in executions at once.
import { OTHER_FUNCTIONS_CONCURRENCY, regionConcurrency, shareOf, UNRESERVED_MIN } from './concurrency';

/** Of all functions but the router. */
const OTHERS = Object.values(OTHER_FUNCTIONS_CONCURRENCY).reduce((sum, one) => sum + one, 0);
const NEEDED = 10 + OTHERS;

test.each([
  [0.5, 1],
  [100, 10],
  [101, 11],
  [100_000, 10_000],
])('%d requests/s hold %d environments of the router', (requestsPerSecond, router) => {
  expect(regionConcurrency(requestsPerSecond)).toEqual({ router, others: OTHERS });
});

test.each([
  // The default load needs 10 beside the others; AWS keeps 100 beside what is reserved.
  [NEEDED - 27, 100, { kind: 'too-little', needed: NEEDED }],
  [NEEDED - 1, 100, { kind: 'too-little', needed: NEEDED }],
  [NEEDED, 100, { kind: 'shared', needed: NEEDED }],
  [UNRESERVED_MIN, 100, { kind: 'shared', needed: NEEDED }],
  [UNRESERVED_MIN + NEEDED - 1, 100, { kind: 'shared', needed: NEEDED }],
  [UNRESERVED_MIN + NEEDED, 100, { kind: 'reserved', router: 10 }],
  [1_000, 100, { kind: 'reserved', router: 1_000 - UNRESERVED_MIN - OTHERS }],
  [1_000, 9_000, { kind: 'shared', needed: 900 + OTHERS }],
  [1_000, 10_000, { kind: 'too-little', needed: 1_000 + OTHERS }],
])('a quota of %d at %d requests/s', (quota, requestsPerSecond, share) => {
  expect(shareOf(quota, requestsPerSecond)).toEqual(share);
});
