// Reads of one item's versions, in the order of their stamps, however many pages of the table they take.
import type { ItemVersion } from '@dr/contracts/system';
import { CONFLICT_REACH } from '@dr/failover';
import { bytesInResponse, type Item, type Page, type Table } from '@dr/handler-core';

/** Versions one after the other, newest first. */
export interface Run {
  readonly versions: readonly ItemVersion[];
  /** There is none beyond the last. */
  readonly ended: boolean;
}

export async function newestOf(table: Table, id: string, signal: AbortSignal): Promise<ItemVersion | undefined> {
  return (await olderThan(table, { id, count: 1 }, signal)).versions[0];
}

export async function versionAt(
  table: Table,
  id: string,
  stamp: string,
  signal: AbortSignal,
): Promise<ItemVersion | undefined> {
  // The upper end is left out: the smallest string above the stamp itself.
  const { items } = await table.query({ id, from: stamp, before: `${stamp} `, limit: 1 }, signal);
  return items.map(toVersion)[0];
}

export async function olderThan(
  table: Table,
  { id, before, count }: { readonly id: string; readonly before?: string | undefined; readonly count: number },
  signal: AbortSignal,
): Promise<Run> {
  return descend(table, id, before, signal, () => count);
}

/**
 * A page of at most `count` versions, which ends one version after `bytes` of a response are full. The versions read after it are those
 * that a version of the page can have crossed.
 */
export async function pageOlderThan(
  table: Table,
  request: {
    readonly id: string;
    readonly before?: string | undefined;
    readonly count: number;
    readonly bytes: number;
  },
  signal: AbortSignal,
): Promise<Run & { readonly page: readonly ItemVersion[] }> {
  let inPage = 0;
  let left = request.bytes;
  const run = await descend(table, request.id, request.before, signal, (versions) => {
    for (; inPage < Math.min(versions.length, request.count) && left >= 0; inPage += 1) {
      left -= bytesInResponse(textOf(versions[inPage] as ItemVersion));
    }
    return (left < 0 ? inPage : request.count) + CONFLICT_REACH;
  });
  return { ...run, page: run.versions.slice(0, inPage) };
}

/** The versions from `from` upwards that an older one can have crossed, newest first. `ended`: the newest of all is among them. */
export async function newerFrom(table: Table, id: string, from: string, signal: AbortSignal): Promise<Run> {
  const versions: ItemVersion[] = [];
  let next: string | undefined = from;
  while (next !== undefined && versions.length < CONFLICT_REACH) {
    const query = { id, from: next, oldestFirst: true, limit: CONFLICT_REACH - versions.length };
    const page: Page = await table.query(query, signal);
    versions.push(...page.items.map(toVersion));
    next = page.next === undefined ? undefined : `${page.next} `;
  }
  return { versions: versions.reverse(), ended: next === undefined };
}

/** Reads until it has as many versions as `wanted` asks for, given those read so far. */
async function descend(
  table: Table,
  id: string,
  before: string | undefined,
  signal: AbortSignal,
  wanted: (versions: readonly ItemVersion[]) => number,
): Promise<Run> {
  const versions: ItemVersion[] = [];
  let at = before;
  let missing = wanted(versions);
  while (missing > 0) {
    const query = { id, ...(at === undefined ? {} : { before: at }), limit: missing };
    const page: Page = await table.query(query, signal);
    versions.push(...page.items.map(toVersion));
    missing = wanted(versions) - versions.length;
    if (page.next === undefined) return { versions, ended: true };
    at = page.next;
  }
  return { versions, ended: false };
}

const toVersion = (item: Item): ItemVersion => item as unknown as ItemVersion;

/** The document's text; records of older versions hold a value in its place. */
export const textOf = ({ json, value }: ItemVersion): string =>
  typeof json === 'string' ? json : JSON.stringify(value ?? null);
