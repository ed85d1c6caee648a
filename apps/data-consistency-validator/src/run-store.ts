// Where a run is kept between invocations: a head record, changed by its version only, and chunk records with most of its open keys.
import { FOREIGN_SKEW_MS, validationChunkKey, validationHeadKey, VALIDATION_ID } from '@dr/contracts/system';
import {
  badRecord,
  count,
  fields,
  nextCount,
  oneOf,
  text,
  tryRead,
  type BadRecord,
  type ReadBy,
} from '@dr/contracts/system/records';
import { newHead, OpenKeys, readRunHead, type ChunkPlace, type OpenChunk, type RunHead } from '@dr/consistency';
import {
  exactly,
  placeOf,
  withDeadline,
  type Clock,
  type Item,
  type PutCondition,
  type Table,
  type TableQuery,
} from '@dr/handler-core';

const readChunk = fields({
  id: oneOf(VALIDATION_ID),
  timestamp: text(),
  region: text(),
  version: count,
  /** An OpenChunk as JSON. */
  keys: text(400_000),
});
type ChunkRecord = ReadBy<typeof readChunk>;
type Slot = ChunkRecord | BadRecord;

const CALL_DEADLINE_MS = 4_000;
/** Written with every page, at a write unit a KB: beyond it the keys go into a chunk, once. */
const MAX_RECENT_BYTES = 16_000;
/** DynamoDB's items end at 400 KB. */
const MAX_CHUNK_BYTES = 300_000;
/** All open keys fill 50 chunks at the most; more than this are put together. */
const MAX_CHUNKS = 64;
const MAX_DEAD = 20_000;
const MAX_QUERY_PAGES = 1_000;

/** Another invocation has the run now, or has begun another one. */
export class RunLost extends Error {
  override readonly name = 'RunLost';
}

export interface RunStore {
  readonly clock: Clock;
  readonly table: Table;
  readonly region: string;
}

/** What is kept of a run cannot be gone on with: somebody else has written there. */
export class RunSpoiled extends Error {
  override readonly name = 'RunSpoiled';
}

export interface StoredHead {
  /** Of no run, where none is stored or it cannot be read. */
  readonly head: RunHead;
  readonly stored: boolean;
  /** What is there instead. */
  readonly spoiled: BadRecord | undefined;
}

export async function readHead({ clock, table, region }: RunStore): Promise<StoredHead> {
  const query = exactly(VALIDATION_ID, validationHeadKey(region));
  const { items } = await withDeadline(clock, CALL_DEADLINE_MS, (signal) => table.query(query, signal));
  const [item] = items;
  if (!item) return { head: newHead(region), stored: false, spoiled: undefined };
  const one = tryRead(readRunHead, item);
  const why = 'why' in one ? one.why : whyNot(one.is, region, clock.wallMs());
  if (why !== undefined) return { head: newHead(region), stored: false, spoiled: badRecord(item, why) };
  return { head: (one as { readonly is: RunHead }).is, stored: true, spoiled: undefined };
}

function whyNot({ region, run, finishedAtMs }: RunHead, own: string, nowMs: number): string | undefined {
  if (region !== own) return 'it speaks of something else than its key';
  const latestMs = nowMs + FOREIGN_SKEW_MS;
  const isAhead = Math.max(finishedAtMs ?? 0, run?.startedAtMs ?? 0) > latestMs;
  return isAhead ? 'it speaks of times to come' : undefined;
}

/** The head as stored: one version on. Throws RunLost when it is not the one that was read any more. */
export async function writeHead(store: RunStore, head: RunHead, spoiled?: BadRecord): Promise<RunHead> {
  const { condition, version } = placeOf(head.version === 0 ? undefined : head, spoiled, nextCount(head.version));
  const next = { ...head, version };
  if (!(await put(store, { ...next }, condition))) throw new RunLost(`run ${head.run?.id} is another invocation's now`);
  return next;
}

async function put({ clock, table }: RunStore, item: Item, condition: PutCondition): Promise<boolean> {
  return (await withDeadline(clock, CALL_DEADLINE_MS, (signal) => table.put(item, condition, signal))) === 'written';
}

/** An OpenChunk out of its text. Throws RunSpoiled. */
function chunkOf(text: string): OpenChunk {
  try {
    const chunk = JSON.parse(text) as OpenChunk;
    new OpenKeys([chunk]);
    return chunk;
  } catch (cause) {
    throw new RunSpoiled('the open keys of the run cannot be read', { cause });
  }
}

/** The open keys of a run, as this invocation works on them, and where they are stored. */
export class StoredKeys {
  /** Versions of the chunk records, used or not; unknown until they have been read. */
  private slots: Map<number, Slot> | undefined;

  private constructor(
    private readonly store: RunStore,
    readonly keys: OpenKeys,
    slots: Map<number, Slot> | undefined,
  ) {
    this.slots = slots;
  }

  static async read(store: RunStore, { chunks, recent }: RunHead): Promise<StoredKeys> {
    const records = chunks.length > 0 ? await readChunks(store) : undefined;
    const stored = chunks.map(({ slot, version }) => {
      const record = records?.get(slot);
      if (record && 'why' in record) throw new RunSpoiled(`chunk ${slot} of the run: ${record.why}`);
      if (record?.version !== version) throw new RunLost(`chunk ${slot} of the run is not the one that was stored`);
      return chunkOf(record.keys);
    });
    return new StoredKeys(store, new OpenKeys(stored, chunkOf(recent)), records);
  }

  /** Writes chunks when it is time to. Resolves with what the head has to say of the keys from now on. */
  async save(chunks: readonly ChunkPlace[]): Promise<Pick<RunHead, 'recent' | 'chunks' | 'openKeys'>> {
    const { keys } = this;
    let places = chunks;
    if (keys.recentBytes() > MAX_RECENT_BYTES) {
      const tidy = chunks.length >= MAX_CHUNKS || keys.dead > MAX_DEAD;
      const fresh = tidy ? keys.takeAll(MAX_CHUNK_BYTES) : keys.takeRecent(MAX_CHUNK_BYTES);
      const taken = new Set(chunks.map(({ slot }) => slot));
      const written: ChunkPlace[] = [];
      for (const chunk of fresh) written.push(await this.writeChunk(chunk, taken));
      places = tidy ? written : [...chunks, ...written];
    }
    return { recent: JSON.stringify(keys.recent()), chunks: places, openKeys: keys.size };
  }

  /** Into a place that the head does not name: what is there is of no use, and may be another invocation's attempt. */
  private async writeChunk(chunk: OpenChunk, taken: Set<number>): Promise<ChunkPlace> {
    this.slots ??= await readChunks(this.store);
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    taken.add(slot);
    const { region } = this.store;
    const there = this.slots.get(slot);
    const [stored, bad] = there && 'why' in there ? [undefined, there] : [there, undefined];
    const { condition, version } = placeOf(stored, bad, nextCount(stored?.version ?? 0));
    const record: ChunkRecord = {
      id: VALIDATION_ID,
      timestamp: validationChunkKey(region, slot),
      region,
      version,
      keys: JSON.stringify(chunk),
    };
    if (!(await put(this.store, { ...record }, condition)))
      throw new RunLost(`chunk ${slot} was written by another invocation`);
    this.slots.set(slot, record);
    return { slot, version };
  }
}

async function readChunks({ clock, table, region }: RunStore): Promise<Map<number, Slot>> {
  const from = validationChunkKey(region, 0);
  const prefix = from.slice(0, from.lastIndexOf('#') + 1);
  const records = new Map<number, Slot>();
  let before: string | undefined = `${prefix}~`;
  for (let page = 0; before !== undefined && page < MAX_QUERY_PAGES; page += 1) {
    const query: TableQuery = { id: VALIDATION_ID, from, before };
    const { items, next }: Awaited<ReturnType<Table['query']>> = await withDeadline(clock, CALL_DEADLINE_MS, (signal) =>
      table.query(query, signal),
    );
    for (const item of items) {
      const slot = Number(item.timestamp.slice(prefix.length));
      const one = tryRead(readChunk, item);
      if (item.timestamp === validationChunkKey(region, slot))
        records.set(slot, 'is' in one ? one.is : badRecord(item, one.why));
    }
    before = next;
  }
  return records;
}
