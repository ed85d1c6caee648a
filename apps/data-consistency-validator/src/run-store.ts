// Where a run is kept between invocations: a head record with all of it but the bulk of its open keys, which are in chunk records.
// The head changes by conditional write on its version only, so whoever has lost the run cannot change it.
import { validationChunkKey, validationHeadKey, VALIDATION_ID } from '@dr/contracts';
import { OpenKeys, type ChunkPlace, type OpenChunk, type RunHead } from '@dr/consistency';
import { withDeadline, type Clock, type Item, type Table, type TableQuery } from '@dr/handler-core';

interface ChunkRecord extends Item {
  readonly version: number;
  /** An OpenChunk as JSON. */
  readonly keys: string;
}

const CALL_DEADLINE_MS = 4_000;
/** Written with every page, at a write unit a KB: beyond it the keys go into a chunk, once. */
const MAX_RECENT_CHARACTERS = 16_000;
/** DynamoDB's items end at 400 KB. */
const MAX_CHUNK_CHARACTERS = 300_000;
/** All open keys (MAX_OPEN) fill 45 chunks at the most; more than this are put together. */
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

export async function readHead({ clock, table, region }: RunStore): Promise<RunHead | undefined> {
  const timestamp = validationHeadKey(region);
  const query = { id: VALIDATION_ID, from: timestamp, before: `${timestamp} `, limit: 1 };
  const { items } = await withDeadline(clock, CALL_DEADLINE_MS, (signal) => table.query(query, signal));
  return items[0] as unknown as RunHead | undefined;
}

/** The head as stored: one version on. Throws RunLost when it is not the one that was read any more. */
export async function writeHead(store: RunStore, head: RunHead): Promise<RunHead> {
  const next = { ...head, version: head.version + 1 };
  if (!(await put(store, { ...next }, head.version)))
    throw new RunLost(`run ${head.run?.id} is another invocation's now`);
  return next;
}

async function put({ clock, table }: RunStore, item: Item, over: number): Promise<boolean> {
  const condition = over === 0 ? ({ kind: 'absent' } as const) : ({ kind: 'version', version: over } as const);
  return (await withDeadline(clock, CALL_DEADLINE_MS, (signal) => table.put(item, condition, signal))) === 'written';
}

/** The open keys of a run, as this invocation works on them, and where they are stored. */
export class StoredKeys {
  /** Versions of the chunk records, used or not; unknown until they have been read. */
  private slots: Map<number, number> | undefined;

  private constructor(
    private readonly store: RunStore,
    readonly keys: OpenKeys,
    slots: Map<number, number> | undefined,
  ) {
    this.slots = slots;
  }

  static async read(store: RunStore, { chunks, recent }: RunHead): Promise<StoredKeys> {
    const records = chunks.length > 0 ? await readChunks(store) : undefined;
    const stored = chunks.map(({ slot, version }) => {
      const record = records?.get(slot);
      if (record?.version !== version) throw new RunLost(`chunk ${slot} of the run is not the one that was stored`);
      return JSON.parse(record.keys) as OpenChunk;
    });
    const slots = records && new Map([...records].map(([slot, { version }]) => [slot, version]));
    return new StoredKeys(store, new OpenKeys(stored, JSON.parse(recent) as OpenChunk), slots);
  }

  /** Writes chunks when it is time to. Resolves with what the head has to say of the keys from now on. */
  async save(chunks: readonly ChunkPlace[]): Promise<Pick<RunHead, 'recent' | 'chunks' | 'openKeys'>> {
    const { keys } = this;
    let places = chunks;
    if (keys.recentSize() > MAX_RECENT_CHARACTERS) {
      const tidy = chunks.length >= MAX_CHUNKS || keys.dead > MAX_DEAD;
      const fresh = tidy ? keys.takeAll(MAX_CHUNK_CHARACTERS) : keys.takeRecent(MAX_CHUNK_CHARACTERS);
      const taken = new Set(chunks.map(({ slot }) => slot));
      const written: ChunkPlace[] = [];
      for (const chunk of fresh) written.push(await this.writeChunk(chunk, taken));
      places = tidy ? written : [...chunks, ...written];
    }
    return { recent: JSON.stringify(keys.recent()), chunks: places, openKeys: keys.size };
  }

  /** Into a place that the head does not name: what is there is of no use, and may be another invocation's attempt. */
  private async writeChunk(chunk: OpenChunk, taken: Set<number>): Promise<ChunkPlace> {
    this.slots ??= new Map([...(await readChunks(this.store))].map(([at, { version }]) => [at, version]));
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    taken.add(slot);
    const { region } = this.store;
    const over = this.slots.get(slot) ?? 0;
    const record: ChunkRecord = {
      id: VALIDATION_ID,
      timestamp: validationChunkKey(region, slot),
      region,
      version: over + 1,
      keys: JSON.stringify(chunk),
    };
    if (!(await put(this.store, record, over))) throw new RunLost(`chunk ${slot} was written by another invocation`);
    this.slots.set(slot, over + 1);
    return { slot, version: over + 1 };
  }
}

async function readChunks({ clock, table, region }: RunStore): Promise<Map<number, ChunkRecord>> {
  const from = validationChunkKey(region, 0);
  const prefix = from.slice(0, from.lastIndexOf('#') + 1);
  const records = new Map<number, ChunkRecord>();
  let before: string | undefined = `${prefix}~`;
  for (let page = 0; before !== undefined && page < MAX_QUERY_PAGES; page += 1) {
    const query: TableQuery = { id: VALIDATION_ID, from, before };
    const { items, next }: Awaited<ReturnType<Table['query']>> = await withDeadline(clock, CALL_DEADLINE_MS, (signal) =>
      table.query(query, signal),
    );
    for (const item of items) records.set(Number(item.timestamp.slice(prefix.length)), item as ChunkRecord);
    before = next;
  }
  return records;
}
