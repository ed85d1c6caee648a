// The keys that a comparison has open: in one replica and not yet in the other, or different. Changes are stored in chunks, each once.
import { jsonBytes } from './bounded';
import type { ItemKey } from './compare';

/** `here`, `there`: only that replica has shown the key. `both`: they have shown different contents. */
export type OpenKind = 'here' | 'there' | 'both';

export interface OpenKey extends ItemKey {
  /** The peer that it is open against, by its place. */
  readonly peer: number;
  readonly kind: OpenKind;
  readonly digest: number;
  /** How many items the replica had shown when it showed this one. */
  readonly position: number;
}

type Stored = readonly [peer: number, kind: OpenKind, id: string, timestamp: string, digest: number, position: number];
type StoredName = readonly [peer: number, id: string, timestamp: string];

/** Applied after those before it. JSON. */
export interface OpenChunk {
  readonly added: readonly Stored[];
  readonly removed: readonly StoredName[];
}

export const EMPTY_CHUNK: OpenChunk = { added: [], removed: [] };

/** Bytes around the id and the stamp of a stored key, at most. */
const OVERHEAD = 64;

export class OpenKeys {
  private readonly all = new Map<string, OpenKey>();
  /** Changes since the last chunk. */
  private readonly added = new Map<string, OpenKey>();
  private readonly removed = new Map<string, StoredName>();
  private readonly inChunks = new Set<string>();
  private written = 0;
  private allBytes = 0;
  private last = { peer: -1, id: '', timestamp: '', name: '' };

  /** `recent`: what had changed since the last of `chunks`. */
  constructor(chunks: readonly OpenChunk[] = [], recent: OpenChunk = EMPTY_CHUNK) {
    for (const chunk of chunks) this.apply(chunk);
    this.settle();
    this.written = chunks.reduce((sum, { added, removed }) => sum + added.length + removed.length, 0);
    this.apply(recent);
  }

  get size(): number {
    return this.all.size;
  }

  /** Of all that is open, once stored; roughly. */
  get bytes(): number {
    return this.allBytes;
  }

  get(peer: number, key: ItemKey): OpenKey | undefined {
    return this.all.get(this.nameOf(peer, key));
  }

  values(): Iterable<OpenKey> {
    return this.all.values();
  }

  set(open: OpenKey): void {
    const name = this.nameOf(open.peer, open);
    if (!this.all.has(name)) this.allBytes += bytesOf(open);
    this.all.set(name, open);
    this.added.set(name, open);
  }

  delete(peer: number, key: ItemKey): void {
    const name = this.nameOf(peer, key);
    if (this.all.delete(name)) this.allBytes -= bytesOf(key);
    this.added.delete(name);
    if (this.inChunks.has(name)) this.removed.set(name, [peer, key.id, key.timestamp]);
  }

  /** What has changed since the last chunk. */
  recent(): OpenChunk {
    return { added: [...this.added.values()].map(stored), removed: [...this.removed.values()] };
  }

  /** Roughly the bytes of {@link recent} as JSON. */
  recentBytes(): number {
    return sumOf([...this.added.values()]) + sumOf([...this.removed.values()].map(keyOf));
  }

  /** What chunks hold that is of no use: more is read and kept than is open. */
  get dead(): number {
    return this.written - this.inChunks.size;
  }

  /** The changes since the last chunk, as chunks of at most `maxBytes`; they are stored now. */
  takeRecent(maxBytes: number): OpenChunk[] {
    const chunks = split([...this.added.values()], [...this.removed.values()], maxBytes);
    this.written += this.added.size + this.removed.size;
    this.settle();
    return chunks;
  }

  /** All that is open, in chunks that stand for all chunks before. */
  takeAll(maxBytes: number): OpenChunk[] {
    this.settle();
    this.inChunks.clear();
    for (const name of this.all.keys()) this.inChunks.add(name);
    this.written = this.all.size;
    return split([...this.all.values()], [], maxBytes);
  }

  /** A key is looked up, and set or deleted right after: its name is made once. */
  private nameOf(peer: number, { id, timestamp }: ItemKey): string {
    const { last } = this;
    if (last.peer !== peer || last.timestamp !== timestamp || last.id !== id)
      this.last = { peer, id, timestamp, name: `${peer}\n${id}\n${timestamp}` };
    return this.last.name;
  }

  private apply({ added, removed }: OpenChunk): void {
    for (const [peer, id, timestamp] of removed) this.delete(peer, { id, timestamp });
    for (const [peer, kind, id, timestamp, digest, position] of added) {
      this.set({ peer, kind, id, timestamp, digest, position });
    }
  }

  private settle(): void {
    for (const name of this.removed.keys()) this.inChunks.delete(name);
    for (const name of this.added.keys()) this.inChunks.add(name);
    this.removed.clear();
    this.added.clear();
  }
}

const stored = ({ peer, kind, id, timestamp, digest, position }: OpenKey): Stored => [
  peer,
  kind,
  id,
  timestamp,
  digest,
  position,
];

const keyOf = ([, id, timestamp]: StoredName): ItemKey => ({ id, timestamp });

const bytesOf = ({ id, timestamp }: ItemKey): number => jsonBytes(id) + jsonBytes(timestamp) + OVERHEAD;
const sumOf = (keys: readonly ItemKey[]): number => keys.reduce((sum, key) => sum + bytesOf(key), 0);

function split(added: readonly OpenKey[], removed: readonly StoredName[], maxBytes: number): OpenChunk[] {
  const chunks: { added: Stored[]; removed: StoredName[] }[] = [];
  let room = 0;
  const chunkFor = (key: ItemKey): { added: Stored[]; removed: StoredName[] } => {
    const size = bytesOf(key);
    if (room < size || chunks.length === 0) {
      chunks.push({ added: [], removed: [] });
      room = maxBytes;
    }
    room -= size;
    return chunks.at(-1) as { added: Stored[]; removed: StoredName[] };
  };
  // A key that was removed and added again must come out as added.
  for (const name of removed) chunkFor(keyOf(name)).removed.push(name);
  for (const open of added) chunkFor(open).added.push(stored(open));
  return chunks;
}
