// The load of the whole system, in executions at once.
import { regionConcurrency } from './concurrency';

test.each([
  [0.5, 1],
  [100, 10],
  [101, 11],
  [100_000, 10_000],
])('%d requests/s hold %d environments of the router', (requestsPerSecond, router) => {
  expect(regionConcurrency(requestsPerSecond)).toEqual({ router, others: 27 });
});
