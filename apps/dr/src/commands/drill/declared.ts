// `dr drill --system FILE`: a system that a team has declared, on its own Terraform. One fault, a schedule and a search are drilled.
import { InputError } from '@dr/contracts';
import type { Context } from '../../context';
import { drilledOf, type Drilled } from '../../drilled';
import { refuse, type DrillFlags } from './mode';

const OTHERS = ['firstStart', 'faults', 'history', 'report', 'compare', 'regions', 'routing', 'name'] as const;

/** undefined: it is not asked for. Throws InputError. */
export function declaredIn(context: Context, flags: DrillFlags): Drilled | undefined {
  const { system, stacks, rto } = flags;
  if (system === undefined) return undefined;
  refuse(flags, '--system', OTHERS, 'is not for a declared system');
  if (stacks === undefined)
    throw new InputError('--system', 'says nothing of what Terraform makes', 'Give its files with --stack, too');
  const text = context.processes.readFile('--system', system);
  return drilledOf({ stacks, declared: { path: system, text, ...(rto === undefined ? {} : { rtoSeconds: rto }) } });
}
