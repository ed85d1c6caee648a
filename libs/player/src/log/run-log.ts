// A log, kept in such a way that any instant of it can be asked for. It may grow while it is asked.
import { FAULTS, type Fault } from '@dr/contracts';
import type { EventOf, LogEnd, LoggedEvent, LogHeader } from '@dr/event-log';
import { ClientItems } from './client-items';
import { Clients } from './clients';
import { Region } from './region';
import { Replication } from './replication';
import { insertTime, Steps } from './steps';

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
  /** The line that says so. */
  readonly line: EventOf<'log'>;
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
/** Kinds that come all the time. */
const ROUTINE: ReadonlySet<string> = new Set<LoggedEvent['kind']>([
  ...(['probe', 'request', 'invocation', 'dns-query'] as const),
  ...(['item-written', 'item-replicated', 'control-written'] as const),
]);

/** By these the beginning and the end of a fault are known as the same one's. */
const SAME = ['kind', 'startSeconds', 'region', 'functionName', 'service', 'zones', 'from', 'to'] as const;

const isKnown = (event: AnyEvent): event is LoggedEvent => Object.hasOwn(KINDS, event.kind);

export interface StruckBy {
  readonly fault: Fault;
  readonly startMs: number;
  /** Infinity while it lasts. */
  endMs: number;
}

export class RunLog {
  readonly header: LogHeader;
  /** Changes whenever something is added: what was worked out before no longer holds. */
  version = 0;
  /** Changes with what is more than a count: a fault, an answer, a verdict, a client that goes down or is back. */
  changes = 0;
  /** `running`: more is to come. `cut`: the log ends before the run did. */
  state: 'running' | 'ended' | 'cut' = 'running';
  end: LogEnd | null = null;
  /** How far the run is known. */
  endMs = 0;
  readonly clients = new Clients();
  /** The system's own, in their order, and then every other one that something happened in. */
  readonly regions: Region[] = [];
  readonly replication: Replication;
  /** By the place that asks. */
  readonly answers = new Map<string, Steps<readonly string[]>>();
  readonly states = new Steps<Transition>();
  /** Every fault that began, in order. */
  readonly faults: StruckBy[] = [];
  readonly unknown: AnyEvent[] = [];

  private readonly all: AnyEvent[] = [];
  private readonly byName = new Map<string, Region>();
  private readonly said = new Set<string>();
  private readonly items = new ClientItems();

  /** A whole log, or one that was cut off. */
  constructor({ header, events, end }: GivenLog) {
    this.header = header;
    const own = header.regions.map((id) => this.region(id));
    this.replication = new Replication(own.map(({ name }) => name));
    this.append(events);
    if (end) this.finish(end);
    else this.cut();
  }

  /** Of a run that has just begun. */
  static running(header: LogHeader): RunLog {
    const log = new RunLog({ header, events: [], end: null });
    log.state = 'running';
    return log;
  }

  get events(): readonly AnyEvent[] {
    return this.all;
  }

  /** What happened next, in order of time. */
  append(events: readonly AnyEvent[]): void {
    for (const event of events) {
      this.all.push(event);
      if (isKnown(event)) this.add(event);
      else this.unknown.push(event);
    }
    this.advance(events.at(-1)?.atMs ?? 0);
  }

  /** The run has come so far, whether or not something has happened. */
  advance(toMs: number): void {
    this.endMs = Math.max(this.endMs, toMs);
    this.version += 1;
  }

  finish(end: LogEnd): void {
    this.end = end;
    this.endMs = end.atMs;
    this.state = 'ended';
    this.version += 1;
  }

  /** Nothing more will come, and nobody knows how it ended. */
  cut(): void {
    this.state = 'cut';
    this.version += 1;
  }

  /** Of a log that was cut off: the end of the last fault that was planned, where that is later than the log's own end. */
  get plannedEndMs(): number {
    if (this.state !== 'cut') return this.endMs;
    const ends = this.header.faults.map(({ startSeconds, durationSeconds }) => (startSeconds + durationSeconds) * 1000);
    return Math.max(this.endMs, ...ends);
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
    this.regions.push(region);
    return region;
  }

  private add(event: LoggedEvent): void {
    if (!ROUTINE.has(event.kind)) this.changes += 1;
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
        for (const waiting of this.items.name(event.itemId)) this.addToItem(waiting);
        if (this.clients.request(event)) this.changes += 1;
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
        region.probed(event);
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
      case 'item-replicated':
        if (this.items.admits(event)) this.addToItem(event);
        break;
      case 'alarm':
        region.alarm(event);
        break;
      case 'delivered':
        region.message(event);
        break;
    }
  }

  /** A version of a client's item was committed in a region, or has come there. */
  private addToItem(event: EventOf<'item-written'> | EventOf<'item-replicated'>): void {
    const { region, atMs } = event;
    const version = `${event.id}\n${event.timestamp}`;
    if (event.kind === 'item-written') {
      insertTime(this.regionOf(region).written, atMs);
      this.replication.written(region, version, atMs);
    } else {
      insertTime(this.regionOf(region).arrived, atMs);
      this.replication.arrived(region, version, atMs);
    }
  }

  private ended({ fault, atMs }: EventOf<'fault-end'>): void {
    const open = this.faults.find(
      (known) => known.endMs === Infinity && SAME.every((field) => known.fault[field] === fault[field]),
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
    const { state, wait } = record;
    region.heartbeats.push(atMs);
    const said = wait === undefined ? state : 'waiting';
    if (region.ownState.change(atMs, typeof said === 'string' ? said : undefined)) this.changes += 1;
  }

  /** What several regions say of one transition counts once: the first one that said it lived. */
  private told(line: EventOf<'log'>): void {
    const { atMs, region: observer, record } = line;
    const { region, from, state, evidence, transitionId } = record;
    if (typeof region !== 'string' || typeof from !== 'string' || typeof state !== 'string') return;
    const id = typeof transitionId === 'string' ? transitionId : `${region} ${from} ${state} ${atMs}`;
    if (this.said.has(id)) return;
    this.said.add(id);
    const because = typeof evidence === 'string' ? evidence : undefined;
    this.states.add(atMs, { atMs, observer, region, from, state, evidence: because, line });
  }
}
