// The region's own table first, one try at the peer's replica when it fails, and a pause before it is tried again.
import {
  DeadlineError,
  Problem,
  TableError,
  withDeadline,
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
  readonly clock: Pick<Clock, 'moment' | 'sinceMs' | 'after'>;
  readonly telemetry: Telemetry;
  readonly local: Store;
  /** Absent: no fallback. */
  readonly peer?: Store | undefined;
}

/** Together with the client's own round trip these stay under the 2 s that a lost DynamoDB region may cost. */
export const LOCAL_DEADLINE_MS = 700;
export const PEER_DEADLINE_MS = 900;
/** How long a failed local table is passed over. */
export const SKIP_MS = 5_000;

export interface Done<T> {
  readonly result: T;
  /** Whose replica gave it. */
  readonly region: string;
}

/** Tried at one replica, that of `region`; called again, for the other one, after the first failed. */
export type Operation<T> = (table: Table, signal: AbortSignal, region: string) => Promise<T>;

export function createStores({ clock, telemetry, local, peer }: StoresOptions) {
  let failedAt: Moment | undefined;

  const attempt = <T>(store: Store, operation: Operation<T>): Promise<T> =>
    withDeadline(clock, store === local ? LOCAL_DEADLINE_MS : PEER_DEADLINE_MS, (signal) =>
      operation(store.table, signal, store.region),
    );

  const noteFailure = (store: Store, error: unknown): void => {
    const throttled = error instanceof TableError && error.kind === 'throttled';
    if (throttled) telemetry.count(METRICS.tableThrottled);
    // A throttled table works; to leave it for 5 s would send all its load to the peer, which would throttle too.
    else if (store === local) failedAt = clock.moment();
    telemetry.log('WARN', 'table failed', { store: store.region, error });
  };

  /** Throws Problem 503 when neither replica answers; errors that are not the table's pass through. */
  return async function run<T>(operation: Operation<T>): Promise<Done<T>> {
    const skipped = failedAt !== undefined && clock.sinceMs(failedAt) < SKIP_MS;
    const order = !peer ? [local] : skipped ? [peer, local] : [local, peer];
    for (const store of order) {
      try {
        const result = await attempt(store, operation);
        if (store === peer) telemetry.count(METRICS.peerFallbacks);
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
      'Neither this region nor its peer could reach the table. A write may still have happened: retry with the same Idempotency-Key',
      { 'retry-after': '1' },
    );
  };
}

export type RunAtStore = ReturnType<typeof createStores>;

/** An invalid request is our own mistake, and would be one at the peer as well. */
const isTableFailure = (error: unknown): boolean =>
  error instanceof DeadlineError || (error instanceof TableError && error.kind !== 'invalid');
