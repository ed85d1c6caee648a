// What becomes of the clients of each public name when a region is lost: the answer in closed form, without a drill.
import { readEndpoints, readNames, type Asker } from '@dr/stack';
import { ifKnown, isGlobal, knownOrAbsent, type UnknownValue } from '@dr/terraform-json';
import type { Stack } from '../rules/rule';
import { outcomeOf, type Situation } from './asker';
import { askedNames } from './asked-names';
import { askersOf } from './askers';
import { checksBehind } from './checks-behind';
import { REVIEWED_FAULTS, type Loss, type Outcome } from './outcome';
import { settle, untold, type Settled, type Supposed } from './standing';
import { lostStores, withStores, type LostStores } from './stores';
import { summed } from './sum';

export interface JudgedLoss extends Loss, Outcome {}

export interface JudgedName {
  readonly name: string;
  readonly policy: string;
  readonly faults: readonly JudgedLoss[];
}

/** What holds for every name. */
interface Judging {
  readonly stack: Stack;
  readonly askers: readonly Asker[];
  /** The same stack as those who ask for IPv6 addresses are led. */
  readonly overIpv6: Pick<Judging, 'stack' | 'askers'>;
  readonly rest: Settled;
}

interface JudgingLoss extends Judging {
  readonly loss: Loss;
  /** Ids of checks whose verdict under the loss the stack does not tell, with the reason. */
  readonly untold: ReadonlyMap<string, string>;
  /** With every check of unknown verdict taken for well. */
  readonly lost: Settled;
  readonly stores: LostStores;
}

/** Every name that clients ask, with every region of the stack lost in every way. What rests on an unknown value is unknown. */
export function judgeNames(stack: Stack): JudgedName[] {
  const losses = REVIEWED_FAULTS.flatMap((fault) => regionsOf(stack).map((awsRegion): Loss => ({ fault, awsRegion })));
  const judging = ifKnown(() => ofEveryName(stack, losses));
  return askedNames(stack.graph, stack.names, stack.checks).map(({ name, policy }) => {
    const behind = [...checksBehind(name, stack)];
    const faults = losses.map((loss, at): JudgedLoss => {
      const found =
        'value' in judging ? ifKnown(() => judgeLoss(name, behind, judging.value[at] as JudgingLoss)) : judging;
      return { ...loss, ...('value' in found ? found.value : notTold(found.unknown)) };
    });
    return { name, policy, faults };
  });
}

/** In the order of the losses. */
function ofEveryName(stack: Stack, losses: readonly Loss[]): readonly JudgingLoss[] {
  const atFirst = new Map([...stack.checks.keys()].map((id) => [id, true] as const));
  const rest = settle(stack, atFirst, undefined, NOTHING);
  const ipv6 = { ...stack, names: readNames(stack.graph, 'AAAA') };
  const overIpv6 = { stack: ipv6, askers: askersOf(ipv6) };
  const judging: Judging = { stack, askers: askersOf(stack), overIpv6, rest };
  return losses.map((loss) => {
    const lost = settle(stack, rest.verdicts, loss, NOTHING);
    return { ...judging, loss, lost, untold: untold(stack, loss), stores: lostStores(stack.graph, loss) };
  });
}

function notTold({ address, path, reason }: UnknownValue): Outcome {
  const why = `has a value that nobody can tell before an apply (${path}): ${reason}`;
  const causes: Outcome['causes'] = [{ kind: 'unknown', address, why }];
  return { kind: 'unknown', span: null, why: `${address} ${why}`, causes, remarks: [], assumptions: [] };
}

const NOTHING: Supposed = new Map();

/** In the stack's order. An accelerator answers from everywhere; people ask what becomes of it with the region of its API. */
const regionsOf = ({ graph }: Stack): string[] => [
  ...new Set([
    ...graph.resources
      .filter(({ type }) => !isGlobal(type))
      .flatMap((resource) => knownOrAbsent(() => resource.awsRegion) ?? []),
    ...readEndpoints(graph).flatMap(({ awsRegion }) => awsRegion ?? []),
    ...graph.ofType('aws_globalaccelerator_accelerator').map(() => ACCELERATOR_API_REGION),
  ]),
];

/** Global Accelerator developer guide, "Identity and access management": all of its API's calls go there. */
const ACCELERATOR_API_REGION = 'us-west-2';

/** More health checks of unknown verdict than this are not tried in all combinations. */
const MAX_SUPPOSED = 4;

/** `behind`: checks that may decide on the name. */
function judgeLoss(name: string, behind: readonly string[], judging: JudgingLoss): Outcome {
  const { stack, rest, loss } = judging;
  const open = behind.filter((id) => judging.untold.has(id));
  const first = judgeSettled(name, judging.lost, judging);
  // Other checks decide nothing here.
  const few = { ...stack, checks: only(stack.checks, behind) };
  const before = only(rest.verdicts, behind);
  const others = combinations(open.slice(0, MAX_SUPPOSED)).map((supposed) =>
    judgeSettled(name, settle(few, before, loss, supposed), judging),
  );
  if (open.length <= MAX_SUPPOSED && others.every(({ kind }) => kind === first.kind)) return first;
  const why = `it depends on ${open.map((id) => judging.untold.get(id)).join('; and on ')}`;
  return { kind: 'unknown', span: null, why, causes: [], remarks: [], assumptions: [] };
}

const only = <T>(all: ReadonlyMap<string, T>, ids: readonly string[]): ReadonlyMap<string, T> =>
  new Map(ids.flatMap((id) => (all.has(id) ? [[id, all.get(id) as T] as const] : [])));

/** All but the one in which each is healthy. */
const combinations = (ids: readonly string[]): Supposed[] =>
  Array.from(
    { length: 2 ** ids.length - 1 },
    (_, bits) => new Map(ids.map((id, at) => [id, ((bits >> at) & 1) === 1])),
  );

function judgeSettled(name: string, lost: Settled, judging: JudgingLoss): Outcome {
  const { overIpv6, rest, loss, stores } = judging;
  const hasIpv6 = overIpv6.stack.names.recordsOf(name).some(({ type }) => type === 'AAAA');
  const outcomes = [judging, ...(hasIpv6 ? [overIpv6] : [])].flatMap(({ stack, askers }) => {
    const situation: Situation = { stack, loss, rest, lost };
    return askers.map((asker) => outcomeOf(name, asker, situation));
  });
  return withStores(stores, summed(outcomes, loss));
}
