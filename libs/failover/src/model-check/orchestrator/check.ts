// The orchestrators' steps, explored whole: one outage is told once, under one number, and so is its end.
import { claimed, followed, incidentNumber, newlyClaimed, transitionsOf } from '../../failover-machine-journal';
import { Sweep } from '../engine';
import { TextStore } from '../text-store';
import { DISTURBANCES, INSTANT, afterStep, type OrchestratorRules } from './step';
import { HORIZON, OBSERVERS, firstWorld, type Outage, type World } from './world';

export const TELLING = {
  T1: 'one outage has one number, whoever counts, where the regions see each other',
  T2: 'nothing is told twice where publishes are answered and the regions see each other',
  T3: 'every transition is told, and every incident ends',
} as const;
export type TellingId = keyof typeof TELLING;

export const ORCHESTRATOR_RULES: OrchestratorRules = {
  followed,
  claimed,
  newlyClaimed,
  incidentNumber,
  timing: { worstDetectionMs: 42_000, ttlMs: 10_000 },
  trusting: false,
};

export interface TellingOptions {
  readonly name: string;
  readonly outage: Outage;
  readonly disturbances: number;
  readonly rules: OrchestratorRules;
  readonly maxStates: number;
}

export const telling = (outage: Outage, disturbances: number, rules = ORCHESTRATOR_RULES): TellingOptions => ({
  name: `two orchestrators, ${outage === 'dark' ? 'a region is lost' : 'nobody reaches a region'}, ${disturbances} disturbances`,
  outage,
  disturbances,
  rules,
  maxStates: 5_000_000,
});

export const QUICK_TELLING: readonly TellingOptions[] = [telling('dark', 1), telling('edge', 1)];
/** Minutes of work and 2 GB. */
export const DEEP_TELLING: readonly TellingOptions[] = [...QUICK_TELLING, telling('dark', 2), telling('edge', 2)];

export interface TellingExploration {
  readonly name: string;
  readonly states: number;
  readonly complete: boolean;
  readonly violation?: { readonly property: TellingId; readonly meaning: string; readonly trace: readonly string[] };
}

const ACTIONS = [...INSTANT, ...DISTURBANCES];

const after = (rules: OrchestratorRules, world: World, action: (typeof ACTIONS)[number]): World | undefined =>
  'apply' in action ? action.apply(world) : afterStep(rules, world, action);

export function exploreTelling({ name, outage, disturbances, rules, maxStates }: TellingOptions): TellingExploration {
  const store = new TextStore();
  const sweep = new Sweep<string>(store, disturbances, maxStates);
  sweep.visit(JSON.stringify(firstWorld(outage)), -1, 0, 0);
  const found = sweep.run((id, cost) => {
    const world = JSON.parse(store.takeText(id)) as World;
    const property = violatedBy(world);
    if (property) return { property, id };
    if (world.step >= HORIZON) return undefined;
    for (const [index, action] of ACTIONS.entries()) {
      if (cost + action.price > disturbances) continue;
      const next = after(rules, world, action);
      if (next) sweep.visit(JSON.stringify(next), id, index, cost + action.price);
    }
    return undefined;
  });
  const complete = found === undefined && sweep.isComplete;
  if (!found) return { name, states: store.size, complete };
  let world = firstWorld(outage);
  const trace = sweep.pathTo(found.id).map(({ action: index }) => {
    const action = ACTIONS[index];
    world = (action && after(rules, world, action)) ?? world;
    return lineOf(action?.name ?? '', world);
  });
  return {
    name,
    states: store.size,
    complete,
    violation: { property: found.property, meaning: TELLING[found.property], trace },
  };
}

function violatedBy(world: World): TellingId | undefined {
  const { told, toldAgain, wasCut, step, records, cutAt } = world;
  const numbers = new Set(told.map((id) => id.split('#')[1]));
  if (!wasCut && numbers.size > 1) return 'T1';
  if (toldAgain) return 'T2';
  if (step < HORIZON || cutAt !== null) return undefined;
  const open = OBSERVERS.some((observer) => {
    const state = records[observer].regions['B']?.state ?? 'ActiveActive';
    return state !== 'ActiveActive' || transitionsOf(records[observer]).some(({ sentAtMs }) => sentAtMs === null);
  });
  const begins = told.some((id) => id.endsWith('#HealthCheckFailed'));
  const ends = told.some((id) => id.endsWith('#ActiveActive'));
  return open || begins !== ends ? 'T3' : undefined;
}

function lineOf(action: string, { step, records, told }: World): string {
  const states = OBSERVERS.map((observer) => {
    const machine = records[observer].regions['B'];
    return `${observer}: ${machine ? `${machine.incident} ${machine.state}` : '-'}`;
  });
  return `${String(step).padStart(2)}  ${action.padEnd(40)} ${states.join('  ')}  told: ${told.join(', ')}`;
}
