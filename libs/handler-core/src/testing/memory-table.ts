// The Table port in memory: one replica, with the failures that tests ask for.
import { TableError, type Item, type Table, type TableErrorKind, type TableQuery } from '../ports';

/** As DynamoDB sorts strings; for the ASCII keys in use UTF-16 order is the same. */
const byKeyDescending = (a: Item, b: Item): number => (a.timestamp < b.timestamp ? 1 : -1);

export class MemoryTable implements Table {
  private readonly items = new Map<string, Item>();
  private scanOrder: string[] | undefined;
  /** While set, every call fails so; `hang`: it never answers. */
  failure: TableErrorKind | 'hang' | undefined;
  /** While set, only puts fail so. */
  putFailure: TableErrorKind | undefined;
  readonly calls: ('query' | 'put' | 'scan')[] = [];

  constructor(private readonly pageItems = 1000) {}

  async query({ id, from, before, limit = this.pageItems }: TableQuery, signal?: AbortSignal) {
    await this.enter('query', signal);
    const all = [...this.items.values()]
      .filter((item) => item.id === id)
      .filter(
        (item) => (from === undefined || item.timestamp >= from) && (before === undefined || item.timestamp < before),
      )
      .sort(byKeyDescending);
    const items = all.slice(0, Math.min(limit, this.pageItems));
    const last = items.at(-1);
    return items.length < all.length && last ? { items, next: last.timestamp } : { items };
  }

  async put(item: Item, condition: Parameters<Table['put']>[1], signal?: AbortSignal): Promise<'written' | 'refused'> {
    await this.enter('put', signal);
    if (this.putFailure) throw new TableError(this.putFailure, `put fails: ${this.putFailure}`);
    const stored = this.items.get(keyOf(item));
    const holds = condition.kind === 'absent' ? !stored : stored?.['version'] === condition.version;
    if (!holds) return 'refused';
    this.apply(item);
    return 'written';
  }

  async scan(cursor?: string, signal?: AbortSignal, limit = this.pageItems) {
    await this.enter('scan', signal);
    const keys = (this.scanOrder ??= [...this.items.keys()].sort(byPlace));
    const start = cursor === undefined ? 0 : keys.findIndex((key) => byPlace(key, cursor) > 0);
    const page = start < 0 ? [] : keys.slice(start, start + Math.min(limit, this.pageItems));
    const items = page.flatMap((key) => this.items.get(key) ?? []);
    const last = page.at(-1);
    return last !== undefined && last !== keys.at(-1) ? { items, cursor: last } : { items };
  }

  /** As replication would: no condition. */
  apply(item: Item): void {
    const key = keyOf(item);
    if (!this.items.has(key)) this.scanOrder = undefined;
    this.items.set(key, structuredClone(item));
  }

  remove(id: string, timestamp: string): void {
    this.items.delete(keyOf({ id, timestamp }));
    this.scanOrder = undefined;
  }

  all(): readonly Item[] {
    return [...this.items.values()];
  }

  private async enter(call: 'query' | 'put' | 'scan', signal?: AbortSignal): Promise<void> {
    this.calls.push(call);
    await Promise.resolve();
    if (this.failure === 'hang') return aborted(signal);
    if (this.failure) throw new TableError(this.failure, `table fails: ${this.failure}`);
  }
}

const keyOf = ({ id, timestamp }: { id: string; timestamp: string }): string => JSON.stringify([id, timestamp]);

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

const aborted = (signal?: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new TableError('timeout', 'aborted')), { once: true });
  });
