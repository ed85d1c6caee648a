// An accelerator under a loss: new connections go to the nearest group that it takes for healthy.
import { CLIENT_WAIT_TOTAL_SECONDS } from '@dr/failover';
import { ACCELERATOR_LAG_SECONDS, endpointGroupsOf, type Asker, type Endpoint, type EndpointGroup } from '@dr/stack';
import type { Stack } from '../rules/rule';
import { dead, notKnown, WELL, type End } from './end';
import type { Loss } from './outcome';
import { nearest } from './reach';
import { answersUnder, targetsHealthy } from './standing';
import { evaluationOf, quickest, type Detection } from './timing';

export function ofAccelerator(stack: Stack, { resource }: Endpoint, asker: Asker, loss: Loss): End {
  const groups = endpointGroupsOf(stack.graph, resource);
  const serving = (under: Loss | undefined): readonly EndpointGroup[] =>
    groups.filter((group) => group.endpoints.some((one) => isTakenFor(stack, group, one, under)));
  const chosen = (from: readonly EndpointGroup[]): EndpointGroup | undefined => {
    const dialled = from.some(({ dialPercent }) => dialPercent > 0) ? from.filter((one) => one.dialPercent > 0) : from;
    const near = nearest(
      dialled.flatMap(({ awsRegion }) => awsRegion ?? []),
      asker,
    );
    return dialled.find(({ awsRegion }) => awsRegion === near);
  };
  const before = chosen(serving(undefined));
  if (!before || groups.some(({ leadsOut }) => leadsOut))
    return notKnown(resource.address, 'leads to what is not in these files');
  const isLost = (one: Endpoint): boolean => answersUnder(stack, one, loss) !== 'answers';
  const hit = before.endpoints.filter(isLost);
  if (hit.length === 0) return WELL;
  const after = chosen(serving(loss));
  if (after === before)
    return dead(
      'target-health-does-not-notice',
      before.address,
      'is taken for healthy: what is asked of it does not notice this',
    );
  if (after === undefined || after.endpoints.some(isLost))
    return dead('accelerator-has-no-other-group', before.address, 'has no other healthy group beside it');
  const found = hit.map((one) => detectionOf(stack, before, one, loss));
  const worst = Math.max(...found.map(({ targetsWorst }) => targetsWorst ?? 0));
  return {
    state: 'well',
    isHit: true,
    span: {
      best: quickest(found)?.best ?? 0,
      // The slowest check, then the accelerator's own lag, then the client's next request.
      worst: loss.fault === 'region-dark' ? null : worst + ACCELERATOR_LAG_SECONDS + CLIENT_WAIT_TOTAL_SECONDS,
    },
    how: `${resource.address} sends new connections to ${after.address}: no DNS answer has to change`,
  };
}

/** Healthy? Load balancers say it of their targets; machines and addresses are asked by the group's own check. */
function isTakenFor(stack: Stack, { check }: EndpointGroup, endpoint: Endpoint, loss: Loss | undefined): boolean {
  if (endpoint.kind !== 'compute') return targetsHealthy(stack, endpoint, loss);
  const met = answersUnder(stack, endpoint, loss);
  return met === 'answers' || (met === 'errors' && check.isTcp);
}

function detectionOf(stack: Stack, { check }: EndpointGroup, endpoint: Endpoint, loss: Loss): Detection {
  if (endpoint.kind !== 'compute') return evaluationOf(stack, endpoint, loss);
  const { intervalSeconds, threshold } = check;
  const arithmetic = `${threshold} x ${intervalSeconds}`;
  const seconds = { best: (threshold - 1) * intervalSeconds, targetsWorst: threshold * intervalSeconds };
  return { ...seconds, worst: null, arithmetic };
}
