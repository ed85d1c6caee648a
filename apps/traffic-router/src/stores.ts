// The region's own table first, then its peers' replicas, nearest first. A replica that has just failed is asked last.
import {
  DeadlineError,
  Problem,
  TableError,
  withDeadline,
  type Cancellation,
  type Clock,
  type Moment,
  type Table,
  type Telemetry,
} from '@dr/handler-core';
import { METRICS } from '@dr/contracts/system';

export interface Store {
  /** Short region name. */
  readonly region: string;
  readonly table: Table;
}

export interface StoresOptions {
  readonly clock: Pick<Clock, 'moment' | 'isWithin' | 'after'>;
  readonly telemetry: Telemetry;
  readonly local: Store;
  /** In the order in which they are asked; empty: no fallback. */
  readonly peers: readonly Store[];
}

/** Together with the client's own round trip the first two stay under the 2 s that a lost DynamoDB region may cost. */
export const LOCAL_DEADLINE_MS = 700;
export const PEER_DEADLINE_MS = 900;
/** For all replicas together, as a client waits 3 s [A]. With three peers each replica gets less than its own deadline. */
export const TOTAL_DEADLINE_MS = 2_500;
/** For so long a failed replica is asked after the others. */
export const SKIP_MS = 5_000;

export interface Done<T> {
  readonly result: T;
  /** Whose replica gave it. */
  readonly region: string;
}

/** Tried at one replica, that of `region`; called again for the next one after a failure. */
export type Operation<T> = (table: Table, signal: Cancellation, region: string) => Promise<T>;

export function createStores({ clock, telemetry, local, peers }: StoresOptions) {
  const failedAt = new Map<Store, Moment>();
  const share = Math.min(1, TOTAL_DEADLINE_MS / (LOCAL_DEADLINE_MS + peers.length * PEER_DEADLINE_MS));
  const deadlineMs = (store: Store): number => share * (store === local ? LOCAL_DEADLINE_MS : PEER_DEADLINE_MS);

  const isSkipped = (store: Store): boolean => {
    const at = failedAt.get(store);
    return at !== undefined && clock.isWithin(at, SKIP_MS);
  };
  const all = [local, ...peers];
  const inOrder = (): readonly Store[] =>
    failedAt.size === 0 ? all : [...all.filter((store) => !isSkipped(store)), ...[...peers, local].filter(isSkipped)];

  const noteFailure = (store: Store, error: unknown): void => {
    const throttled = error instanceof TableError && error.kind === 'throttled';
    if (throttled) telemetry.count(METRICS.tableThrottled);
    // A throttled table works. To skip it would send all its load to the next one, which would throttle too.
    else failedAt.set(store, clock.moment());
    telemetry.log('WARN', 'table failed', { store: store.region, error });
  };

  /** Throws Problem 503 when no replica answers; errors that are not the table's pass through. */
  return async function run<T>(operation: Operation<T>): Promise<Done<T>> {
    for (const store of inOrder()) {
      try {
        const result = await withDeadline(clock, deadlineMs(store), (signal) =>
          operation(store.table, signal, store.region),
        );
        if (store !== local) telemetry.count(METRICS.peerFallbacks);
        return { result, region: store.region };
      } catch (error) {
        if (!isTableFailure(error)) throw error;
        noteFailure(store, error);
      }
    }
    throw new Problem(
      503,
      'storage-unavailable',
      'Storage is unavailable',
      'No replica of the table could be reached. A write may still have happened: retry with the same Idempotency-Key',
      { 'retry-after': '1' },
    );
  };
}

export type RunAtStore = ReturnType<typeof createStores>;

/** An invalid request is our own mistake, and would be one at every replica. */
const isTableFailure = (error: unknown): boolean =>
  error instanceof DeadlineError || (error instanceof TableError && error.kind !== 'invalid');
