// The ordered key-value store under dynalite: in memory, answering at once, telling of each change.

export interface RangeOptions {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** `removed`: what a del took away. */
type OnChange = (key: string, value: unknown, removed?: unknown) => void;

/** Keeps values as JSON, so that no two readers share an object. */
export class OrderedStore {
  private readonly texts = new Map<string, string>();
  private readonly sorted: string[] = [];
  private readonly shared = new Map<string, unknown>();
  /** Called for every put and del, before it is answered. undefined: absent. */
  onChange: OnChange = () => undefined;

  put(key: string, value: unknown): void {
    this.write(key, value);
    this.onChange(key, value);
  }

  del(key: string): void {
    const removed = this.read(key);
    this.remove(key);
    this.onChange(key, undefined, removed);
  }

  /** Like put, without calling `onChange`. */
  write(key: string, value: unknown): void {
    if (!this.texts.has(key)) this.sorted.splice(this.lowerBound(key), 0, key);
    this.texts.set(key, JSON.stringify(value));
  }

  remove(key: string): void {
    if (this.texts.delete(key)) this.sorted.splice(this.lowerBound(key), 1);
  }

  /** Keeps a value that nobody changes, and gives it out as it is: every call reads its table's definition. */
  share(key: string, value: unknown): void {
    this.write(key, value);
    this.shared.set(key, value);
  }

  read(key: string): unknown {
    const shared = this.shared.get(key);
    if (shared !== undefined) return shared;
    const text = this.texts.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  }

  /** Keys of the range in order, at most `limit`. */
  range({ gt, gte, lt, lte, reverse, limit }: RangeOptions): string[] {
    const start = gt !== undefined ? this.upperBound(gt) : gte !== undefined ? this.lowerBound(gte) : 0;
    const end = lt !== undefined ? this.lowerBound(lt) : lte !== undefined ? this.upperBound(lte) : this.sorted.length;
    const most = limit === undefined || limit < 0 ? Infinity : limit;
    if (reverse) return this.sorted.slice(Math.max(start, end - most), Math.max(start, end)).reverse();
    return this.sorted.slice(start, Math.min(end, start + most));
  }

  /** First place whose key is not below `key`. */
  private lowerBound(key: string): number {
    return this.bound((at) => at < key);
  }

  /** First place whose key is above `key`. */
  private upperBound(key: string): number {
    return this.bound((at) => at <= key);
  }

  private bound(isBefore: (key: string) => boolean): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.sorted[middle] as string)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
