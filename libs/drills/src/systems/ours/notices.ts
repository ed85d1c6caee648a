// What people are told by whom: messages of the failover orchestrators, and lines of the log that tell of a decision.
import type { FunctionName } from '@dr/contracts/system';
import type { EventOf } from '@dr/twin';
import type { Narration } from '../../system-under-drill';

export const ORCHESTRATOR: FunctionName = 'failover-orchestrator';
const ADMITTING: FunctionName = 'health-checker';

/** An orchestrator begins its subject with it. */
export function noticeOf({ publisher, subject }: EventOf<'published'>): 'failover' | 'failback' | undefined {
  if (publisher !== ORCHESTRATOR) return undefined;
  const about = subject.toLowerCase();
  return about.startsWith('failover') ? 'failover' : about.startsWith('failback') ? 'failback' : undefined;
}

/** Changes of state. Every region's orchestrator follows all regions, so each transition is told once. */
export function narrate({ region, functionName, record }: EventOf<'log'>): Narration | undefined {
  const { transitionId, from, state, reason, evidence, message } = record;
  if (typeof state !== 'string') return undefined;
  const because = (why: unknown): string => (typeof why === 'string' ? ` (${why})` : '');
  if (transitionId !== undefined) {
    const once = String(transitionId);
    return { kind: 'transition', detail: `${once}: ${String(from)} -> ${state}${because(evidence)}`, once };
  }
  // Only health-checker decides about its region; another function's `state` is that of an alarm.
  return functionName === ADMITTING
    ? { kind: 'admission', detail: `${functionName}: ${region} is ${state}${because(reason)}` }
    : { kind: 'log', detail: `${functionName}: ${String(message)}` };
}
