// `--progress FILE`: each seed's outcome is kept as it comes, so that a search that was ended goes on where it was.
import { InputError } from '@dr/contracts';
import type { SeedOutcome, SeedPool, ShrunkOutcome } from '@dr/drills';
import type { DrillsResult } from '@dr/player';
import type { LineFile } from '../../context';
import type { SearchIdentity } from './search-identity';

/** The file's first line says of which search it is; the others are what it has found. Schema 1. */
interface Header {
  readonly kind: 'search';
  readonly schema: 1;
  readonly search: SearchIdentity;
}

interface Found {
  /** Spent on the search until then. */
  readonly wallSeconds: number;
}
interface FoundSeed extends Found {
  readonly kind: 'seed';
  readonly outcome: SeedOutcome;
}
interface FoundSmallest extends Found {
  readonly kind: 'smallest';
  readonly seed: number;
  readonly check: string;
  readonly smallest: ShrunkOutcome;
}
/** The last line, of a shard that has ended: `dr merge` reads it. */
interface Ended extends Found {
  readonly kind: 'result';
  readonly result: DrillsResult;
}
type Line = FoundSeed | FoundSmallest | Ended;

export interface KeptSearch {
  /** Spent before this process began. */
  readonly spentMs: number;
  /** Seeds that need not be run again. */
  readonly seeds: number;
  /** Keeps what a shard came to, once. */
  end(result: DrillsResult): void;
  /** Answers from the file what is in it, and keeps there what `pool` has to find. `wallMs`: since this process began with the search. */
  around(pool: SeedPool, wallMs: () => number): SeedPool;
}

/** Throws InputError for a file of another search, or of none. */
export function keptSearch(file: LineFile, what: string, search: SearchIdentity): KeptSearch {
  const header = JSON.stringify({ kind: 'search', schema: 1, search } satisfies Header);
  const [first, ...rest] = file.lines;
  if (first !== undefined) checkHeader(first, search, what);
  else if (!header.startsWith(file.torn)) refuseOther(what);
  const lines = rest.map((text, index) => lineOf(text, `${what}, line ${index + 2}`));
  const outcomes = new Map(lines.flatMap((line) => (line.kind === 'seed' ? [[line.outcome.seed, line.outcome]] : [])));
  const shrunk = new Map(
    lines.flatMap((line) => (line.kind === 'smallest' ? [[`${line.seed} ${line.check}`, line.smallest]] : [])),
  );
  const [last] = lines.slice(-1);
  const spentMs = (last?.wallSeconds ?? 0) * 1000;
  let isBegun = first !== undefined;
  const keep = (line: Line): void => {
    if (!isBegun) file.append(header);
    isBegun = true;
    file.append(JSON.stringify(line));
  };
  return {
    spentMs,
    seeds: outcomes.size,
    end(result) {
      if (last?.kind !== 'result') keep({ kind: 'result', wallSeconds: result.search?.wallSeconds ?? 0, result });
    },
    around(pool, wallMs) {
      const found = (): Found => ({ wallSeconds: Math.round(spentMs + wallMs()) / 1000 });
      return {
        ...pool,
        async run(seed) {
          const kept = outcomes.get(seed);
          if (kept) return kept;
          const outcome = await pool.run(seed);
          keep({ kind: 'seed', ...found(), outcome });
          return outcome;
        },
        async shrink(seed, check, maxTries) {
          const kept = shrunk.get(`${seed} ${check}`);
          if (kept) return kept;
          const smallest = await pool.shrink(seed, check, maxTries);
          keep({ kind: 'smallest', ...found(), seed, check, smallest });
          return smallest;
        },
      };
    },
  };
}

/**
 * Of a shard's file, what it came to; undefined: it is no such file. Throws InputError for one that has not ended. `content`: the whole file.
 */
export function resultKept(content: string, what: string): unknown {
  const lines = content.split('\n').slice(0, -1);
  if (objectIn(lines[0] ?? '')?.['kind'] !== 'search') return undefined;
  const last = objectIn(lines.at(-1) ?? '');
  if (last?.['kind'] === 'result') return last['result'];
  throw new InputError(what, 'has not ended', 'Run that shard again with the same --progress: it goes on where it was');
}

function checkHeader(line: string, search: SearchIdentity, what: string): void {
  const { kind, schema, search: kept } = (objectIn(line) ?? {}) as Partial<Header>;
  if (kind !== 'search' || typeof kept !== 'object' || kept === null) return refuseOther(what);
  if (schema !== 1)
    throw new InputError(
      what,
      `has schema ${JSON.stringify(schema)}; this version reads 1`,
      'Go on with the version that wrote it',
    );
  const keys = [...new Set([...Object.keys(search), ...Object.keys(kept)])] as (keyof SearchIdentity)[];
  const differs = keys.find((key) => JSON.stringify(search[key]) !== JSON.stringify(kept[key]));
  if (differs === undefined) return;
  const said = (of: SearchIdentity): string => JSON.stringify(of[differs]) ?? 'none';
  throw new InputError(
    what,
    `is of another search: its ${differs} is ${said(kept)}, and this one's is ${said(search)}`,
    'Ask for the same search on the same code to go on with it, or name another file',
  );
}

function refuseOther(what: string): never {
  throw new InputError(
    what,
    'holds something else than the progress of a search',
    'Name another file, or move that one',
  );
}

function lineOf(text: string, what: string): Line {
  const line = (objectIn(text) ?? {}) as Partial<Line>;
  const { kind, wallSeconds } = line;
  if (kind === 'result' && typeof wallSeconds === 'number') return line as Line;
  const outcome = kind === 'seed' ? line.outcome : kind === 'smallest' ? line.smallest?.outcome : undefined;
  if (typeof wallSeconds === 'number' && Number.isInteger(outcome?.seed) && Array.isArray(outcome?.violations))
    return line as Line;
  throw new InputError(what, 'is not what a search has written', 'Move the file away, and begin the search anew');
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
