// A distribution under a loss: CloudFront asks the second origin of a group where the first fails, for requests that only read.
import { CLIENT_WAIT_TOTAL_SECONDS } from '@dr/failover';
import {
  APPLICATION_ERROR,
  behavioursOf,
  goesOnAtSilence,
  type Behaviour,
  type Endpoint,
  type Origin,
} from '@dr/stack';
import type { Stack } from '../rules/rule';
import { dead, notKnown, WELL, type End } from './end';
import type { Loss } from './outcome';
import { answersUnder } from './standing';
import { widest } from './timing';

/** Of all its behaviours: one whose requests fail leaves the others. */
export function ofDistribution(stack: Stack, { resource }: Endpoint, loss: Loss): End {
  const { address } = resource;
  const isTold = ({ origins: [first] }: Behaviour): boolean => first !== undefined && first.endpoints.length > 0;
  const [all, ...paths] = behavioursOf(stack.graph, resource);
  if (!all || !isTold(all)) return notKnown(address, 'leads to what is not in these files');
  const ends = [all, ...paths.filter(isTold)].map((one) => ofBehaviour(stack, address, one, loss));
  const open = ends.find(({ state }) => state === 'unknown');
  if (open) return open;
  const hit = ends.filter(({ isHit }) => isHit);
  const [worst] = [...hit].sort((a, b) => WEIGHT[a.state] - WEIGHT[b.state]);
  if (!worst) return WELL;
  if (worst.state !== 'dead') return { ...worst, span: widest(hit.map(({ span }) => span ?? null)) };
  if (ends.every(({ state }) => state === 'dead')) return worst;
  const moved = hit.flatMap(({ span }) => span ?? []);
  return { ...worst, state: 'part', span: widest(moved), how: hit.find(({ how }) => how !== undefined)?.how ?? '' };
}

const WEIGHT = { dead: 0, unknown: 1, part: 2, well: 3 } as const;

function ofBehaviour(stack: Stack, address: string, { path, origins, takesWrites }: Behaviour, loss: Loss): End {
  const isLost = ({ endpoints }: Origin): boolean =>
    endpoints.length > 0 && endpoints.every((one) => answersUnder(stack, one, loss) !== 'answers');
  const [first, second] = origins;
  if (!first || !isLost(first)) return WELL;
  const of = path === '*' ? '' : ` for ${path}`;
  const alone = (why: string): End => dead('distribution-has-no-other-origin', address, `${why}${of}`);
  if (!second) return alone('has one origin');
  if (isLost(second)) return alone('has two origins, and both are lost');
  const isError = loss.fault === 'app-errors';
  if (isError && !first.failoverOn.includes(APPLICATION_ERROR))
    return alone(`does not go on to its second origin at ${APPLICATION_ERROR}, an application's own error`);
  if (!isError && !goesOnAtSilence(first))
    return alone(
      'goes on to its second origin at neither 503 nor 504, as which CloudFront counts an origin that is silent',
    );
  const wait = isError ? 0 : first.connectSeconds;
  const moved = {
    isHit: true,
    how: `CloudFront asks ${second.name} where ${first.name} fails, request by request`,
    span: { best: 0, worst: wait + CLIENT_WAIT_TOTAL_SECONDS },
  };
  if (takesWrites === undefined) return notKnown(address, 'does not tell whether it takes writes (allowed_methods)');
  if (!takesWrites) return { ...moved, state: 'well' };
  const why = `asks ${second.name} for GET, HEAD and OPTIONS only${of}: writes fail until ${first.name} is back`;
  return { ...moved, state: 'part', cause: { kind: 'distribution-fails-over-reads-only', address, why } };
}
