// `dr drill --never-heals`: what is left of the stack without the region, and the plan to be redundant again, with its time on the twin.
import { InputError } from '@dr/contracts';
import {
  degradedWithout,
  OURS,
  recoveryPlan,
  replacementCommands,
  runJoin,
  type DrillOptions,
  type Place,
  type Scenario,
} from '@dr/drills';
import type { RegionConfig } from '@dr/contracts/system/config';
import { readStack, type Graph } from '@dr/terraform-json';
import type { Context } from '../../context';
import { synthesisArgs, type DrillFlags } from './mode';
import { inConfig, withReplaced } from './region-count';

/** [A] Where nothing else is said. */
const TABLE_GB = 1;
const MAX_TABLE_GB = 100_000;

/** Before anything is synthesized. */
export function checkNeverHeals({ neverHeals, tableGb, stack, system, history }: DrillFlags): void {
  if (tableGb !== undefined && !neverHeals)
    throw new InputError('--table-gb', 'is for --never-heals', 'Add --never-heals, or leave it out');
  if (!neverHeals) return;
  const other = stack !== undefined ? '--stack' : system !== undefined ? '--system' : undefined;
  if (other !== undefined) {
    const why = 'the plan adds a region to dr.config.ts and applies it on the twin';
    throw new InputError(`--never-heals with ${other}`, why, `Leave ${other} out`);
  }
  if (history) throw new InputError('--history with --never-heals', 'the history ends with no return', 'Leave it out');
  if (tableGb === undefined || (tableGb >= 0 && tableGb <= MAX_TABLE_GB)) return;
  throw new InputError(`--table-gb ${tableGb}`, 'is out of range', `Give GB from 0 to ${MAX_TABLE_GB}`);
}

/** Asked once the drill is over. The nearest region to the lost one that needs no opt-in takes its place. */
export function afterwardsOf(
  context: Context,
  { seed, tableGb = TABLE_GB, routing, rto }: DrillFlags,
  { graph, scenario }: { readonly graph: Graph; readonly scenario: Scenario },
): NonNullable<DrillOptions['afterwards']> {
  return async () => {
    const { regions, objectives } = context.config();
    const config = withReplaced(context.config(), scenario.fault.region);
    const isIn = (all: typeof regions, name: string): boolean => all.some((one) => one.name === name);
    const lost = regions.find(({ name }) => name === scenario.fault.region);
    const region = config.regions.find(({ name }) => !isIn(regions, name));
    if (!lost || !region) throw new Error(`no region takes the place of ${scenario.fault.region}`);
    const left = config.regions.filter(({ name }) => name !== region.name);
    const there = inConfig(context, config);
    const after = readStack(await there.synthesize(synthesisArgs({ routing, rto }), there.temporaryDirectory()));
    const join = await runJoin({
      system: OURS,
      graph: after,
      seed,
      standing: graph,
      serving: left.map(({ name }) => name),
      joins: region.name,
    });
    const replacement = { lost: placeOf(lost), region: placeOf(region), left: left.map(placeOf) };
    const commands = replacementCommands({ ...replacement, before: graph, after });
    const promisedPerSecond = objectives.requestsPerSecond;
    return {
      degraded: degradedWithout(graph, lost.awsRegion),
      plan: recoveryPlan({ ...replacement, commands, tableGb, promisedPerSecond, join }),
    };
  };
}

const placeOf = ({ name, awsRegion }: RegionConfig): Place => ({ name, awsRegion });
