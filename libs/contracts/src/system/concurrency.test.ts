// The load of the whole system, in executions at once.
import { regionConcurrency, shareOf } from './concurrency';

test.each([
  [0.5, 1],
  [100, 10],
  [101, 11],
  [100_000, 10_000],
])('%d requests/s hold %d environments of the router', (requestsPerSecond, router) => {
  expect(regionConcurrency(requestsPerSecond)).toEqual({ router, others: 27 });
});

test.each([
  // The default load needs 10 + 27; AWS keeps 100 beside what is reserved.
  [10, 100, { kind: 'too-little', needed: 37 }],
  [36, 100, { kind: 'too-little', needed: 37 }],
  [37, 100, { kind: 'shared', needed: 37 }],
  [100, 100, { kind: 'shared', needed: 37 }],
  [136, 100, { kind: 'shared', needed: 37 }],
  [137, 100, { kind: 'reserved', router: 10 }],
  [1_000, 100, { kind: 'reserved', router: 873 }],
  [1_000, 9_000, { kind: 'shared', needed: 927 }],
  [1_000, 10_000, { kind: 'too-little', needed: 1_027 }],
])('a quota of %d at %d requests/s', (quota, requestsPerSecond, share) => {
  expect(shareOf(quota, requestsPerSecond)).toEqual(share);
});
