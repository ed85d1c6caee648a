// The shards of a search as files: what `dr drill --seeds N --shard I/N` kept with --progress, or printed with --json. None of it is trusted.
import { FAULT_KINDS, InputError } from '@dr/contracts';
import { sliceOf, type SearchReport } from '@dr/drills';
import type { DrillsResult } from '@dr/player';
import * as z from 'zod';
import type { Context } from '../../context';
import { resultKept } from '../drill/kept-search';
import { MAX_SHARDS } from '../drill/shard';
import type { ShardJson } from '../drill/shard-json';
import { DRILLS_RESULT } from '../report/results';

const count = z.number().int().min(0);
const text = z.string();
const texts = z.array(text).readonly();
const counts = z.record(text, count);

const schedule = z.looseObject({
  faults: z
    .array(z.looseObject({ kind: z.enum(FAULT_KINDS), startSeconds: z.number(), durationSeconds: z.number() }))
    .readonly(),
  orders: z.array(z.looseObject({ order: text, region: text, via: text, atSeconds: z.number() })).readonly(),
  populations: z
    .array(z.looseObject({ name: text, share: z.number() }))
    .readonly()
    .optional(),
});
const violations = z.array(z.looseObject({ id: text, detail: text })).readonly();
const outcome = z.looseObject({ violations, schedule });
const failures = z
  .array(
    z.looseObject({
      ...{ seed: count, violations, schedule },
      smallest: z.looseObject({ outcome, tries: count }).optional(),
    }),
  )
  .readonly();

const SHARD = z.looseObject({
  ...DRILLS_RESULT.shape,
  codeSha256: text,
  shard: z.looseObject({
    ...{ index: count, of: count.max(MAX_SHARDS), firstSeed: count, seeds: count },
    whole: z.looseObject({ seed: count, seeds: count, stopAfter: count.optional(), replay: text }),
  }),
  search: z.looseObject({
    ...{ firstSeed: count, seeds: count, schedules: count, requests: count, invocations: count, violations: count },
    ...{ virtualSeconds: z.number(), wallSeconds: z.number(), schedulesPerMinute: z.number(), processes: count },
    ...{ sometimes: counts, drawn: counts, pairs: texts, eventLogHashes: texts, failures },
  }),
});

export interface ShardFile extends Omit<DrillsResult, 'search' | 'shard'> {
  readonly path: string;
  readonly declarationSha256?: string;
  readonly codeSha256: string;
  readonly shard: ShardJson;
  readonly search: SearchReport;
}

const MAX_BYTES = 256 << 20;
const GIVE = 'Give what `dr drill --seeds N --shard I/N` kept in the file of --progress, or printed with --json';

/** In the order of their seeds. Throws InputError where they are not all shards of one search. */
export function shardsIn(context: Pick<Context, 'processes'>, paths: readonly string[]): readonly ShardFile[] {
  const shards = paths.map((path) => shardIn(context, path));
  checkSame(shards);
  checkAllThere(shards);
  return [...shards].sort((a, b) => a.shard.index - b.shard.index);
}

function shardIn({ processes }: Pick<Context, 'processes'>, path: string): ShardFile {
  const what = `shard "${path}"`;
  const value = resultIn(processes.readFile('shard', path, MAX_BYTES), what);
  if (value['schema'] !== 1)
    throw new InputError(
      what,
      `has schema ${JSON.stringify(value['schema']) ?? 'none'}; this version reads 1`,
      'Merge it with the version that wrote it',
    );
  if (!('shard' in value))
    throw new InputError(what, 'search' in value ? 'is a whole search already' : 'is no shard of a search', GIVE);
  const [issue] = SHARD.safeParse(value).error?.issues ?? [];
  if (issue) throw new InputError(what, `${issue.path.join('.') || 'the whole'}: ${issue.message}`, GIVE);
  // As it was read: what is printed again has its keys in their order.
  const shard = { ...value, path } as unknown as ShardFile;
  checkSlice(shard, what);
  return shard;
}

/** The object that was printed, or that stands in a report. */
function resultIn(content: string, what: string): Readonly<Record<string, unknown>> {
  if (content.trim() === '')
    throw new InputError(what, 'is empty: the shard has not ended', 'Run that shard again; with --progress it goes on');
  const kept = resultKept(content, what);
  const value = kept === undefined ? objectIn(content) : asObject(kept);
  if (value === undefined) throw new InputError(what, 'is not JSON, or was cut off', GIVE);
  const { kind, drills } = value;
  return kind === 'report' && typeof drills === 'object' && drills !== null ? (drills as typeof value) : value;
}

function objectIn(content: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(content));
  } catch {
    return undefined;
  }
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

/** It has run the seeds that are its own, all of them unless it was told to stop. */
function checkSlice({ shard, search }: ShardFile, what: string): void {
  const { index, of, whole } = shard;
  const refuse = (why: string): never => {
    throw new InputError(what, why, 'Run that shard again');
  };
  if (index < 1 || index > of || of > whole.seeds) refuse(`says that it is shard ${index} of ${of}`);
  const { firstSeed, seeds } = sliceOf({ firstSeed: whole.seed, seeds: whole.seeds }, { index, of });
  if ([shard, search].some((one) => one.firstSeed !== firstSeed || one.seeds !== seeds))
    refuse(
      `has ${search.seeds} seeds from ${search.firstSeed} on; shard ${index} of ${of} has ${seeds} from ${firstSeed} on`,
    );
  const isWhole = search.schedules === seeds || (search.schedules < seeds && search.violations > 0);
  if (!isWhole || search.eventLogHashes.length !== search.schedules)
    refuse(`has run ${search.schedules} of its ${seeds} seeds`);
}

/** What all have in common; two that differ in it are not of one search. */
const SAME: readonly (readonly [what: string, of: (file: ShardFile) => unknown])[] = [
  ['commit', ({ commit }) => commit],
  ['count of shards', ({ shard }) => shard.of],
  ['count of seeds', ({ shard }) => shard.whole.seeds],
  ['first seed', ({ shard }) => shard.whole.seed],
  ['version', ({ program }) => program],
  ['program or function code (SHA-256)', ({ codeSha256 }) => codeSha256],
  ['stack (SHA-256)', ({ stackSha256 }) => stackSha256],
  ['dr.config.ts (SHA-256)', ({ configSha256 }) => configSha256],
  ['declaration (SHA-256)', ({ declarationSha256 }) => declarationSha256],
  ['--stop-after', ({ shard }) => shard.whole.stopAfter],
  ['--shrink', ({ shard }) => shard.whole.shrink],
  ['--routing', ({ shard }) => shard.whole.routing],
  ['--rto', ({ shard }) => shard.whole.rto],
  ['--regions', ({ shard }) => shard.whole.regions],
  ['checks', ({ checks }) => checks],
  ['settings', ({ settings }) => settings],
];

function checkSame(shards: readonly ShardFile[]): void {
  const [first] = shards as [ShardFile];
  for (const [what, of] of SAME) {
    const said = (file: ShardFile): string => JSON.stringify(of(file)) ?? 'none';
    const other = shards.find((file) => said(file) !== said(first));
    if (!other) continue;
    throw new InputError(
      `shard "${other.path}" beside "${first.path}"`,
      `they are of two searches: ${what} ${said(other)} and ${said(first)}`,
      'Give the shards of one search: the same commit, seeds, options and count of shards',
    );
  }
}

const MOST_NAMED = 20;

function checkAllThere(shards: readonly ShardFile[]): void {
  const byIndex = new Map<number, ShardFile>();
  const of = shards[0]?.shard.of ?? 0;
  for (const file of shards) {
    const { index } = file.shard;
    const twin = byIndex.get(index);
    if (twin)
      throw new InputError(
        `shard ${index} of ${of}`,
        `is given twice, as "${twin.path}" and "${file.path}"`,
        'Give each once',
      );
    byIndex.set(index, file);
  }
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((index) => !byIndex.has(index));
  if (missing.length === 0) return;
  const named = `${missing.slice(0, MOST_NAMED).join(', ')}${missing.length > MOST_NAMED ? ' and more' : ''}`;
  throw new InputError(
    `${shards.length} of ${of} shards`,
    `${missing.length === 1 ? 'shard' : 'shards'} ${named} ${missing.length === 1 ? 'is' : 'are'} missing`,
    `Run ${missing.length === 1 ? 'it' : 'them'}, and give all`,
  );
}
