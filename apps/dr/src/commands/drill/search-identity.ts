// Which search it is: with the same identity, each seed comes to the same end in whatever process it runs.
import { codeFiles, type Shard } from '@dr/drills';
import type { Context } from '../../context';
import { subjectOf, type GivenSubject } from '../../drilled';
import { originOf } from '../report/provenance';
import type { DrillFlags } from './mode';
import { shardOf } from './shard';

/** Of the whole, where this is a shard. Paths are not of it: what they hold is. */
export interface SearchIdentity {
  readonly program: string;
  readonly commit: string;
  /** Of the program, and of the function code that it runs. */
  readonly codeSha256: string;
  readonly configSha256?: string;
  readonly declarationSha256?: string;
  readonly stackSha256: string;
  readonly seed: number;
  readonly seeds: number;
  readonly shard?: Shard;
  readonly stopAfter?: number;
  readonly shrink?: number;
  /** In the place of a declared system's own objective. */
  readonly rto?: number;
}

export const codeSha256Of = ({ processes }: Pick<Context, 'processes'>, subject: GivenSubject): string =>
  processes.codeSha256(codeFiles(subjectOf(subject)));

export function identityOf(context: Context, flags: DrillFlags, subject: GivenSubject): SearchIdentity {
  const { program, commit, configSha256, declarationSha256, stackSha256 } = originOf(
    context,
    subject.stacks,
    subject.declared?.text,
  );
  const { seed, seeds = 1, stopAfter, shrink, rto } = flags;
  const shard = shardOf(context, flags);
  return {
    ...{ program, commit },
    ...(configSha256 !== undefined && { configSha256 }),
    ...(declarationSha256 !== undefined && { declarationSha256 }),
    stackSha256,
    codeSha256: codeSha256Of(context, subject),
    ...{ seed, seeds },
    ...(shard && { shard }),
    ...(stopAfter !== undefined && { stopAfter }),
    ...(shrink !== undefined && { shrink }),
    ...(rto !== undefined && { rto }),
  };
}
