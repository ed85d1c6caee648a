// `dr drill --stack` on the stack of another team: every public name, with each region lost in each way.
import { InputError } from '@dr/contracts';
import { drillNames, isOurs, whyItFails, type NamesDrill } from '@dr/drills';
import { REVIEWED_FAULTS, type ReviewedFault } from '@dr/review';
import { readStacks, type Graph } from '@dr/terraform-json';
import type { Context } from '../../context';
import { liveLine } from '../../terminal/live-line';
import { typed } from '../../terminal/options';
import { anyStackText, type AnyStackDrill } from './any-stack-text';
import { isGiven, type DrillFlags } from './mode';
import { drillCommand } from './replay';

/** Options that it takes, beside --stack. */
const TAKEN = ['stack', 'stacks', 'name', 'region', 'fault', 'rto', 'seed', 'json'];

/** The files as one stack; undefined where it is our own. Throws InputError when they cannot be read. */
export function anotherStack(files: readonly string[]): Graph | undefined {
  const graph = readStacks(files);
  return isOurs(graph) ? undefined : graph;
}

/** Throws InputError for what only the stack of another team can have. */
export function refuseOfAnyStack({ name, stacks = [] }: DrillFlags): void {
  if (name !== undefined)
    throw new InputError('--name', 'is for the stack of another team; ours has one public name', 'Leave --name out');
  if (stacks.length > 1) throw new InputError('--stack', 'names several files, and ours is one', 'Give one file');
}

export async function drillAnyStack(context: Context, flags: DrillFlags, graph: Graph): Promise<number> {
  const other = Object.keys(flags).find((option) => isGiven(flags, option) && !TAKEN.includes(option));
  if (other !== undefined) {
    const why = 'means nothing to the stack of another team, of which names and endpoints are drilled and nothing else';
    throw new InputError(`${typed(other)} with --stack`, why, `Leave ${typed(other)} out`);
  }
  const { name, region, seed } = flags;
  const progress = flags.json ? undefined : liveLine(context);
  const drill = await drillNames({
    ...{ graph, seed, name, region, fault: faultOf(flags.fault) },
    onRun: ({ done, of }) => progress?.show(`drilling ${done + 1} of ${of}`),
  }).finally(() => progress?.end());
  const answer = judged(drill, flags);
  context.out(flags.json ? `${JSON.stringify(answer)}\n` : anyStackText(answer));
  return answer.verdict === 'fails' ? 1 : 0;
}

function faultOf(given: string | undefined): ReviewedFault | undefined {
  const fault = REVIEWED_FAULTS.find((one) => one === given);
  if (given === undefined || fault) return fault;
  const why = 'is not drilled on the stack of another team';
  throw new InputError(`--fault "${given}"`, why, `Use ${REVIEWED_FAULTS.join(' or ')}`);
}

function judged(drill: NamesDrill, { stacks = [], name, region, fault, rto, seed }: DrillFlags): AnyStackDrill {
  const rows = drill.names.flatMap((one) => one.faults.map((met) => ({ of: one.name, met })));
  const reasons = rows.flatMap(({ of, met }) => {
    const why = whyItFails(met, rto ?? null);
    return why === undefined ? [] : [`${of}, ${met.fault} in ${met.region}: ${why}`];
  });
  const isOpen = rows.some(({ met: { outcome } }) => outcome === 'unknown');
  return {
    schema: 1,
    verdict: reasons.length > 0 ? 'fails' : isOpen ? 'unknown' : 'passes',
    reasons,
    objective: { rtoSeconds: rto ?? null },
    ...drill,
    seed,
    replay: drillCommand({ name, region, fault, rto, seed, stack: stacks }),
  };
}
