// The model under exploration: its size, thresholds in heartbeats, the faults that may strike, and the rules to check.
import type { AdmissionMemory } from '@dr/contracts/system';
import { admit, mustWait } from '../admission';
import { observe, peersToAsk } from '../admission-memory';
import { throttledAgain } from '../admission-presence';
import { answersReached } from '../admission-situation';
import type { AdmissionConstants } from '../admission-constants';

/** The functions under check: the production ones, unless a mutant stands in. */
export interface Rules {
  readonly admit: typeof admit;
  readonly mustWait: typeof mustWait;
  readonly observe: typeof observe;
  readonly throttledAgain: typeof throttledAgain;
  readonly answersReached: typeof answersReached;
  readonly peersToAsk: (memory: AdmissionMemory, constants: AdmissionConstants) => readonly string[];
}

export const PRODUCTION_RULES: Rules = { admit, mustWait, observe, throttledAgain, answersReached, peersToAsk };

export interface ModelOptions {
  readonly name: string;
  readonly regions: number;
  readonly constants: AdmissionConstants;
  /** Heartbeats between the scheduled beats of a region that gets no probes. */
  readonly scheduleTicks: number;
  /** Faults, late beats and orders, together, that the environment may spend; a fault ends whenever it likes, or never. */
  readonly disturbances: number;
  readonly orders: boolean;
  /** Which faults, by the first word of their name; when absent, all but throttling and slowness, which are explored with faults named. */
  readonly faults?: readonly string[];
  /** Every beat may come one tick late, for ever, but never two in a row. */
  readonly jitter: boolean;
  /** True: all regions decide on the same old view. False: in turn, each seeing what the one before wrote. */
  readonly simultaneous: boolean;
  /** Whether a region that was out of service waits for an order. */
  readonly failback: 'automatic' | 'manual';
  /** Begin with the very first start of all regions, or when all have long been serving. */
  readonly from: 'first-start' | 'steady';
  readonly rules: Rules;
  /** Drop the memory that `observe` would forget anyway: fewer states. Not for rules that forget to forget. */
  readonly dropForgotten: boolean;
  /** Give up beyond this many states. */
  readonly maxStates: number;
}

/** What is broken, as two sets of bits: seven bits for each region, two for each ordered pair. One number would not hold four regions. */
export interface Broken {
  readonly regions: number;
  readonly links: number;
}

export interface Fault {
  readonly name: string;
  readonly breaks: Broken;
}

/** Thresholds in heartbeats. */
export interface Model extends ModelOptions {
  readonly tickMs: number;
  readonly names: readonly string[];
  /** By region: all but that one. */
  readonly others: readonly (readonly number[])[];
  readonly possibleFaults: readonly Fault[];
  readonly fresh: number;
  readonly quiet: number;
  readonly hold: number;
  readonly edge: number;
  readonly patience: number;
  readonly reachedFor: number;
  /** How old, at worst, what a region knows of a peer can be. */
  readonly window: number;
}

/**
 * `throttled`: the table refuses reads, and so writes too, as every function reads before it writes. `throttled-writes`: it refuses writes
 * alone.
 */
const REGION_BREAKS = ['crash', 'world', 'table', 'router', 'throttled', 'throttled-writes', 'slow'] as const;
export type RegionBreak = (typeof REGION_BREAKS)[number];

const regionBit = (region: number, kind: RegionBreak): number =>
  1 << (region * REGION_BREAKS.length + REGION_BREAKS.indexOf(kind));

const has = (broken: Broken, region: number, kind: RegionBreak): boolean =>
  (broken.regions & regionBit(region, kind)) !== 0;

export const NOTHING: Broken = { regions: 0, links: 0 };

export const isWhole = ({ regions, links }: Broken): boolean => regions === 0 && links === 0;

export const union = (all: readonly Broken[]): Broken =>
  all.reduce((sum, one) => ({ regions: sum.regions | one.regions, links: sum.links | one.links }), NOTHING);

const ofRegion = (region: number, kind: RegionBreak): Broken => ({ ...NOTHING, regions: regionBit(region, kind) });

export const othersOf = ({ others }: Model, region: number): readonly number[] => others[region] ?? [];

/** Position of `peer` among the peers of `observer`. */
export const slotOf = (observer: number, peer: number): number => (peer < observer ? peer : peer - 1);

const linkBit = (regions: number, observer: number, peer: number, channel: number): number =>
  1 << ((channel * regions + observer) * (regions - 1) + slotOf(observer, peer));

/** Of replication from the peer into the observer's replica, and of the observer's requests to the peer's /health. */
const REPLICATION = 0;
const HTTPS = 1;

const isCut = ({ regions }: Model, { links }: Broken, observer: number, peer: number, channel: number): boolean =>
  (links & linkBit(regions, observer, peer, channel)) !== 0;

export const runs = (broken: Broken, region: number): boolean =>
  !has(broken, region, 'crash') && !has(broken, region, 'table');

export const routerWorks = (broken: Broken, region: number): boolean => !has(broken, region, 'router');

/** Its table answers that it throttles: nothing can be written, and replication goes on. */
export const throttled = (broken: Broken, region: number): boolean =>
  !readable(broken, region) ||
  (runs(broken, region) && has(broken, region, 'throttled-writes') && !slow(broken, region));

/** Its table does not throttle reads. */
export const readable = (broken: Broken, region: number): boolean =>
  !runs(broken, region) || !has(broken, region, 'throttled') || has(broken, region, 'slow');

/** Its table answers too late for /health and the heartbeat; clients are more patient, and what they write lands. */
export const slow = (broken: Broken, region: number): boolean => runs(broken, region) && has(broken, region, 'slow');

export const writes = (broken: Broken, region: number): boolean =>
  runs(broken, region) && !throttled(broken, region) && !slow(broken, region);

export const probed = (broken: Broken, region: number): boolean => !has(broken, region, 'world');

/** Out of reach of its clients, or found unhealthy for its table: DNS leaves it. */
export const away = (broken: Broken, region: number): boolean =>
  !runs(broken, region) || slow(broken, region) || !probed(broken, region);

/** Whatever it says of itself, what its clients write there is kept. */
export const takes = (broken: Broken, region: number): boolean =>
  runs(broken, region) && probed(broken, region) && routerWorks(broken, region);

/** Would take clients if admission let it, and could say so: a throttled region serves on, but nobody may count on it. */
export const able = (broken: Broken, region: number): boolean =>
  writes(broken, region) && probed(broken, region) && routerWorks(broken, region);

export const replicates = (model: Model, broken: Broken, observer: number, peer: number): boolean =>
  runs(broken, observer) && runs(broken, peer) && !isCut(model, broken, observer, peer, REPLICATION);

/** The observer's reads of the peer's own replica, which may be told that it throttles. */
export const sees = (model: Model, broken: Broken, observer: number, peer: number): boolean =>
  runs(broken, peer) && !slow(broken, peer) && !isCut(model, broken, observer, peer, HTTPS);

/** While its own table throttles a region serves from a peer's. */
export const servesElsewhere = (model: Model, broken: Broken, region: number): boolean =>
  othersOf(model, region).some((peer) => readable(broken, peer) && sees(model, broken, region, peer));

export const answers = (model: Model, broken: Broken, observer: number, peer: number): boolean =>
  !has(broken, peer, 'crash') && !isCut(model, broken, observer, peer, HTTPS);

export function modelOf(options: ModelOptions): Model {
  const { constants, regions, faults } = options;
  const tickMs = constants.heartbeatMs;
  const reachedFor = Math.floor(constants.reachedMs / tickMs);
  const fresh = Math.floor(constants.freshMs / tickMs);
  const names = ['A', 'B', 'C', 'D'].slice(0, regions);
  return {
    ...options,
    tickMs,
    names,
    others: names.map((own) => [...names.keys()].filter((region) => names[region] !== own)),
    possibleFaults: faultsOf(names).filter(({ name }) => {
      const [kind = ''] = name.split(' ');
      return faults ? faults.includes(kind) : !kind.startsWith('throttled') && kind !== 'slow';
    }),
    fresh,
    quiet: Math.ceil(constants.quietMs / tickMs),
    hold: Math.ceil(constants.holdMs / tickMs),
    edge: Math.floor(constants.edgeMs / tickMs),
    patience: Math.ceil(constants.patienceMs / tickMs),
    reachedFor,
    window: fresh + reachedFor + 1,
  };
}

function faultsOf(names: readonly string[]): Fault[] {
  const all = [...names.keys()];
  const pairs = all.flatMap((a) => all.flatMap((b) => (a === b ? [] : [[a, b] as const])));
  const cut =
    (channel: number) =>
    (a: number, b: number): Broken => {
      return { ...NOTHING, links: linkBit(names.length, a, b, channel) };
    };
  const [replication, https] = [cut(REPLICATION), cut(HTTPS)];
  const single = names.flatMap((name, region) =>
    REGION_BREAKS.map((kind) => ({ name: `${kind} ${name}`, breaks: ofRegion(region, kind) })),
  );
  const links = pairs.flatMap(([a, b]) => [
    { name: `replication ${names[b]} to ${names[a]}`, breaks: replication(a, b) },
    { name: `https ${names[a]} to ${names[b]}`, breaks: https(a, b) },
  ]);
  const together = (['crash', 'world', 'table'] as const).map((kind) => ({
    name: `all ${kind}`,
    breaks: union(all.map((region) => ofRegion(region, kind))),
  }));
  // The load balancer of one region is gone: neither the world nor a peer reaches it, its replication lives.
  const edges = names.map((name, region) => ({
    name: `balancer ${name}`,
    breaks: union([ofRegion(region, 'world'), ...all.filter((p) => p !== region).map((p) => https(p, region))]),
  }));
  const cuts = names.map((name, region) => ({
    name: `partition ${name}`,
    breaks: union(pairs.filter((pair) => pair.includes(region)).flatMap(([a, b]) => [replication(a, b), https(a, b)])),
  }));
  // With two regions, cutting off one is cutting off the other.
  return [...single, ...links, ...together, ...edges, ...cuts.slice(0, names.length === 2 ? 1 : undefined)];
}
