// One row of the list of events, of each kind of event.
import type { EventOf } from '@dr/event-log';
import type { Request, Turn } from '../log/clients';
import type { AnyEvent, Transition } from '../log/run-log';
import { meaningOf, whatHappened } from './fault';
import { listed, seconds, titled } from './figures';

export type Icon = 'fault' | 'checker' | 'dns' | 'alarm' | 'message' | 'state' | 'client' | 'request' | 'other';
export type Tone = 'bad' | 'good' | 'plain';

export interface Row {
  readonly atMs: number;
  readonly icon: Icon;
  readonly tone: Tone;
  readonly text: string;
}

const toneOf = (isGood: boolean): Tone => (isGood ? 'good' : 'bad');

export const faultBegins = ({ atMs, fault }: EventOf<'fault-start'>): Row => ({
  ...{ atMs, icon: 'fault', tone: 'bad' },
  text: `${whatHappened(fault)}: ${meaningOf(fault)}`,
});

export const faultIsOver = ({ atMs, fault }: EventOf<'fault-end'>): Row => ({
  ...{ atMs, icon: 'fault', tone: 'good' },
  text: `${fault.kind} ${titled(fault.region)} is over`,
});

export const firstFailing = ({ atMs, checker: id, region, outcome }: EventOf<'probe'>): Row => ({
  ...{ atMs, icon: 'checker', tone: 'bad' },
  text: `First failing probe of ${titled(region)}: checker ${id}, ${outcome}`,
});

export const checker = ({ atMs, checker: id, region, healthy }: EventOf<'checker'>): Row => ({
  ...{ atMs, icon: 'checker', tone: toneOf(healthy) },
  text: `Checker ${id} finds ${titled(region)} ${healthy ? 'healthy' : 'unhealthy'}`,
});

export const verdict = ({ atMs, region, healthy, healthyCheckers, checkers }: EventOf<'health-check'>): Row => ({
  ...{ atMs, icon: 'checker', tone: toneOf(healthy) },
  text: `${healthyCheckers} of ${checkers} checkers find ${titled(region)} healthy: ${healthy ? 'healthy' : 'unhealthy'}`,
});

export const answer = (
  { atMs, from, regions }: EventOf<'dns-answer'>,
  before: readonly string[],
  isAccelerated: boolean,
): Row => ({
  ...{ atMs, icon: 'dns', tone: 'plain' },
  text: `${isAccelerated ? `The accelerator leads clients near ${titled(from)} to` : `DNS near ${titled(from)} answers`} ${listed(regions)}, no longer ${listed(before)}`,
});

export const alarm = ({ atMs, region, alarm: name, state: now }: EventOf<'alarm'>, before: string): Row => ({
  ...{ atMs, icon: 'alarm', tone: now === 'ALARM' ? 'bad' : before === 'ALARM' ? 'good' : 'plain' },
  text: `Alarm ${name} in ${titled(region)}: ${before} to ${now}`,
});

export const message = ({ atMs, protocol, subject }: EventOf<'delivered'>): Row => ({
  ...{ atMs, icon: 'message', tone: /ALARM|fail/i.test(subject) ? 'bad' : 'plain' },
  text: `${protocol === 'email' ? 'E-mail' : protocol.toUpperCase()}: ${subject}`,
});

export function state({ atMs, region, from, state: now, evidence, observer }: Transition): Row {
  const why = evidence === undefined ? '' : ` on ${evidence}`;
  const text = `${titled(region)}: ${from} to ${now}${why}, says ${titled(observer)}`;
  return { atMs, icon: 'state', tone: 'plain', text };
}

/** A client goes down when it sends the first request that fails. */
export const turn = ({ client: { id, home }, fromMs, backMs }: Turn): Row =>
  backMs === undefined
    ? { atMs: fromMs, icon: 'client', tone: 'bad', text: `${id} (near ${titled(home)}) is down` }
    : { atMs: backMs, icon: 'client', tone: 'good', text: `${id} is served again, after ${seconds(backMs - fromMs)}` };

export const failedRequest = ({ atMs, client, route, region, outcome, status }: Request): Row => ({
  ...{ atMs, icon: 'request', tone: 'bad' },
  text: `${client}: ${route} at ${titled(region)}: ${status ?? outcome}`,
});

export const other = (event: AnyEvent): Row => {
  const { kind, atMs, ...rest } = event;
  return { atMs, icon: 'other', tone: 'plain', text: `${kind} ${JSON.stringify(rest)}` };
};
