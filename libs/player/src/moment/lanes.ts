// The run over time, as lanes with one axis: what holds is a row of pieces, what is counted is a row of bars or a line.
import type { RunLog } from '../log/run-log';
import { Steps, type Piece } from '../log/steps';
import type { Tone } from '../words/rows';
import { listed, seconds, titled } from '../words/figures';
import { tagOf } from './moment';

export type LaneTone = 'ok' | 'warn' | 'fail' | 'mute';

export interface PieceLane {
  readonly kind: 'pieces';
  readonly name: string;
  readonly pieces: readonly {
    readonly fromMs: number;
    readonly toMs: number;
    readonly text: string;
    readonly tone: LaneTone;
  }[];
}

export interface BarLane {
  readonly kind: 'bars';
  readonly name: string;
  /** Of each second from `fromMs`: requests served at home, served elsewhere, failed. */
  readonly bins: readonly (readonly [number, number, number])[];
  readonly fromMs: number;
  readonly binMs: number;
}

export interface LineLane {
  readonly kind: 'line';
  readonly name: string;
  readonly steps: Steps<number>;
  readonly most: number;
  /** The last value holds until then. */
  readonly toMs: number;
  /** A value that decides. */
  readonly limit?: number;
  readonly tone: Tone;
}

export type Lane = PieceLane | BarLane | LineLane;

/** `toMs`: not after the end of what is known. */
export function lanesOf(log: RunLog, fromMs: number, toMs: number): Lane[] {
  return [
    ...[...log.answers].map(([from, steps]) => answersLane(from, steps, fromMs, toMs)),
    ...log.own.map((region) => stateLane(log, region.name, fromMs, toMs)),
    ...transitionsLane(log, fromMs, toMs),
    requestsLane(log, fromMs, toMs),
    ...log.own.map(({ name }) => checkersLane(log, name, fromMs, toMs)).filter(({ steps }) => steps.times.length > 1),
    downLane(log, fromMs, toMs),
  ];
}

function answersLane(from: string, steps: Steps<readonly string[]>, fromMs: number, toMs: number): PieceLane {
  const first = String(steps.values[0] ?? []);
  const pieces = steps.pieces(fromMs, toMs, String).map(({ value, ...span }) => ({
    ...span,
    text: value.length === 0 ? 'answers nothing' : `answers ${listed(value)}`,
    tone: value.length === 0 ? ('fail' as const) : String(value) === first ? ('ok' as const) : ('warn' as const),
  }));
  return { kind: 'pieces', name: `DNS near ${titled(from)}`, pieces };
}

const TONES = { serving: 'ok', dark: 'fail', recovering: 'warn', waiting: 'warn', struck: 'fail' } as const;

/** What the region is at each instant where that can change. */
function stateLane(log: RunLog, name: string, fromMs: number, toMs: number): PieceLane {
  const region = log.regionOf(name);
  const struck = log.faults.filter(({ fault }) => fault.region === name);
  const changes = [
    ...struck.flatMap(({ startMs, endMs }) => [startMs, endMs]).filter((ms) => ms > fromMs && ms < toMs),
    ...region.ownState.between(fromMs, toMs),
  ];
  const steps = new Steps<{ text: string; tone: LaneTone }>();
  for (const atMs of [...new Set([fromMs, ...changes])].sort((a, b) => a - b)) {
    const tag = tagOf(log, region, atMs);
    const text = tag.kind === 'struck' ? tag.faults.map(({ kind }) => kind).join(', ') : tag.kind;
    steps.add(atMs, { text, tone: TONES[tag.kind] });
  }
  const pieces = steps.pieces(fromMs, toMs, ({ text }) => text).map(flat);
  return { kind: 'pieces', name: titled(name), pieces };
}

const flat = <T extends object>({ value, fromMs, toMs }: Piece<T>) => ({ fromMs, toMs, ...value });

/** The failover state, as the region that lived has told it. It trails the clients. */
function transitionsLane({ states }: RunLog, fromMs: number, toMs: number): PieceLane[] {
  const [first] = states.values;
  if (!first) return [];
  const steps = new Steps<{ text: string; tone: LaneTone }>();
  const add = (atMs: number, text: string): void =>
    steps.add(atMs, { text, tone: text === first.from ? 'ok' : 'mute' });
  add(fromMs, states.at(fromMs)?.state ?? first.from);
  for (const atMs of states.between(fromMs, toMs)) add(atMs, states.at(atMs)?.state ?? '');
  return [
    {
      kind: 'pieces',
      name: 'State, as told',
      pieces: steps.pieces(fromMs, toMs, ({ text }) => text).map(flat),
    },
  ];
}

const MOST_BINS = 240;

/** Of so long a time requests are counted together. */
export const binMsOf = (fromMs: number, toMs: number): number =>
  Math.max(1, Math.ceil((toMs - fromMs) / 1000 / MOST_BINS)) * 1000;

function requestsLane(log: RunLog, fromMs: number, toMs: number): BarLane {
  const binMs = binMsOf(fromMs, toMs);
  const bins = Array.from({ length: Math.max(0, Math.ceil((toMs - fromMs) / binMs)) }, (): [number, number, number] => [
    0, 0, 0,
  ]);
  // Windows and bins begin at whole seconds.
  for (let second = Math.floor(fromMs / 1000); second * 1000 < toMs; second += 1) {
    const bin = bins[Math.floor((second * 1000 - fromMs) / binMs)];
    log.clients.perSecond[second]?.forEach((count, part) => bin && (bin[part as 0 | 1 | 2] += (count * 1000) / binMs));
  }
  return { kind: 'bars', name: 'Requests per second', bins, fromMs, binMs };
}

function checkersLane(log: RunLog, name: string, fromMs: number, toMs: number): LineLane {
  const checkers = [...log.regionOf(name).checkers.values()];
  const times = checkers.flatMap(({ healthy }) => healthy.between(fromMs, toMs));
  const value = (atMs: number): number => checkers.filter(({ healthy }) => healthy.at(atMs) ?? true).length;
  const steps = new Steps<number>();
  for (const atMs of [fromMs, ...times.sort((a, b) => a - b)]) steps.add(atMs, value(atMs));
  // Route 53: healthy when more than 18 % of the checkers say so.
  const limit = Math.floor(checkers.length * 0.18) + 1;
  return {
    kind: 'line',
    name: `Checkers, ${titled(name)} healthy`,
    steps,
    most: checkers.length,
    toMs,
    limit,
    tone: 'plain',
  };
}

function downLane(log: RunLog, fromMs: number, toMs: number): LineLane {
  const curve = log.clients.downCurve;
  const times = [fromMs, ...curve.changes(fromMs, toMs).filter((ms) => ms > fromMs && ms < toMs)];
  const steps = new Steps<number>();
  for (const atMs of times) steps.add(atMs, curve.at(atMs));
  return { kind: 'line', name: 'Clients down', steps, most: Math.max(1, ...steps.values), toMs, tone: 'bad' };
}

/** The lane's value at an instant, in words. */
export function valueAt(lane: Lane, atMs: number): string {
  if (lane.kind === 'pieces')
    return (
      lane.pieces.findLast(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs)?.text.replace('answers ', '') ?? ''
    );
  if (lane.kind === 'bars') {
    const [home, elsewhere, failed] = lane.bins[Math.floor((atMs - lane.fromMs) / lane.binMs)] ?? [0, 0, 0];
    return `${Math.round(home + elsewhere)} ok, ${Math.round(failed)} failed`;
  }
  const value = lane.steps.at(atMs) ?? 0;
  return lane.limit === undefined ? String(value) : `${value} of ${lane.most}, needs ${lane.limit}`;
}

/** Rows of a table that says the same. */
export function tableOf(lane: Lane): { readonly from: string; readonly to: string; readonly text: string }[] {
  if (lane.kind === 'pieces')
    return lane.pieces.map(({ fromMs, toMs, text }) => ({ from: seconds(fromMs), to: seconds(toMs), text }));
  if (lane.kind === 'bars')
    return lane.bins.map((_, index) => {
      const fromMs = lane.fromMs + index * lane.binMs;
      return { from: seconds(fromMs), to: seconds(fromMs + lane.binMs), text: valueAt(lane, fromMs) };
    });
  const { times, values } = lane.steps;
  return times.map((atMs, index) => ({
    from: seconds(atMs),
    to: seconds(times[index + 1] ?? atMs),
    text: String(values[index]),
  }));
}
