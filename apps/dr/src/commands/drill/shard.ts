// `--shard`: which slice of a search's seeds this process runs. Several machines share a search so.
import { InputError } from '@dr/contracts';
import type { Shard } from '@dr/drills';
import type { Context } from '../../context';

/** As it was typed. */
export interface AskedShard extends Omit<Shard, 'index'> {
  /** `auto`: whoever started this process says so in its environment. */
  readonly index: number | 'auto';
}

/** As large as an array job of AWS Batch may be: docs.aws.amazon.com/batch/latest/userguide/array_jobs.html */
export const MAX_SHARDS = 10_000;

/** Counted from 1, as test runners do. */
export function shardOption(text: string): AskedShard {
  const [, index = '', count = ''] = /^(auto|\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  const given = `--shard "${text}"`;
  if (index === '')
    throw new InputError(given, 'is no shard', 'Give its number and how many there are, such as --shard 3/8');
  const of = Number(count);
  if (of < 1 || of > MAX_SHARDS)
    throw new InputError(given, 'has no such count of shards', `Give 1 to ${MAX_SHARDS} after the slash`);
  if (index === 'auto') return { index, of };
  if (Number(index) >= 1 && Number(index) <= of) return { index: Number(index), of };
  throw new InputError(given, `is none of ${of}, which are counted from 1`, `Give 1 to ${of} before the slash`);
}

interface Asked {
  readonly shard?: AskedShard | undefined;
  readonly seeds?: number | undefined;
}

/** undefined: it is no shard. Throws InputError. */
export function shardOf({ processes }: Pick<Context, 'processes'>, { shard, seeds = 1 }: Asked): Shard | undefined {
  if (shard === undefined) return undefined;
  const { of } = shard;
  const index = shard.index === 'auto' ? indexGiven(processes.arrayIndexes(), of) + 1 : shard.index;
  if (of <= seeds) return { index, of };
  const fix = `Give ${seeds} shards at most, or more seeds`;
  throw new InputError(`--shard ${shard.index}/${of} with --seeds ${seeds}`, 'leaves shards without a seed', fix);
}

/** Of `--progress`: shards that share a directory have a file each. */
export function progressPlace(
  context: Pick<Context, 'processes'>,
  asked: Asked & { readonly progress?: string | undefined },
): string | undefined {
  const { progress, seeds } = asked;
  const shard = progress === undefined || seeds === undefined ? undefined : shardOf(context, asked);
  if (progress === undefined || !shard) return progress;
  return context.processes.placeIn(progress, `shard-${shard.index}-of-${shard.of}.jsonl`);
}

/** Counted from 0. */
function indexGiven(indexes: Readonly<Record<string, string>>, of: number): number {
  const asked = `--shard auto/${of}`;
  const [first, other] = Object.entries(indexes);
  if (first === undefined)
    throw new InputError(
      asked,
      'finds neither JOB_COMPLETION_INDEX nor AWS_BATCH_JOB_ARRAY_INDEX in the environment',
      `Name the shard, such as --shard 3/${of}; or run it in an indexed Job of Kubernetes or an array job of AWS Batch`,
    );
  const [name, value] = first;
  if (other && other[1] !== value)
    throw new InputError(
      asked,
      `finds ${name} "${value}" and ${other[0]} "${other[1]}", which name two shards`,
      'Unset the one that is not meant, or name the shard',
    );
  if (!/^\d{1,9}$/.test(value))
    throw new InputError(`${name} "${value}" with ${asked}`, 'is no index', 'Set it to a whole number from 0');
  if (Number(value) < of) return Number(value);
  throw new InputError(
    `${name} ${value} with ${asked}`,
    `is beyond the last shard, whose index is ${of - 1}`,
    'Give as many shards as the job has completions, or the array jobs',
  );
}
