// Writes of one region that another region does not have yet. A region may be away for an hour: those that wait for long are packed.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { entryOf } from '../../kernel/entry-of';
import { keepInMemory } from '../../kernel/keep';
import type { AttributeMap } from './engine';

/** When an item was written. At equal times the region that comes later in the table's list wins [A] (DDB-01). */
export interface Stamp {
  readonly ms: number;
  readonly regionIndex: number;
}

/** A write that a peer does not have yet. Times: ms since the start of the run. */
export interface UnreplicatedWrite {
  readonly id: string;
  readonly timestamp: string;
  readonly writtenMs: number;
}

/** As JSON it is the same. */
export interface Change extends UnreplicatedWrite {
  readonly key: string;
  /** Absent: deleted. */
  readonly item?: AttributeMap;
  readonly stamp: Stamp;
}

/** What a change takes of the receiving table, which may be asked again and again. */
export interface Claim {
  readonly partition: string | undefined;
  readonly units: number;
  /** Real requests that the write stands for. */
  readonly requests: number;
}

interface Chunk {
  /** Empty while they are packed. */
  changes: Change[];
  packed: (() => Buffer) | undefined;
  /** Of each change; undefined: it was taken out. */
  readonly claims: (Claim | undefined)[];
  left: number;
}

export interface OutboxLimits {
  readonly chunkChanges: number;
  /** So many of the latest are not packed. An ordinary drill has fewer. */
  readonly openChunks: number;
}

const LIMITS: OutboxLimits = { chunkChanges: 16, openChunks: 256 };
/** Level 1 takes 11 % more bytes and 12 % less time: each change is packed once, and may wait for an hour. */
const LEVEL = 6;
/** No JSON of a change has a line end in it. */
const SEPARATOR = ',\n';

export class Outbox implements Iterable<Change> {
  /** By number, oldest first. Those from which all was taken have gone. */
  private readonly chunks = new Map<number, Chunk>();
  private readonly open = new Set<Chunk>();
  /** Of packed changes: equal ones are one object. */
  private readonly claims = new Map<string, Claim>();
  private added = 0;

  constructor(
    private readonly keep = keepInMemory,
    private readonly limits = LIMITS,
  ) {}

  /** Returns the number by which it is asked for. */
  add(change: Change, claim: Claim): number {
    const id = this.added++;
    const chunk = entryOf(this.chunks, this.chunkOf(id), () => this.newChunk());
    // The latest chunk is open: there is room for one at least.
    chunk.changes.push(change);
    chunk.claims.push(claim);
    chunk.left += 1;
    return id;
  }

  claimOf(id: number): Claim {
    const { chunk, at } = this.find(id);
    return chunk.claims[at] as Claim;
  }

  /** Each is taken once. */
  take(id: number): Change {
    const { chunk, at } = this.find(id);
    const change = chunk.packed === undefined ? (chunk.changes[at] as Change) : changeIn(chunk.packed, at);
    chunk.claims[at] = undefined;
    chunk.left -= 1;
    if (chunk.left === 0 && chunk.claims.length === this.limits.chunkChanges) {
      this.chunks.delete(this.chunkOf(id));
      this.open.delete(chunk);
      if (this.chunks.size === 0) this.claims.clear();
    }
    return change;
  }

  /** In the order in which they were added. */
  *[Symbol.iterator](): Generator<Change> {
    for (const chunk of this.chunks.values()) {
      if (chunk.left === 0) continue;
      for (const [at, change] of contentOf(chunk).entries()) if (chunk.claims[at]) yield change;
    }
  }

  /** What is packed: changes that were taken meanwhile count until their whole chunk has gone. */
  get use(): { readonly packedChanges: number; readonly packedBytes: number; readonly claims: number } {
    const packed = [...this.chunks.values()].filter((chunk) => chunk.packed !== undefined);
    return {
      packedChanges: packed.reduce((sum, { claims }) => sum + claims.length, 0),
      packedBytes: packed.reduce((sum, chunk) => sum + (chunk.packed?.().length ?? 0), 0),
      claims: this.claims.size,
    };
  }

  private chunkOf(id: number): number {
    return Math.floor(id / this.limits.chunkChanges);
  }

  private find(id: number): { readonly chunk: Chunk; readonly at: number } {
    const at = id % this.limits.chunkChanges;
    const chunk = this.chunks.get(this.chunkOf(id));
    if (!chunk?.claims[at]) throw new Error(`change ${id} is not in the outbox`);
    return { chunk, at };
  }

  private newChunk(): Chunk {
    const [oldest] = this.open;
    if (oldest && this.open.size >= this.limits.openChunks) this.pack(oldest);
    const chunk = { changes: [], packed: undefined, claims: [], left: 0 };
    this.open.add(chunk);
    return chunk;
  }

  private pack(chunk: Chunk): void {
    const text = chunk.changes.map((change) => JSON.stringify(change)).join(SEPARATOR);
    chunk.packed = this.keep(deflateRawSync(text, { level: LEVEL }));
    chunk.changes = [];
    for (const [at, claim] of chunk.claims.entries()) if (claim) chunk.claims[at] = this.shared(claim);
    this.open.delete(chunk);
  }

  private shared(claim: Claim): Claim {
    const { partition = '', units, requests } = claim;
    return entryOf(this.claims, `${units} ${requests} ${partition}`, () => claim);
  }
}

const textOf = (packed: () => Buffer): string => inflateRawSync(packed()).toString();

const contentOf = ({ changes, packed }: Chunk): readonly Change[] =>
  packed === undefined ? changes : (JSON.parse(`[${textOf(packed)}]`) as Change[]);

/** Once the region is back, each is taken in a turn of its own: its neighbours are not made for it. */
const changeIn = (packed: () => Buffer, at: number): Change =>
  JSON.parse(textOf(packed).split(SEPARATOR)[at] as string) as Change;
