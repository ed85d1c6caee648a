// What people are told of a transition: a subject that a phone can show, and a body that an auditor can read.
import type { ClosedOrder, FailoverState, OpenTransition, Transition } from '@dr/contracts/system';
import type { Notification } from '@dr/handler-core';

const SUBJECTS: Readonly<Record<FailoverState, (region: string) => string>> = {
  HealthCheckFailed: (region) => `Health check failed: ${region}`,
  Route53Failover: (region) => `Failover: ${region} is out of service, its clients are moving`,
  TrafficRerouted: (region) => `Traffic rerouted: no client is sent to ${region} any more`,
  SingleRegionActive: (region) => `Running without ${region}`,
  ActiveActive: (region) => `Failback: ${region} is back in service`,
};
const MAX_SUBJECT = 100;

/** Route 53's alarm told of no failover: the same state, but other news. That alarm is blind while CloudWatch is late. */
const endsWithoutFailover = ({ from, state }: Transition): boolean =>
  state === 'ActiveActive' && from === 'HealthCheckFailed';

export function notificationOf(transition: OpenTransition, system: string, reporter: string): Notification {
  const { transitionId, region, incident, from, state, atMs, startedAtMs, evidence, recordedAtMs } = transition;
  const subject = endsWithoutFailover(transition) ? `Recovered: ${region}, no failover seen` : SUBJECTS[state](region);
  return {
    subject: subject.slice(0, MAX_SUBJECT),
    body: {
      kind: 'dr-transition',
      id: transitionId,
      system,
      region,
      incident,
      from,
      state,
      evidence,
      at: iso(atMs),
      startedAt: iso(startedAtMs),
      secondsSinceStart: (atMs - startedAtMs) / 1000,
      recordedAt: iso(recordedAtMs),
      reportedBy: reporter,
    },
  };
}

/** What became of an operator's order. A region that came back unasked is told in the same way. */
export const orderNotification = (order: ClosedOrder, system: string, region: string): Notification => {
  const { number, kind, outcome, reason } = order;
  return {
    subject: `Order ${number} for ${region} (${kind}): ${outcome}`.slice(0, MAX_SUBJECT),
    body: { kind: 'dr-order', id: `${region}#order#${number}`, system, region, order: kind, outcome, reason },
  };
};

const iso = (ms: number): string => new Date(ms).toISOString();
