// What `dr drill` does: a region of the synthesized stack is lost on its twin, or more happens to it. A new mode is a file here and a line below.
import type { Context } from '../../context';
import { checkRto } from '../../terminal/options';
import { anotherStack, drillAnyStack, refuseOfAnyStack } from './any-stack';
import { declaredIn } from './declared';
import { firstStart } from './first-start';
import { incident } from './incident';
import { checkWhatIsLeft } from './leave';
import { matrix, search } from './many';
import {
  ANOTHER_CHOICE,
  OF_MANY_RUNS,
  OF_ONE_FAULT,
  isGiven,
  refuse,
  synthesized,
  type DrillFlags,
  type Mode,
} from './mode';
import { checkNeverHeals } from './never-heals';
import { drillOneFault } from './one-fault';
import { inRegions } from './region-count';
import { schedule } from './schedule';
import { progressPlace } from './shard';
import { sweep } from './sweep';

const MODES: readonly Mode[] = [schedule, incident, search, firstStart, matrix, sweep];

export async function drill(given: Context, asked: DrillFlags): Promise<number> {
  if (asked.stack !== undefined) refuse(asked, '--stack', ['regions']);
  checkRto(asked.rto);
  checkNeverHeals(asked);
  const drilled = declaredIn(given, asked);
  const other = drilled ? undefined : asked.stacks && anotherStack(asked.stacks);
  if (other) return drillAnyStack(given, asked, other);
  if (!drilled) refuseOfAnyStack(asked);
  const context = asked.regions === undefined ? given : inRegions(given, asked.regions);
  const placed = { ...asked, progress: progressPlace(context, asked) };
  const flags = { ...placed, drilled, former: checkWhatIsLeft(context, placed) };
  const synthesize = (): Promise<string> => synthesized(context, flags);
  const isAsked = ({ asks }: Mode): boolean => isGiven(flags, asks);
  const mode = isAsked(firstStart) ? firstStart : MODES.find(isAsked);
  if (!mode) {
    refuse(flags, 'the drill of one fault', OF_MANY_RUNS);
    return drillOneFault(context, flags, synthesize);
  }
  for (const one of MODES.filter(({ asks }) => asks === mode.asks || asks === mode.beside).filter(isAsked)) {
    const others = MODES.map(({ asks }) => asks).filter((asks) => asks !== one.asks && asks !== one.beside);
    refuse(
      flags,
      one.name,
      OF_ONE_FAULT.filter((option) => !one.takes?.includes(option)),
    );
    refuse(flags, one.name, others, ANOTHER_CHOICE);
    refuse(flags, one.name, one.refuses(flags));
    one.check?.(flags, context);
  }
  return mode.run(context, flags, synthesize);
}
