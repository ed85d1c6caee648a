// Everything that the stage shows, at one instant of a run. A pure function of the log and the time.
import type { Fault } from '@dr/contracts';
import { heldAt, isDownAt, type Client, type Request } from '../log/clients';
import type { Region } from '../log/region';
import type { InFlight } from '../log/replication';
import type { RunLog } from '../log/run-log';
import { countBetween, countUpTo } from '../log/steps';

/** Rates are counted over so long before the instant. */
const LOOK_BACK_MS = 10_000;

/** `home`, `elsewhere`: its resolver still holds that region; `nothing`: it will ask; `down`: its last request failed. */
export type ClientState = 'home' | 'elsewhere' | 'nothing' | 'down';

export interface Home {
  readonly region: string;
  /** In order of recovery, so that the front moves. */
  readonly states: readonly ClientState[];
  readonly count: Readonly<Record<ClientState, number>>;
  /** Clients by the region that they hold, whether down or not. */
  readonly holding: ReadonlyMap<string, number>;
}

export interface Path {
  readonly home: string;
  readonly region: string;
  readonly clients: number;
  /** Requests on their way: how much of their time has passed, 0-1, and whether they will fail. */
  readonly packets: readonly { readonly at: number; readonly fails: boolean }[];
}

export interface CheckerCell {
  readonly id: string;
  readonly healthy: boolean;
  /** Probes in a row, up to the threshold, that say the contrary of what it thinks. */
  readonly against: number;
}

export type Tag =
  | { readonly kind: 'serving' | 'dark' | 'recovering' | 'waiting' }
  | { readonly kind: 'struck'; readonly faults: readonly Fault[] };

export interface RegionMoment {
  readonly region: Region;
  readonly tag: Tag;
  /** Age of the record that says that it lives, ms; undefined: it has written none. */
  readonly heartbeatAgeMs: number | undefined;
  readonly checkers: readonly CheckerCell[];
  readonly healthyCheckers: number;
  readonly served: number;
  readonly failed: number;
  readonly invocations: readonly { readonly name: string; readonly count: number }[];
  /** Clients' versions that its replica holds, and all that there are. */
  readonly held: number;
  readonly written: number;
  readonly alarmsOn: readonly string[];
  readonly messages: number;
  readonly lastMessageAgeMs: number | undefined;
}

export interface Moment {
  readonly atMs: number;
  readonly homes: readonly Home[];
  readonly paths: readonly Path[];
  readonly answers: readonly { readonly from: string; readonly regions: readonly string[]; readonly moved: boolean }[];
  readonly regions: readonly RegionMoment[];
  readonly replication: readonly (InFlight & { readonly isCut: boolean })[];
}

/** `order`: the clients of each home, in the order in which they are shown. */
export function momentOf(log: RunLog, order: ReadonlyMap<string, readonly Client[]>, atMs: number): Moment {
  const waiting = log.clients.waiting(atMs);
  const homes = [...order].map(([region, clients]) => homeOf(region, clients, atMs));
  return {
    atMs,
    homes,
    paths: homes.flatMap(({ region: home, holding }) => pathsOf(home, holding, waiting, atMs)),
    answers: [...log.answers].map(([from, steps]) => {
      const regions = steps.at(atMs) ?? [];
      return { from, regions, moved: String(regions) !== String(steps.values[0] ?? []) };
    }),
    regions: log.own.map((region) => regionMoment(log, region, atMs)),
    replication: links(log).map(({ from, to }) => ({
      ...log.replication.at(from, to, atMs),
      isCut: log.isDark(from, atMs) || log.isDark(to, atMs),
    })),
  };
}

const links = ({ own }: RunLog): { from: string; to: string }[] =>
  own.flatMap(({ name: to }) => own.flatMap(({ name: from }) => (from === to ? [] : [{ from, to }])));

function homeOf(region: string, clients: readonly Client[], atMs: number): Home {
  const count = { home: 0, elsewhere: 0, nothing: 0, down: 0 };
  const holding = new Map<string, number>();
  const states = clients.map((client) => {
    const held = heldAt(client, atMs);
    if (held !== undefined) holding.set(held, (holding.get(held) ?? 0) + 1);
    const state = isDownAt(client, atMs)
      ? 'down'
      : held === undefined
        ? 'nothing'
        : held === region
          ? 'home'
          : 'elsewhere';
    count[state] += 1;
    return state;
  });
  return { region, states, count, holding };
}

/** A path is where clients hold a region, or have asked one that they do not hold any more. */
function pathsOf(
  home: string,
  holding: ReadonlyMap<string, number>,
  waiting: readonly Request[],
  atMs: number,
): Path[] {
  const own = waiting.filter((request) => request.home === home);
  const regions = new Set([...holding.keys(), ...own.map(({ region }) => region)]);
  return [...regions].map((region) => ({
    home,
    region,
    clients: holding.get(region) ?? 0,
    packets: own
      .filter((request) => request.region === region)
      .map(({ startedMs, atMs: endMs, outcome }) => ({
        at: (atMs - startedMs) / Math.max(1, endMs - startedMs),
        fails: outcome !== 'ok',
      })),
  }));
}

function regionMoment(log: RunLog, region: Region, atMs: number): RegionMoment {
  const checkers = [...region.checkers.values()].map(({ id, healthy, probes }): CheckerCell => {
    const thinks = healthy.at(atMs) ?? true;
    return { id, healthy: thinks, against: inARow(probes, !thinks, log.header.settings.failureThreshold, atMs) };
  });
  const fromMs = atMs - LOOK_BACK_MS;
  const beatMs = region.heartbeats[countUpTo(region.heartbeats, atMs) - 1];
  const messages = countUpTo(region.messageTimes, atMs);
  const lastMs = region.messageTimes[messages - 1];
  return {
    region,
    tag: tagOf(log, region, atMs),
    heartbeatAgeMs: beatMs === undefined ? undefined : atMs - beatMs,
    checkers,
    healthyCheckers: checkers.filter(({ healthy }) => healthy).length,
    served: countBetween(region.served, fromMs, atMs),
    failed: countBetween(region.failed, fromMs, atMs),
    invocations: [...region.invocations].map(([name, times]) => ({ name, count: countBetween(times, fromMs, atMs) })),
    held: countUpTo(region.written, atMs) + countUpTo(region.arrived, atMs),
    written: log.own.reduce((sum, { written }) => sum + countUpTo(written, atMs), 0),
    alarmsOn: [...region.alarms].filter(([, steps]) => steps.at(atMs) === 'ALARM').map(([name]) => name),
    messages,
    lastMessageAgeMs: lastMs === undefined ? undefined : atMs - lastMs,
  };
}

function inARow(
  probes: { times: readonly number[]; values: readonly boolean[] },
  value: boolean,
  most: number,
  atMs: number,
) {
  let count = 0;
  for (let index = countUpTo(probes.times, atMs) - 1; index >= 0 && count < most; index -= 1) {
    if (probes.values[index] !== value) break;
    count += 1;
  }
  return count;
}

/** Dark before all else; then what strikes it; then what it says of itself. */
export function tagOf(log: RunLog, region: Region, atMs: number): Tag {
  if (log.isDark(region.name, atMs)) return { kind: 'dark' };
  const faults = log.faultsAt(region.name, atMs);
  if (faults.length > 0) return { kind: 'struck', faults };
  const said = region.ownState.at(atMs);
  if (said === 'waiting') return { kind: said };
  return { kind: said === undefined || said === 'serving' ? 'serving' : 'recovering' };
}

/** The clients of each home: those that were down in the order of their recovery, and then the others. */
export function clientOrder(log: RunLog): ReadonlyMap<string, readonly Client[]> {
  const backMs = ({ downs }: Client): number => downs.at(-1)?.toMs ?? -1;
  const names = [...log.own.map(({ name }) => name), ...log.clients.all.map(({ home }) => home)];
  return new Map(
    [...new Set(names)].flatMap((home) => {
      const clients = log.clients.all.filter((client) => client.home === home);
      return clients.length === 0 ? [] : [[home, clients.sort((a, b) => backMs(a) - backMs(b))] as const];
    }),
  );
}
