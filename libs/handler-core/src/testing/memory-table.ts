// The Table port in memory: one replica, with DynamoDB's refusals and the failures that tests ask for.
import type { Cancellation } from '../cancellation';
import { fromAttributes, toAttributes } from '../adapters/attribute-values';
import { TableError, type Item, type Table, type TableErrorKind, type TableQuery } from '../ports';
import { itemBytes, MAX_PAGE_BYTES, refusalOfItem, refusalOfQuery } from './dynamodb-rules';

interface Stored {
  readonly item: Item;
  readonly bytes: number;
}

/** As DynamoDB sorts strings; for the ASCII keys in use UTF-16 order is the same. */
const byKey = (a: Stored, b: Stored): number => (a.item.timestamp < b.item.timestamp ? -1 : 1);

export class MemoryTable implements Table {
  private readonly items = new Map<string, Stored>();
  private readonly partitions = new Map<string, Map<string, Stored>>();
  private scanOrder: string[] | undefined;
  /** While set, every call fails so; `hang`: it never answers. */
  failure: TableErrorKind | 'hang' | undefined;
  /** While set, only puts fail so. */
  putFailure: TableErrorKind | undefined;
  /** While set, only queries and scans fail so. */
  readFailure: TableErrorKind | undefined;
  readonly calls: ('query' | 'put' | 'scan')[] = [];

  constructor(private readonly pageItems = 1000) {}

  async query(query: TableQuery, signal?: Cancellation) {
    await this.enter('query', signal);
    refuse(refusalOfQuery(query));
    const { id, from, before, limit = this.pageItems, oldestFirst = false } = query;
    const all = [...(this.partitions.get(id)?.values() ?? [])]
      .filter(({ item: { timestamp } }) => from === undefined || timestamp >= from)
      .filter(({ item: { timestamp } }) => before === undefined || timestamp < before)
      .sort(byKey);
    if (!oldestFirst) all.reverse();
    const items = firstPage(all, Math.min(limit, this.pageItems));
    const last = items.at(-1);
    return items.length < all.length && last ? { items, next: last.timestamp } : { items };
  }

  async put(item: Item, condition: Parameters<Table['put']>[1], signal?: Cancellation): Promise<'written' | 'refused'> {
    await this.enter('put', signal);
    const checked = checkedItem(item);
    const stored = this.items.get(keyOf(item))?.item;
    const isThat = condition.kind !== 'absent' && stored?.['version'] === condition.version;
    const holds = condition.kind === 'absent' ? !stored : isThat === (condition.kind === 'version');
    if (!holds) return 'refused';
    this.store(checked);
    return 'written';
  }

  async scan(cursor?: string, signal?: Cancellation, limit = this.pageItems) {
    await this.enter('scan', signal);
    if (!(limit >= 1)) throw new TableError('invalid', 'Limit must be greater than or equal to 1');
    const keys = (this.scanOrder ??= [...this.items.keys()].sort(byPlace));
    const start = cursor === undefined ? 0 : keys.findIndex((key) => byPlace(key, placeOf(cursor)) > 0);
    const page = start < 0 ? [] : keys.slice(start, start + Math.min(limit, this.pageItems));
    const items = page.flatMap((key) => this.items.get(key)?.item ?? []);
    const last = page.at(-1);
    return last !== undefined && last !== keys.at(-1) ? { items, cursor: last } : { items };
  }

  /** As replication would: no condition. */
  apply(item: Item): void {
    this.store(checkedItem(item));
  }

  remove(id: string, timestamp: string): void {
    this.items.delete(keyOf({ id, timestamp }));
    this.partitions.get(id)?.delete(timestamp);
    this.scanOrder = undefined;
  }

  all(): readonly Item[] {
    return [...this.items.values()].map(({ item }) => item);
  }

  private store(stored: Stored): void {
    const { item } = stored;
    const key = keyOf(item);
    if (!this.items.has(key)) this.scanOrder = undefined;
    this.items.set(key, stored);
    const partition = this.partitions.get(item.id) ?? new Map<string, Stored>();
    this.partitions.set(item.id, partition.set(item.timestamp, stored));
  }

  private async enter(call: 'query' | 'put' | 'scan', signal?: Cancellation): Promise<void> {
    this.calls.push(call);
    await Promise.resolve();
    if (this.failure === 'hang') return aborted(signal);
    const failure = this.failure ?? (call === 'put' ? this.putFailure : this.readFailure);
    if (failure) throw new TableError(failure, `${this.failure ? 'table' : call} fails: ${failure}`);
  }
}

/** As many as a page may hold: it ends with the item that passes 1 MB. */
function firstPage(all: readonly Stored[], limit: number): Item[] {
  const items: Item[] = [];
  let bytes = 0;
  for (const stored of all) {
    if (items.length >= limit || bytes >= MAX_PAGE_BYTES) break;
    items.push(stored.item);
    bytes += stored.bytes;
  }
  return items;
}

/** What the table would give back, through the adapter's own conversion. */
function checkedItem(item: Item): Stored {
  const attributes = toAttributes(item);
  refuse(refusalOfItem(attributes));
  return { item: fromAttributes(attributes) as Item, bytes: itemBytes(attributes) };
}

function refuse(because: string | undefined): void {
  if (because !== undefined) throw new TableError('invalid', `ValidationException: ${because}`);
}

const keyOf = ({ id, timestamp }: { id: string; timestamp: string }): string => JSON.stringify([id, timestamp]);

function placeOf(cursor: string): string {
  try {
    const [id, timestamp] = JSON.parse(cursor) as [unknown, unknown];
    if (typeof id === 'string' && typeof timestamp === 'string') return cursor;
  } catch {
    // Refused below, as a cursor of another shape is.
  }
  throw new TableError('invalid', 'ValidationException: The provided starting key is invalid');
}

/** As DynamoDB lists a table: items of one id together, ids in the order of a hash. */
function byPlace(a: string, b: string): number {
  const [[idA, atA], [idB, atB]] = [a, b].map((key) => JSON.parse(key) as [string, string]) as [
    [string, string],
    [string, string],
  ];
  if (idA === idB) return atA < atB ? -1 : atA > atB ? 1 : 0;
  return hashOf(idA) - hashOf(idB) || (idA < idB ? -1 : 1);
}

/** FNV-1a. */
const hashOf = (text: string): number =>
  [...text].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0, 2166136261);

const aborted = (signal?: Cancellation): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new TableError('timeout', 'aborted')), { once: true });
  });
