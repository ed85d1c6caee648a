// What happened, in the order in which it happened: the rows of the list of events, by kind.
import type { LoggedEvent } from '@dr/event-log';
import type { AnyEvent, RunLog } from '../log/run-log';
import { felt } from './verdict';
import { meaningOf, whatHappened } from './fault';
import { counted, listed, seconds, titled } from './figures';

export type Icon = 'fault' | 'checker' | 'dns' | 'alarm' | 'message' | 'state' | 'client' | 'request' | 'other';
export type Tone = 'bad' | 'good' | 'plain';

export interface Row {
  readonly atMs: number;
  readonly icon: Icon;
  readonly tone: Tone;
  readonly text: string;
}

export const CHIPS = [
  'Story',
  'Checkers',
  'DNS',
  'Alarms',
  'Messages',
  'States',
  'Clients',
  'Failed requests',
  'Other kinds',
] as const;
export type Chip = (typeof CHIPS)[number];

/** Of every chip its rows, in order of time. */
export function rowsOf(log: RunLog): Readonly<Record<Chip, readonly Row[]>> {
  const rows = {
    faults: faults(log),
    verdicts: verdicts(log),
    dns: answers(log),
    alarms: alarms(log),
    states: states(log),
  };
  const messages = log.regions.flatMap(({ messages: all }) =>
    all.map(({ atMs, subject, protocol }): Row => {
      const how = protocol === 'email' ? 'E-mail' : protocol.toUpperCase();
      return { atMs, icon: 'message', tone: /ALARM|fail/i.test(subject) ? 'bad' : 'plain', text: `${how}: ${subject}` };
    }),
  );
  const fromMs = log.firstFaultMs ?? 0;
  const story = [
    ...rows.faults,
    ...firstFailing(log),
    ...rows.verdicts,
    ...rows.dns,
    ...rows.states,
    ...rows.alarms.filter(({ atMs, tone }) => atMs >= fromMs && tone !== 'plain'),
    ...messages.filter(({ atMs }) => atMs >= fromMs),
    ...lastBack(log),
  ];
  return {
    Story: inOrder(story),
    Checkers: inOrder([...checkers(log), ...rows.verdicts]),
    DNS: inOrder(rows.dns),
    Alarms: inOrder(rows.alarms),
    Messages: inOrder(messages),
    States: inOrder(rows.states),
    Clients: inOrder(clients(log)),
    'Failed requests': failedRequests(log),
    'Other kinds': log.unknown.map(other),
  };
}

const inOrder = (rows: readonly Row[]): Row[] => [...rows].sort((a, b) => a.atMs - b.atMs);

const faults = (log: RunLog): Row[] =>
  log.faults.flatMap(({ fault, startMs, endMs }) => [
    { atMs: startMs, icon: 'fault', tone: 'bad', text: `${whatHappened(fault)}: ${meaningOf(fault)}` },
    ...(endMs === Infinity
      ? []
      : [{ atMs: endMs, icon: 'fault', tone: 'good', text: `${fault.kind} ${titled(fault.region)} is over` } as const]),
  ]);

function firstFailing(log: RunLog): Row[] {
  return log.faults.slice(0, 1).flatMap(({ startMs }) => {
    const failing = log.events.find(
      (event): event is Extract<LoggedEvent, { kind: 'probe' }> =>
        event.kind === 'probe' && event.atMs >= startMs && (event as { outcome?: string }).outcome !== 'healthy',
    );
    if (!failing) return [];
    const { atMs, checker, region, outcome } = failing;
    const text = `First failing probe of ${titled(region)}: checker ${checker}, ${outcome}`;
    return [{ atMs, icon: 'checker', tone: 'bad', text }];
  });
}

const verdicts = (log: RunLog): Row[] =>
  log.regions.flatMap(({ verdict, name }) =>
    verdict
      .pieces(0, log.endMs, ({ healthy }) => healthy)
      .flatMap(({ fromMs, value: { healthy, healthyCheckers, checkers } }) =>
        // A new check is healthy: to say so again is no news.
        healthy && verdict.values[0]?.healthy && fromMs === verdict.times[0]
          ? []
          : [
              {
                atMs: fromMs,
                icon: 'checker',
                tone: healthy ? 'good' : 'bad',
                text: `${healthyCheckers} of ${checkers} checkers find ${titled(name)} healthy: ${healthy ? 'healthy' : 'unhealthy'}`,
              } as const,
            ],
      ),
  );

const checkers = (log: RunLog): Row[] =>
  log.regions.flatMap(({ checkers: all, name }) =>
    [...all.values()].flatMap(({ id, healthy }) =>
      healthy.times.map((atMs, index): Row => {
        const good = healthy.values[index] === true;
        const text = `Checker ${id} finds ${titled(name)} ${good ? 'healthy' : 'unhealthy'}`;
        return { atMs, icon: 'checker', tone: good ? 'good' : 'bad', text };
      }),
    ),
  );

const answers = (log: RunLog): Row[] =>
  [...log.answers].flatMap(([from, { times, values }]) =>
    times.slice(1).map((atMs, index): Row => {
      const [before, now] = [values[index] ?? [], values[index + 1] ?? []];
      return {
        atMs,
        icon: 'dns',
        tone: 'plain',
        text: `DNS near ${titled(from)} answers ${listed(now)}, no longer ${listed(before)}`,
      };
    }),
  );

const alarms = (log: RunLog): Row[] =>
  log.regions.flatMap(({ alarms: all, name }) =>
    [...all].flatMap(([alarm, { times, values }]) =>
      times.map((atMs, index): Row => {
        const [before, now] = [values[index - 1] ?? 'no data', values[index] ?? ''];
        const tone = now === 'ALARM' ? 'bad' : before === 'ALARM' ? 'good' : 'plain';
        return { atMs, icon: 'alarm', tone, text: `Alarm ${alarm} in ${titled(name)}: ${before} to ${now}` };
      }),
    ),
  );

const states = ({ states: { values } }: RunLog): Row[] =>
  values.map(({ atMs, region, from, state, evidence, observer }) => {
    const why = evidence === undefined ? '' : ` on ${evidence}`;
    return {
      atMs,
      icon: 'state',
      tone: 'plain',
      text: `${titled(region)}: ${from} to ${state}${why}, says ${titled(observer)}`,
    };
  });

const clients = (log: RunLog): Row[] =>
  log.clients.all.flatMap(({ id, home, downs }) =>
    downs.flatMap(({ fromMs, toMs }): Row[] => [
      { atMs: fromMs, icon: 'client', tone: 'bad', text: `${id} (near ${titled(home)}) is down` },
      ...(toMs === Infinity
        ? []
        : [
            {
              atMs: toMs,
              icon: 'client',
              tone: 'good',
              text: `${id} is served again, after ${seconds(toMs - fromMs)}`,
            } as const,
          ]),
    ]),
  );

function lastBack(log: RunLog): Row[] {
  const all = felt(log);
  const back = all.filter(({ atMs }) => atMs < Infinity).at(-1);
  if (!back) return [];
  const startMs = log.firstFaultMs ?? 0;
  const text = `Last client recovered: ${back.client.id}, after ${seconds(back.atMs - startMs)}; ${counted(all.length, 'client')} felt it`;
  return [{ atMs: back.atMs, icon: 'client', tone: 'good', text }];
}

const failedRequests = (log: RunLog): Row[] =>
  log.clients.requests
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ atMs, client, route, region, outcome, status }) => ({
      atMs,
      icon: 'request',
      tone: 'bad',
      text: `${client}: ${route} at ${titled(region)}: ${status ?? outcome}`,
    }));

const other = (event: AnyEvent): Row => {
  const { kind, atMs, ...rest } = event;
  return { atMs, icon: 'other', tone: 'plain', text: `${kind} ${JSON.stringify(rest)}` };
};
