// What becomes of the clients of each public name when a region is lost: the answer in closed form, without a drill.
import type { Asker } from '@dr/stack';
import { isGlobal, knownOrAbsent } from '@dr/terraform-json';
import type { Stack } from '../rules/rule';
import { outcomeOf, type AskerOutcome, type Situation } from './asker';
import { askedNames } from './asked-names';
import { askersOf } from './askers';
import { REVIEWED_FAULTS, type Loss, type Outcome, type OutcomeKind, type Span } from './outcome';
import { withStores } from './stores';
import { settle, untold, type Supposed, type Verdicts } from './standing';

export interface JudgedLoss extends Loss, Outcome {}

export interface JudgedName {
  readonly name: string;
  readonly policy: string;
  readonly faults: readonly JudgedLoss[];
}

/** Every name that clients ask, with every region of the stack lost in every way. */
export function judgeNames(stack: Stack): JudgedName[] {
  const [regions, askers] = [regionsOf(stack), askersOf(stack)];
  return askedNames(stack.graph, stack.names, stack.checks).map(({ name, policy }) => ({
    name,
    policy,
    faults: REVIEWED_FAULTS.flatMap((fault) =>
      regions.map((awsRegion) => ({ fault, awsRegion, ...judgeLoss(stack, name, askers, { fault, awsRegion }) })),
    ),
  }));
}

/** In the stack's order. An accelerator answers from everywhere; people ask what becomes of it with the region of its API. */
const regionsOf = ({ graph }: Stack): string[] => [
  ...new Set([
    ...graph.resources
      .filter(({ type }) => !isGlobal(type))
      .flatMap((resource) => knownOrAbsent(() => resource.awsRegion) ?? []),
    ...graph.ofType('aws_globalaccelerator_accelerator').map(() => ACCELERATOR_API_REGION),
  ]),
];

/** Global Accelerator developer guide, "Identity and access management": all of its API's calls go there. */
const ACCELERATOR_API_REGION = 'us-west-2';

/** More health checks of unknown verdict than this are not tried in all combinations. */
const MAX_SUPPOSED = 4;

function judgeLoss(stack: Stack, name: string, askers: readonly Asker[], loss: Loss): Outcome {
  const reasons = untold(stack);
  const ids = [...reasons.keys()].slice(0, MAX_SUPPOSED);
  const first = judgeSupposing(stack, name, askers, loss, new Map(ids.map((id) => [id, true])));
  const others = combinations(ids).map((supposed) => judgeSupposing(stack, name, askers, loss, supposed));
  if (reasons.size <= MAX_SUPPOSED && others.every(({ kind }) => kind === first.kind)) return first;
  const why = `it depends on ${[...reasons.values()].join('; and on ')}`;
  return { kind: 'unknown', span: null, why, causes: [], remarks: [], assumptions: [] };
}

/** All but the one in which each is healthy. */
const combinations = (ids: readonly string[]): Supposed[] =>
  Array.from(
    { length: 2 ** ids.length - 1 },
    (_, bits) => new Map(ids.map((id, at) => [id, ((bits >> at) & 1) === 1])),
  );

function judgeSupposing(stack: Stack, name: string, askers: readonly Asker[], loss: Loss, supposed: Supposed): Outcome {
  const atFirst: Verdicts = new Map([...stack.checks.keys()].map((id) => [id, true]));
  const rest = settle(stack, atFirst, undefined, supposed);
  const lost = settle(stack, rest.verdicts, loss, supposed);
  const situation: Situation = { stack, loss, rest, lost };
  return withStores(
    stack,
    loss,
    summed(
      askers.map((asker) => outcomeOf(name, asker, situation)),
      loss,
    ),
  );
}

function summed(outcomes: readonly AskerOutcome[], loss: Loss): Outcome {
  const affected = outcomes.filter(({ kind }) => kind !== 'unaffected');
  const causes = [...new Map(affected.flatMap((one) => one.causes).map((one) => [one.address, one])).values()];
  const sentences = causes.map(({ address, why }) => `${address} ${why}`);
  const kinds = [...new Set(affected.map(({ kind }) => kind))];
  if (affected.length === 0) {
    const why = `no client is led to ${loss.awsRegion} while all is well`;
    return { kind: 'recovers', span: { best: 0, worst: 0 }, why, causes: [], remarks: [], assumptions: [] };
  }
  const kind: OutcomeKind = kinds.includes('unknown')
    ? 'unknown'
    : kinds.length === 1
      ? (kinds[0] as OutcomeKind)
      : 'partly';
  const moved = affected.filter(({ kind: one }) => one === 'recovers' || one === 'partly');
  const how = [...new Set(moved.map((one) => one.how))].sort();
  const why = [...how, ...sentences].join('; ');
  return {
    kind,
    span: kind === 'unknown' ? null : spanOf(moved.map(({ span }) => span)),
    why,
    causes,
    remarks: [...new Map(affected.flatMap((one) => one.remarks).map((one) => [one.address, one])).values()],
    assumptions: [],
  };
}

function spanOf(spans: readonly (Span | null)[]): Span | null {
  const known = spans.filter((span) => span !== null);
  if (known.length === 0) return null;
  const worst = spans.map((span) => span?.worst ?? null);
  return {
    best: Math.min(...known.map(({ best }) => best)),
    worst: worst.includes(null) ? null : Math.max(...(worst as number[])),
  };
}
