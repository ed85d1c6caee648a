// What happened, in the order in which it happened: the rows of the list of events, by kind. They grow with the log.
import { PROMISED_CLIENT } from '@dr/contracts';
import type { LoggedEvent } from '@dr/event-log';
import { gathered } from '../log/cached';
import { isOutsider } from '../log/clients';
import { episodesOf } from '../log/episodes';
import type { RunLog } from '../log/run-log';
import { counted, seconds } from './figures';
import { isAccelerated } from './front';
import * as row from './rows';
import type { Row } from './rows';

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
export type Rows = Readonly<Record<Chip, readonly Row[]>>;

interface Gathered {
  readonly rows: Record<Chip, Row[]>;
  /** Alarms and messages of before the first fault: of the story only where nothing is struck. */
  early: Row[];
  isStruck: boolean;
  /** Faults in force. */
  lasting: number;
  failingSeen: boolean;
  readonly answers: Map<string, readonly string[]>;
  readonly verdicts: Map<string, boolean>;
  readonly alarms: Map<string, string>;
  /** Names of alarms that have been on. */
  readonly rang: Set<string>;
  /** How many of the log's own lists have been taken up. */
  readonly taken: { turns: number; states: number; unknown: number };
  /** The story as it was last put together, and of what. */
  story: readonly Row[];
  storyOf: string;
}

const nothing = (): Gathered => ({
  rows: Object.fromEntries(CHIPS.map((chip) => [chip, [] as Row[]])) as Record<Chip, Row[]>,
  early: [],
  isStruck: false,
  lasting: 0,
  failingSeen: false,
  answers: new Map(),
  verdicts: new Map(),
  alarms: new Map(),
  rang: new Set(),
  taken: { turns: 0, states: 0, unknown: 0 },
  story: [],
  storyOf: '',
});

/** Of every chip its rows, in order of time. A list is the same one as before as long as it has as many rows. */
export function rowsOf(log: RunLog): Rows {
  const so = gather(log);
  return { ...so.rows, Story: storyOf(log, so) };
}

function storyOf(log: RunLog, so: Gathered): readonly Row[] {
  const back = lastBack(log);
  const of = `${so.rows.Story.length} ${so.early.length} ${back.map(({ text }) => text).join()}`;
  if (of !== so.storyOf) {
    so.storyOf = of;
    so.story = [...so.rows.Story, ...so.early, ...back].sort((a, b) => a.atMs - b.atMs);
  }
  return so.story;
}

/** Of every episode, once all whom it hurt are back. */
const lastBack = (log: RunLog): Row[] =>
  episodesOf(log).flatMap(({ felt, startMs }): Row[] => {
    const last = felt.at(-1);
    if (!last || last.atMs === Infinity) return [];
    const text = `Last ${PROMISED_CLIENT} recovered: ${last.client.id}, after ${seconds(last.atMs - startMs)}; ${counted(felt.length, 'client')} felt it`;
    return [{ atMs: last.atMs, icon: 'client', tone: 'good', text }];
  });

/** Adds a row where it belongs: at the end, or a little before. */
function put(found: Row | undefined, ...lists: readonly Row[][]): void {
  if (!found) return;
  for (const rows of lists) {
    let index = rows.length;
    while (index > 0 && (rows[index - 1] as Row).atMs > found.atMs) index -= 1;
    rows.splice(index, 0, found);
  }
}

const gather = gathered(nothing, (so, event, log) => {
  if (log.unknown[so.taken.unknown] === event) {
    so.taken.unknown += 1;
    put(row.other(event), so.rows['Other kinds']);
  } else take(so, event as LoggedEvent, log);
});

function take(so: Gathered, event: LoggedEvent, log: RunLog): void {
  const { rows } = so;
  switch (event.kind) {
    case 'fault-start':
      if (!so.isStruck) so.early = so.early.filter(({ atMs }) => atMs >= event.atMs);
      // By hand, each of them has a first failing probe of its own, unless another fault lasts.
      if (log.header.run === 'live' && so.lasting === 0) so.failingSeen = false;
      so.isStruck = true;
      so.lasting += 1;
      return put(row.faultBegins(event), rows.Story);
    case 'fault-end':
      so.lasting -= 1;
      return put(row.faultIsOver(event), rows.Story);
    case 'probe':
      if (!so.isStruck || so.failingSeen || event.outcome === 'healthy') return;
      so.failingSeen = true;
      return put(row.firstFailing(event), rows.Story);
    case 'checker':
      return put(row.checker(event), rows.Checkers);
    case 'health-check':
      return put(verdict(so, event), rows.Checkers, rows.Story);
    case 'dns-answer':
      return event.name === log.header.domain ? put(answer(so, event, log), rows.DNS, rows.Story) : undefined;
    case 'log':
      return state(so, event, log);
    case 'request':
      return request(so, event, log);
    case 'alarm':
      return alarm(so, event);
    case 'delivered':
      return message(so, event);
  }
}

type Of<K extends LoggedEvent['kind']> = Extract<LoggedEvent, { kind: K }>;

function verdict({ verdicts }: Gathered, event: Of<'health-check'>): Row | undefined {
  // A new check is healthy: to say so again is no news.
  const before = verdicts.get(event.region) ?? true;
  verdicts.set(event.region, event.healthy);
  return before === event.healthy ? undefined : row.verdict(event);
}

function answer({ answers }: Gathered, event: Of<'dns-answer'>, log: RunLog): Row | undefined {
  const before = answers.get(event.from);
  answers.set(event.from, event.regions);
  return before && row.answer(event, before, isAccelerated(log));
}

function alarm(so: Gathered, event: Of<'alarm'>): void {
  const name = `${event.region} ${event.alarm}`;
  const found = row.alarm(event, so.alarms.get(name) ?? 'no data');
  so.alarms.set(name, event.state);
  if (event.state === 'ALARM') so.rang.add(event.alarm);
  put(found, so.rows.Alarms);
  if (found.tone !== 'plain') put(found, so.isStruck ? so.rows.Story : so.early);
}

/** That an alarm has its first data is told by mail as well: no story, if it was never on. */
function message(so: Gathered, event: Of<'delivered'>): void {
  const found = row.message(event);
  put(found, so.rows.Messages);
  const [, isOver] = /^OK: "([^"]+)"/.exec(event.subject) ?? [];
  if (isOver === undefined || so.rang.has(isOver)) put(found, so.isStruck ? so.rows.Story : so.early);
}

function state({ rows, taken }: Gathered, event: Of<'log'>, { states }: RunLog): void {
  const told = states.values[taken.states];
  if (told?.line !== event) return;
  taken.states += 1;
  put(row.state(told), rows.States, rows.Story);
}

function request({ rows, taken }: Gathered, event: Of<'request'>, { clients }: RunLog): void {
  if (event.outcome !== 'ok' && !isOutsider(event)) put(row.failedRequest(event), rows['Failed requests']);
  const turn = clients.turns[taken.turns];
  if (turn?.request !== event) return;
  taken.turns += 1;
  put(row.turn(turn), rows.Clients);
}
