// A log, read once and kept in such a way that any instant of it can be asked for.
import { FAULTS, type Fault } from '@dr/contracts';
import type { EventOf, LogEnd, LoggedEvent, LogHeader } from '@dr/event-log';
import { Clients } from './clients';
import { Region } from './region';
import { Replication } from './replication';
import { Steps } from './steps';

/** A log as the page is given it. Events of kinds that nobody knows are among the events. */
export interface GivenLog {
  readonly header: LogHeader;
  readonly events: readonly AnyEvent[];
  readonly end: LogEnd | null;
}

export type AnyEvent = LoggedEvent | { readonly kind: string; readonly atMs: number };

/** A region has moved from one failover state to another. */
export interface Transition {
  readonly atMs: number;
  /** Region that said so first. */
  readonly observer: string;
  /** Region that it is about. */
  readonly region: string;
  readonly from: string;
  readonly state: string;
  readonly evidence: string | undefined;
}

/** Each kind once: the compiler holds it against the format. */
const KINDS: Readonly<Record<LoggedEvent['kind'], true>> = {
  'fault-start': true,
  'fault-end': true,
  probe: true,
  checker: true,
  'health-check': true,
  'dns-answer': true,
  'dns-query': true,
  request: true,
  invocation: true,
  denied: true,
  log: true,
  'item-written': true,
  'control-written': true,
  'item-replicated': true,
  alarm: true,
  published: true,
  delivered: true,
};
const isKnown = (event: AnyEvent): event is LoggedEvent => Object.hasOwn(KINDS, event.kind);

export class RunLog {
  readonly header: LogHeader;
  readonly end: LogEnd | null;
  readonly events: readonly AnyEvent[];
  readonly endMs: number;
  readonly clients = new Clients();
  /** The system's own, in their order, and then every other one that something happened in. */
  readonly regions: readonly Region[];
  readonly replication: Replication;
  /** By the place that asks. */
  readonly answers = new Map<string, Steps<readonly string[]>>();
  readonly states = new Steps<Transition>();
  /** Every fault that began, in order. `endMs` is Infinity while it lasts. */
  readonly faults: { readonly fault: Fault; readonly startMs: number; endMs: number }[] = [];
  readonly unknown: AnyEvent[] = [];

  private readonly byName = new Map<string, Region>();
  private readonly said = new Set<string>();
  private readonly clientItems: ReadonlySet<string>;

  constructor({ header, events, end }: GivenLog) {
    this.header = header;
    this.events = events;
    this.end = end;
    this.endMs = end?.atMs ?? events.at(-1)?.atMs ?? 0;
    const own = header.regions.map((id) => this.region(id));
    this.replication = new Replication(own.map(({ name }) => name));
    const requests = events.filter((event): event is EventOf<'request'> => event.kind === 'request');
    this.clientItems = new Set(requests.map(({ itemId }) => itemId));
    for (const event of events) {
      if (isKnown(event)) this.add(event);
      else this.unknown.push(event);
    }
    this.regions = [...this.byName.values()];
  }

  /** Regions of the system. */
  get own(): readonly Region[] {
    return this.regions.slice(0, this.header.regions.length);
  }

  /** undefined: no fault had begun by the end of the log. */
  get firstFaultMs(): number | undefined {
    return this.faults[0]?.startMs;
  }

  faultsAt(region: string, atMs: number): readonly Fault[] {
    return this.faults
      .filter(({ fault, startMs, endMs }) => fault.region === region && startMs <= atMs && atMs < endMs)
      .map(({ fault }) => fault);
  }

  /** Nothing in it runs, and nothing in it is reached. */
  isDark = (region: string, atMs: number): boolean =>
    this.faultsAt(region, atMs).some(({ kind }) => FAULTS[kind]?.group === 'loss');

  regionOf(name: string): Region {
    return this.byName.get(name) ?? this.region({ name, awsRegion: name });
  }

  private region(id: LogHeader['regions'][number]): Region {
    const region = new Region(id);
    this.byName.set(id.name, region);
    return region;
  }

  private add(event: LoggedEvent): void {
    switch (event.kind) {
      case 'fault-start':
        this.faults.push({ fault: event.fault, startMs: event.atMs, endMs: Infinity });
        break;
      case 'fault-end':
        this.ended(event);
        break;
      case 'dns-query':
        this.clients.query(event);
        break;
      case 'request':
        this.clients.request(event);
        if (this.clients.requests.at(-1) === event) {
          const { served, failed } = this.regionOf(event.region);
          (event.outcome === 'ok' ? served : failed).push(event.atMs);
        }
        break;
      case 'dns-answer':
        this.answer(event);
        break;
      case 'log':
        this.told(event);
        break;
      default:
        this.addToRegion(event);
    }
  }

  private addToRegion(event: LoggedEvent): void {
    if (!('region' in event)) return;
    const region = this.regionOf(event.region);
    const { atMs } = event;
    switch (event.kind) {
      case 'probe':
        region.checker(event.checker).probes.add(atMs, event.outcome === 'healthy');
        break;
      case 'checker':
        region.checker(event.checker).healthy.add(atMs, event.healthy);
        break;
      case 'health-check':
        region.verdict.add(atMs, event);
        break;
      case 'invocation':
        region.invoked(event);
        break;
      case 'control-written':
        this.ownWord(region, event);
        break;
      case 'item-written':
        if (!this.clientItems.has(event.id)) break;
        region.written.push(atMs);
        this.replication.written(event.region, `${event.id}\n${event.timestamp}`, atMs);
        break;
      case 'item-replicated':
        if (!this.clientItems.has(event.id)) break;
        region.arrived.push(atMs);
        this.replication.arrived(event.region, `${event.id}\n${event.timestamp}`, atMs);
        break;
      case 'alarm':
        region.alarm(event);
        break;
      case 'delivered':
        region.message(event);
        break;
    }
  }

  private ended({ fault, atMs }: EventOf<'fault-end'>): void {
    const open = this.faults.find(
      (known) =>
        known.endMs === Infinity && known.fault.kind === fault.kind && known.fault.startSeconds === fault.startSeconds,
    );
    if (open) open.endMs = atMs;
  }

  private answer({ name, from, regions, atMs }: EventOf<'dns-answer'>): void {
    if (name !== this.header.domain) return;
    let steps = this.answers.get(from);
    if (!steps) this.answers.set(from, (steps = new Steps()));
    steps.add(atMs, regions);
  }

  /** A record in which the region itself says what it does. */
  private ownWord(region: Region, { atMs, record }: EventOf<'control-written'>): void {
    if (record['region'] !== region.name) return;
    const { state } = record;
    region.own.add(atMs, { state: typeof state === 'string' ? state : undefined });
  }

  /** What several regions say of one transition counts once: the first one that said it lived. */
  private told({ atMs, region: observer, record }: EventOf<'log'>): void {
    const { region, from, state, evidence, transitionId } = record;
    if (typeof region !== 'string' || typeof from !== 'string' || typeof state !== 'string') return;
    const id = typeof transitionId === 'string' ? transitionId : `${region} ${from} ${state} ${atMs}`;
    if (this.said.has(id)) return;
    this.said.add(id);
    const because = typeof evidence === 'string' ? evidence : undefined;
    this.states.add(atMs, { atMs, observer, region, from, state, evidence: because });
  }
}
