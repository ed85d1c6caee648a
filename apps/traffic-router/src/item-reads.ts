// Reads of one item's versions, in the order of their stamps, however many pages of the table they take.
import type { ItemVersion } from '@dr/contracts/system';
import { CONFLICT_REACH } from '@dr/failover';
import { bytesInResponse, exactly, type Item, type Page, type TableQuery } from '@dr/handler-core';
import type { Replica } from './stored-records';

/** Records of one id, one after the other; versions newest first. */
export interface Run<T = ItemVersion> {
  readonly fit: readonly T[];
  /** There is none beyond the last. */
  readonly ended: boolean;
}

interface Range {
  readonly id: string;
  readonly before?: string | undefined;
}

export async function newestOf(replica: Replica, id: string): Promise<ItemVersion | undefined> {
  return (await olderThan(replica, { id }, 1)).fit[0];
}

export async function versionAt({ table, signal, records }: Replica, id: string, stamp: string) {
  const { items } = await table.query(exactly(id, stamp), signal);
  return records.versions(items)[0];
}

export const olderThan = (replica: Replica, range: Range, count: number): Promise<Run> =>
  descend(replica, range, replica.records.versions, () => count);

/**
 * A page of at most `count` versions, which ends one version after `bytes` of a response are full. The versions read after it are those
 * that a version of the page can have crossed.
 */
export async function pageOlderThan(
  replica: Replica,
  request: Range & { readonly count: number; readonly bytes: number },
): Promise<Run & { readonly page: readonly ItemVersion[] }> {
  let inPage = 0;
  let left = request.bytes;
  const { id, before } = request;
  const { fit, ended } = await descend(replica, { id, before }, replica.records.versions, (versions) => {
    for (; inPage < Math.min(versions.length, request.count) && left >= 0; inPage += 1) {
      left -= bytesInResponse(textOf(versions[inPage] as ItemVersion));
    }
    return (left < 0 ? inPage : request.count) + CONFLICT_REACH;
  });
  return { fit, ended, page: fit.slice(0, inPage) };
}

/** The versions from `from` upwards that an older one can have crossed, newest first. `ended`: the newest of all is among them. */
export async function newerFrom(replica: Replica, id: string, from: string): Promise<Run> {
  const { fit, ended } = await collect(replica, replica.records.versions, () => CONFLICT_REACH, {
    first: { id, from, oldestFirst: true },
    beyond: (next) => ({ from: `${next}\u0000` }),
  });
  return { fit: [...fit].reverse(), ended };
}

type Parse<T> = (items: readonly Item[]) => readonly T[];

/** Downwards from `before`, or from the top. */
export const descend = <T>(
  replica: Replica,
  first: Range,
  parse: Parse<T>,
  wanted: (fit: readonly T[]) => number,
): Promise<Run<T>> => collect(replica, parse, wanted, { first, beyond: (next) => ({ before: next }) });

type Place = Omit<TableQuery, 'limit'>;

/** What one Query may be asked for, however many records are not fit. */
const MAX_ASKED = 1_000;

/** Reads until it has as many fit records as `wanted` asks for, given those read so far. */
async function collect<T>(
  { table, signal }: Replica,
  parse: Parse<T>,
  wanted: (fit: readonly T[]) => number,
  { first, beyond }: { readonly first: Place; readonly beyond: (next: string) => Partial<Place> },
): Promise<Run<T>> {
  const fit: T[] = [];
  let query = first;
  let unfit = 0;
  let missing = wanted(fit);
  while (missing > 0) {
    // Where many are not fit the pages grow, so that thousands of them take a few reads.
    const limit = Math.min(MAX_ASKED, missing + unfit);
    const page: Page = await table.query({ limit, ...query }, signal);
    const read = parse(page.items);
    fit.push(...read);
    unfit += page.items.length - read.length;
    missing = wanted(fit) - fit.length;
    if (page.next === undefined) return { fit, ended: true };
    query = { ...first, ...beyond(page.next) };
  }
  return { fit, ended: false };
}

/** The document's text; records of older versions hold a value in its place. */
export const textOf = ({ json, value }: ItemVersion): string =>
  typeof json === 'string' ? json : JSON.stringify(value ?? null);
