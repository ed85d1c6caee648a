// The version that makes an item show again what it showed: always a new one, so that nothing is overwritten or deleted.
import type { ItemVersion } from '@dr/contracts/system';
import { contentOf, nextStamp, parseStamp } from '@dr/failover';
import { digest } from '../digest';

type Shown = ItemVersion | undefined;

/** A deleted item shows what one that never was shows: nothing. */
export const showSame = (one: Shown, other: Shown): boolean => contentIn(one) === contentIn(other);

const contentIn = (version: Shown): string | undefined => version && contentOf(version);

/** Stands in the place of an execution environment in the stamps of what a restore writes, so that its versions are known by their keys. */
export const restorerOf = (table: string, toMs: number): string =>
  digest({ table, toMs }).toString(16).padStart(8, '0').slice(-8);

/** Was the version written by that restore? */
export const isWrittenBy = (restorer: string, timestamp: string): boolean =>
  parseStamp(timestamp)?.environment === restorer;

export interface WriteBack {
  readonly id: string;
  /** What the item showed; undefined: there was none. */
  readonly then: Shown;
  /** Its newest version of now, whatever that holds. */
  readonly newest: string | null;
  /** Short name of the region whose table is written. */
  readonly region: string;
  readonly restorer: string;
  readonly sequence: number;
  readonly nowMs: number;
}

/** Comes after every version that was there, whatever the clocks say. */
export function writeBackOf({ id, then, newest, region, restorer, sequence, nowMs }: WriteBack): ItemVersion {
  const json = contentIn(then);
  return {
    id,
    timestamp: nextStamp({ region, environment: restorer, sequence }, nowMs, newest),
    region,
    previous: newest,
    ...(json === undefined ? { deleted: true } : { json }),
  };
}
