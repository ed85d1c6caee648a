// The end of a way under a loss: was it hit, and does somebody who is led there get an answer once all has settled?
import { CLIENT_WAIT_TOTAL_SECONDS } from '@dr/failover';
import {
  ACCELERATOR_LAG_SECONDS,
  endpointGroupsOf,
  originsOf,
  showsTargets,
  takesWrites,
  type Asker,
  type Endpoint,
  type EndpointGroup,
  type Origin,
} from '@dr/stack';
import type { Stack } from '../rules/rule';
import type { Cause, CauseKind } from './cause';
import { asleep } from './causes';
import type { Loss, Span } from './outcome';
import { nearest, type Reached } from './reach';
import { answersUnder, idleAt, targetsHealthy } from './standing';
import { evaluationOf, quickest } from './timing';

export interface End {
  /** `reads`: requests that change nothing are answered, others are not. */
  readonly state: 'well' | 'reads' | 'dead' | 'unknown';
  /** Without the loss, this asker's requests would go to what it hits. */
  readonly isHit: boolean;
  /** Where the endpoint itself moves clients, how long that takes; null where no time is published. */
  readonly span?: Span | null;
  /** Of what is moved: by what. */
  readonly how?: string;
  readonly cause?: Cause;
}

/** A way, and what is at its end. */
export interface Led {
  readonly by: Reached;
  readonly end: End;
}

const WELL: End = { state: 'well', isHit: false };

export function findEnd(stack: Stack, { endpoint, leadsOut, choices }: Reached, asker: Asker, loss: Loss): End {
  if (leadsOut) {
    const { address, target, unknown } = leadsOut;
    const reason = unknown.find(({ path }) => /^(alias|records)/.test(path))?.reason;
    const where = target === undefined ? (reason ?? 'to addresses') : `to ${target}`;
    return notKnown(address, `leads out of these files (${where})`);
  }
  if (!endpoint) return { state: 'dead', isHit: false };
  if (endpoint.kind === 'accelerator') return ofAccelerator(stack, endpoint, asker, loss);
  if (endpoint.kind === 'distribution') return ofDistribution(stack, endpoint, loss);
  if (endpoint.awsRegion === undefined) {
    return notKnown(endpoint.resource.address, 'is in a region that these files do not tell');
  }
  if (answersUnder(stack, endpoint, loss) === 'answers') return WELL;
  const [idle] = idleAt(stack.graph, endpoint);
  if (idle && endpoint.awsRegion !== loss.awsRegion)
    return { state: 'dead', isHit: false, cause: asleep(idle, endpoint) };
  const evaluating = choices.find(({ record }) => record.evaluateTargetHealth && record.healthCheckId === undefined);
  if (loss.fault === 'app-errors' && evaluating && !showsTargets(stack.graph, endpoint))
    return notKnown(evaluating.record.address, `evaluates the targets of ${endpoint.names[0]}, which no file holds`);
  return { state: 'dead', isHit: true };
}

function ofAccelerator(stack: Stack, { resource }: Endpoint, asker: Asker, loss: Loss): End {
  const groups = endpointGroupsOf(stack.graph, resource);
  const serving = (under: Loss | undefined): readonly EndpointGroup[] =>
    groups.filter(({ endpoints }) => endpoints.some((one) => targetsHealthy(stack, one, under)));
  const chosen = (from: readonly EndpointGroup[]): EndpointGroup | undefined => {
    const dialled = from.some(({ dialPercent }) => dialPercent > 0) ? from.filter((one) => one.dialPercent > 0) : from;
    const near = nearest(
      dialled.flatMap(({ awsRegion }) => awsRegion ?? []),
      asker,
    );
    return dialled.find(({ awsRegion }) => awsRegion === near);
  };
  const before = chosen(serving(undefined));
  if (!before || groups.some(({ endpoints }) => endpoints.length === 0)) {
    return notKnown(resource.address, 'leads to what is not in these files');
  }
  const hit = before.endpoints.filter((one) => answersUnder(stack, one, loss) !== 'answers');
  if (hit.length === 0) return WELL;
  const after = chosen(serving(loss));
  const stays = after === undefined || after.endpoints.some((one) => answersUnder(stack, one, loss) !== 'answers');
  if (stays) return dead('accelerator-has-no-other-group', before.address, 'has no other healthy group beside it');
  const found = quickest(hit.map((one) => evaluationOf(stack, one, loss)));
  const worst = loss.fault === 'region-dark' || !found ? null : worstOf(stack, hit, loss);
  return {
    state: 'well',
    isHit: true,
    span: { best: found?.best ?? 0, worst },
    how: `${resource.address} sends new connections to ${after.address}: no DNS answer has to change`,
  };
}

/** The slowest of its groups' checks, then the accelerator's own lag, then the client's next request. */
function worstOf(stack: Stack, hit: readonly Endpoint[], loss: Loss): number {
  const seconds = hit.map((one) => evaluationOf(stack, one, loss).targetsWorst ?? 0);
  return Math.max(...seconds) + ACCELERATOR_LAG_SECONDS + CLIENT_WAIT_TOTAL_SECONDS;
}

/** CloudFront asks the second origin of a group where the first fails, for requests that only read. */
function ofDistribution(stack: Stack, { resource }: Endpoint, loss: Loss): End {
  const origins = originsOf(stack.graph, resource);
  const isLost = ({ endpoints }: Origin): boolean =>
    endpoints.length > 0 && endpoints.every((one) => answersUnder(stack, one, loss) !== 'answers');
  const [first, second] = origins;
  const { address } = resource;
  if (!first || first.endpoints.length === 0) return notKnown(address, 'leads to what is not in these files');
  if (!isLost(first)) return WELL;
  const alone = (why: string): End => dead('distribution-has-no-other-origin', address, why);
  if (!second) return alone('has one origin');
  if (isLost(second)) return alone('has two origins, and both are lost');
  const isError = loss.fault === 'app-errors';
  if (isError && !first.failoverOn.some((status) => status >= 500))
    return alone('goes on to its second origin at no 5xx');
  const wait = isError ? 0 : first.connectSeconds;
  const how = `CloudFront asks ${second.name} where ${first.name} fails, request by request`;
  const why = `asks ${second.name} for GET, HEAD and OPTIONS only: writes fail until ${first.name} is back`;
  const span = { best: 0, worst: wait + CLIENT_WAIT_TOTAL_SECONDS };
  const writes = takesWrites(resource);
  if (writes === undefined) return notKnown(address, 'does not tell whether it takes writes (allowed_methods)');
  if (!writes) return { state: 'well', isHit: true, how, span };
  return {
    state: 'reads',
    isHit: true,
    how,
    span,
    cause: { kind: 'distribution-fails-over-reads-only', address, why },
  };
}

const dead = (kind: CauseKind, address: string, why: string): End => ({
  state: 'dead',
  isHit: true,
  cause: { kind, address, why },
});

const notKnown = (address: string, why: string): End => ({
  state: 'unknown',
  isHit: false,
  cause: { kind: 'unknown', address, why },
});
