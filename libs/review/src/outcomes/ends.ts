// The end of a way under a loss: was it hit, and does somebody who is led there get an answer once all has settled?
import { showsTargets, type Asker } from '@dr/stack';
import type { Stack } from '../rules/rule';
import { ofAccelerator } from './accelerator-end';
import { asleep } from './causes';
import { ofDistribution } from './distribution-end';
import { notKnown, WELL, type End } from './end';
import type { Loss } from './outcome';
import type { Reached } from './reach';
import { answersUnder, idleAt } from './standing';

/** A way, and what is at its end. */
export interface Led {
  readonly by: Reached;
  readonly end: End;
}

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
