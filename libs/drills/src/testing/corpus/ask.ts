// Asks the review and the drill of each edit of the corpus: what they find that they do not find in the stack as it stands.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '@dr/contracts';
import { reviewStack } from '@dr/review';
import { BASES } from '@dr/review/testing';
import { parseStack, type Graph } from '@dr/terraform-json';
import { runDrill } from '../../run/drill';
import { placesOf } from '../../run/start';
import { parseScenario } from '../../schedule/scenario';
import { drillNames, whyItFails } from '../../systems/any';
import { startOurs } from '../../systems/ours';
import type { CorpusEdit } from '.';
import type { Shown } from './ours';

/** Of our own stack; another team's needs longer, as load balancers are aliases of 60 s. */
const OUR_OBJECTIVE = { rtoSeconds: 60, rpoSeconds: 5 };
const OBJECTIVE = { rtoSeconds: 120, rpoSeconds: null };
/** What a drill of our stack needs to show an edit. */
const SMALL = { clients: 10, requestsPerSecond: 2, durationSeconds: 90 };

export interface Found {
  /** What the review finds above a note, each with its address. */
  readonly rules: readonly string[];
  /** Why the drill fails, or refuses to begin; undefined where it passes. */
  readonly drill: string | undefined;
}

export interface Asked extends CorpusEdit, Found {
  readonly caughtBy: 'rule' | 'drill' | 'both' | 'neither';
  /** A breaking edit is caught, a harmless one is not. */
  readonly isRight: boolean;
}

/** `ours`: the synthesized file of each of our stacks. */
export function corpusAsker(ours: Readonly<Record<string, string>>): (edit: CorpusEdit) => Promise<Asked> {
  const known = new Map<string, ReadonlySet<string>>();
  const knownOf = (stack: string): ReadonlySet<string> => {
    const found = known.get(stack) ?? new Set(reviewed(graphOf({ stack, plant: () => undefined }, ours), stack));
    known.set(stack, found);
    return found;
  };
  return async (edit) => {
    const graph = graphOf(edit, ours);
    // As it stands it has nothing to be compared with.
    const before = edit.isAsItStands ? new Set<string>() : knownOf(edit.stack);
    const rules = reviewed(graph, edit.stack).filter((one) => !before.has(one));
    return verdictOn(edit, { rules, drill: await drilled(graph, edit) });
  };
}

export function verdictOn(edit: CorpusEdit, { rules, drill }: Found): Asked {
  const byRule = rules.length > 0 ? 'rule' : 'neither';
  const caughtBy = drill === undefined ? byRule : byRule === 'rule' ? 'both' : 'drill';
  return { ...edit, rules, drill, caughtBy, isRight: edit.isBreaking === (caughtBy !== 'neither') };
}

const isOurs = (stack: string): boolean => !(stack in BASES);

function graphOf({ stack, plant }: Pick<CorpusEdit, 'stack' | 'plant'>, ours: Readonly<Record<string, string>>): Graph {
  const file = ours[stack];
  const json = file === undefined ? BASES[stack as keyof typeof BASES]() : JSON.parse(readFileSync(file, 'utf8'));
  (plant as (json: unknown) => void)(json);
  return parseStack(json, file === undefined ? '/stack' : dirname(file));
}

function reviewed(graph: Graph, stack: string): string[] {
  try {
    const { findings } = reviewStack(graph, isOurs(stack) ? OUR_OBJECTIVE : OBJECTIVE);
    const serious = findings.filter(({ severity }) => severity !== 'note');
    return serious.map(({ rule, address }) => `${rule} at ${address}`);
  } catch (error) {
    return [refusal(error)];
  }
}

/** Throws again what is no refusal. */
function refusal(error: unknown): string {
  if (error instanceof InputError) return `refused: ${error.what} ${error.why}`;
  throw error;
}

async function drilled(graph: Graph, { stack, shown }: CorpusEdit): Promise<string | undefined> {
  try {
    return isOurs(stack) ? (await drillOurs(graph, shown)).reasons[0] : await failureOf(graph);
  } catch (error) {
    return refusal(error);
  }
}

/** A small drill of our own stack. Throws InputError on what it gets wrong. */
export async function drillOurs(graph: Graph, shown: Shown = {}) {
  const twin = await startOurs({ graph, seed: 1 });
  const scenario = parseScenario(
    { objective: OUR_OBJECTIVE, ...SMALL, ...shown },
    placesOf(twin.system, twin.world.regions),
  );
  return runDrill({ twin, graph, scenario, replay: '', wallMs: () => 0 });
}

/** The first name that fails, each region lost in each way. */
async function failureOf(graph: Graph): Promise<string | undefined> {
  const { names } = await drillNames({ graph, seed: 1 });
  return names
    .flatMap(({ name, faults }) => faults.map((met) => ({ name, met, why: whyItFails(met, OBJECTIVE.rtoSeconds) })))
    .flatMap(({ name, met, why }) =>
      why === undefined ? [] : `${name}, ${met.fault} in ${met.region}: ${met.outcome}, ${why}`,
    )[0];
}
