// An ordered map that keeps in little memory what has not been touched for long: neighbours are packed together, and unpacked when asked for.
import { packText, unpackText } from '../../kernel/packed-text';

/** Keys to go through: `gt` comes before `gte`, `lt` before `lte`. */
export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
}

export interface PackedMapOptions<V> {
  /** A block with more entries is split. */
  readonly blockEntries?: number;
  /** More blocks than these are not kept open. A run that needs fewer packs nothing. */
  readonly openBlocks?: number;
  /** What a value is as JSON, and the value again. @default the value is JSON */
  readonly toJson?: (value: V) => unknown;
  readonly fromJson?: (json: unknown) => V;
}

interface Block<V> {
  /** No key of the block is less, and none of the block before is as great. */
  first: string;
  /** Sorted. Both are empty while the block is packed. */
  keys: string[];
  values: V[];
  packed: string | undefined;
  /** Since the last search for a block to pack. */
  isTouched: boolean;
}

type Entry<V> = readonly [key: string, value: V];

/** Of the item store a block of 32 takes 83 bytes an entry and 0.1 ms to unpack and pack; one of 64 takes 78 bytes and 0.2 ms. */
const BLOCK_ENTRIES = 32;
const OPEN_BLOCKS = 1_024;
/** Of a walk: several blocks, so that few are unpacked twice. */
const PAGE_ENTRIES = 256;
/** Level 6 takes 9 % fewer bytes and twice the time. */
const LEVEL = 1;

/** `V`: never changed in place, and never undefined. */
export class PackedMap<V> {
  private readonly blocks: Block<V>[] = [];
  /** Those that are not packed, and where the search for one to pack goes on. */
  private readonly open: Block<V>[] = [];
  private hand = 0;
  private readonly blockEntries: number;
  private readonly openBlocks: number;
  private readonly toJson: (value: V) => unknown;
  private readonly fromJson: (json: unknown) => V;

  constructor({ blockEntries, openBlocks, toJson, fromJson }: PackedMapOptions<V> = {}) {
    this.blockEntries = blockEntries ?? BLOCK_ENTRIES;
    this.openBlocks = openBlocks ?? OPEN_BLOCKS;
    this.toJson = toJson ?? ((value) => value);
    this.fromJson = fromJson ?? ((json) => json as V);
  }

  get(key: string): V | undefined {
    const block = this.blocks[this.blockOf(key)];
    if (!block) return undefined;
    this.touch(block);
    const at = placeOf(block.keys, key);
    return block.keys[at] === key ? block.values[at] : undefined;
  }

  /** Puts what `change`, which asks nothing of the map, makes of the value in its place. undefined: the key is not there, or goes. */
  update(key: string, change: (value: V | undefined) => V | undefined): void {
    const index = Math.max(0, this.blockOf(key));
    const block = this.blocks[index];
    if (block) this.touch(block);
    const at = block ? placeOf(block.keys, key) : 0;
    const isThere = block?.keys[at] === key;
    const value = change(isThere ? block?.values[at] : undefined);
    if (isThere && value === undefined) this.removeAt(index, at);
    else if (isThere) block.values[at] = value as V;
    else if (block && value !== undefined) this.insertAt(index, at, key, value);
    else if (value !== undefined) this.addBlock(0, [key], [value]);
  }

  set(key: string, value: V): void {
    this.update(key, () => value);
  }

  delete(key: string): void {
    this.update(key, () => undefined);
  }

  /** Shows entries of the range in order until `see`, which changes nothing, answers false. Packed blocks stay packed. */
  visit(range: KeyRange, see: (key: string, value: V) => boolean): void {
    const { reverse } = range;
    const step = reverse ? -1 : 1;
    let index = this.startOf(range);
    for (let block = this.blocks[index]; block; block = this.blocks[(index += step)]) {
      const { keys, values } = this.contentOf(block);
      const [from, to] = placesOf(keys, range);
      for (let at = reverse ? to - 1 : from; at >= from && at < to; at += step)
        if (!see(keys[at] as string, values[at] as V)) return;
      if (reverse ? from > 0 : to < keys.length) return;
    }
  }

  /**
   * Entries of the range in order, some at a time. Every key that is there all the while comes once; what is put or taken away
   * meanwhile may come or not.
   */
  *walk(range: KeyRange = {}): Generator<Entry<V>> {
    for (let rest = range; ;) {
      const page: Entry<V>[] = [];
      this.visit(rest, (...entry) => page.push(entry) < PAGE_ENTRIES);
      yield* page;
      const last = page[PAGE_ENTRIES - 1];
      if (!last) return;
      rest = range.reverse ? { ...range, lt: last[0] } : { ...range, gt: last[0] };
    }
  }

  /** How many blocks are open, and how many characters of one byte the others take. */
  get use(): { readonly openBlocks: number; readonly packedBlocks: number; readonly packedBytes: number } {
    const packed = this.blocks.flatMap((block) => block.packed ?? []);
    const packedBytes = packed.reduce((bytes, text) => bytes + text.length, 0);
    return { openBlocks: this.blocks.length - packed.length, packedBlocks: packed.length, packedBytes };
  }

  private startOf({ gt, gte, lt, lte, reverse }: KeyRange): number {
    const from = reverse ? (lt ?? lte) : (gt ?? gte ?? '');
    return from === undefined ? this.blocks.length - 1 : Math.max(0, this.blockOf(from));
  }

  /** Place of the block in which the key is or would be; -1 where it is less than all of them. */
  private blockOf(key: string): number {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.blocks[middle] as Block<V>).first <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private insertAt(index: number, at: number, key: string, value: V): void {
    const block = this.blocks[index] as Block<V>;
    block.keys.splice(at, 0, key);
    block.values.splice(at, 0, value);
    if (key < block.first) block.first = key;
    if (block.keys.length <= this.blockEntries) return;
    const half = block.keys.length >> 1;
    const [keys, values] = [block.keys.splice(half), block.values.splice(half)];
    this.addBlock(index + 1, keys, values);
  }

  private removeAt(index: number, at: number): void {
    const block = this.blocks[index] as Block<V>;
    block.keys.splice(at, 1);
    block.values.splice(at, 1);
    if (block.keys.length > 0) return;
    this.blocks.splice(index, 1);
    this.open.splice(this.open.indexOf(block), 1);
  }

  private addBlock(index: number, keys: string[], values: V[]): Block<V> {
    const block = { first: keys[0] ?? '', keys, values, packed: undefined, isTouched: true };
    this.makeRoom();
    this.open.push(block);
    this.blocks.splice(index, 0, block);
    return block;
  }

  /** Opens the block where it is packed. */
  private touch(block: Block<V>): void {
    block.isTouched = true;
    if (block.packed === undefined) return;
    this.makeRoom();
    const { keys, values } = this.contentOf(block);
    Object.assign(block, { keys, values, packed: undefined });
    this.open.push(block);
  }

  /** Packs one that was not touched since this last came by it, where as many are open as may be (the clock algorithm). */
  private makeRoom(): void {
    while (this.open.length >= this.openBlocks) {
      this.hand %= this.open.length;
      const block = this.open[this.hand] as Block<V>;
      if (block.isTouched) {
        block.isTouched = false;
        this.hand += 1;
        continue;
      }
      this.pack(block);
      const other = this.open.pop() as Block<V>;
      if (other !== block) this.open[this.hand] = other;
    }
  }

  private pack(block: Block<V>): void {
    const text = JSON.stringify([block.keys, block.values.map(this.toJson)]);
    block.packed = packText(text, LEVEL);
    // A key may be a part of a longer text, which it would keep.
    block.first = JSON.parse(JSON.stringify(block.first)) as string;
    block.keys = [];
    block.values = [];
  }

  private contentOf(block: Block<V>): { readonly keys: string[]; readonly values: V[] } {
    block.isTouched = true;
    if (block.packed === undefined) return block;
    const [keys, values] = JSON.parse(unpackText(block.packed)) as [string[], unknown[]];
    return { keys, values: values.map(this.fromJson) };
  }
}

/** First and last of the keys that are in the range. The last is not among them. */
function placesOf(keys: readonly string[], { gt, gte, lt, lte }: KeyRange): readonly [number, number] {
  const from = gt !== undefined ? placeOf(keys, gt, true) : gte !== undefined ? placeOf(keys, gte) : 0;
  const to = lt !== undefined ? placeOf(keys, lt) : lte !== undefined ? placeOf(keys, lte, true) : keys.length;
  return [from, Math.max(from, to)];
}

/** First place whose key is not below `key`, or `isBehind` it: above it. */
function placeOf(keys: readonly string[], key: string, isBehind = false): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = keys[middle] as string;
    if (one < key || (isBehind && one === key)) low = middle + 1;
    else high = middle;
  }
  return low;
}
