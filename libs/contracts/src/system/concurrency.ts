// How many Lambda executions at once one region needs: the survivor of a lost region takes the whole load.
import { FUNCTION_SPECS, FUNCTIONS, type FunctionName } from './functions';

/** AWS refuses to reserve what would leave less than this unreserved (Lambda, "Configuring reserved concurrency"). */
export const UNRESERVED_MIN = 100;
/** Of all functions but traffic-router, by name. */
export const OTHER_FUNCTIONS_CONCURRENCY: Partial<Readonly<Record<FunctionName, number>>> =
  /* @__PURE__ */ Object.fromEntries(
    FUNCTIONS.flatMap((name) => {
      const { concurrency } = FUNCTION_SPECS[name];
      return concurrency === undefined ? [] : [[name, concurrency]];
    }),
  );
/** [A] Seconds a request holds an environment: the promised p99 of a local request. */
const REQUEST_SECONDS = 0.1;

export interface RegionConcurrency {
  /** For traffic-router. */
  readonly router: number;
  /** For all other functions together. */
  readonly others: number;
}

/** Executions at once that one region needs to serve `requestsPerSecond` alone. */
export function regionConcurrency(requestsPerSecond: number): RegionConcurrency {
  return {
    router: Math.ceil(requestsPerSecond * REQUEST_SECONDS),
    others: Object.values(OTHER_FUNCTIONS_CONCURRENCY).reduce((sum, one) => sum + one, 0),
  };
}

/** `reserved`: AWS's minimum stays unreserved. `shared`: the load fits, but nothing can be reserved (a new account has 10). */
export type ConcurrencyShare =
  | { readonly kind: 'reserved'; readonly router: number }
  | { readonly kind: 'shared' | 'too-little'; readonly needed: number };

export function shareOf(quota: number, requestsPerSecond: number): ConcurrencyShare {
  const { router: needed, others } = regionConcurrency(requestsPerSecond);
  const router = quota - UNRESERVED_MIN - others;
  if (router >= needed) return { kind: 'reserved', router };
  return { kind: quota >= needed + others ? 'shared' : 'too-little', needed: needed + others };
}
