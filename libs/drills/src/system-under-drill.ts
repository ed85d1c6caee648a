// The port between the engine and a system: what the engine has to be told of a system to drill it, and what it gives in return.
// The engine knows no system; each lives in a folder of its own under `systems/`.
import type { Fault, FaultKind, Population } from '@dr/contracts';
import type {
  ClientInternet,
  EventOf,
  HttpFailure,
  HttpRequest,
  HttpResponse,
  KnownSystem,
  LoggedEvent,
  PartlyRunOptions,
  PartlyRunTwin,
  Random,
  Twin,
  World,
} from '@dr/twin';
import type { Sequence } from '@dr/event-log';
import type { Graph } from '@dr/terraform-json';
import type { ServedSystem } from '@dr/review';
import type { StackShape } from '@dr/stack';
import type { OrderAction, Schedule } from './schedule/schedule';

export interface SystemUnderDrill extends KnownSystem {
  /** Its twin, of a stack that it knows. @default all of the stack is run, and one that cannot serve is refused */
  twin?(options: Pick<PartlyRunOptions, 'graph' | 'seed' | 'keep'>): PartlyRunTwin;
  /** Faults that can happen to it. @default every kind */
  readonly kinds?: readonly FaultKind[];
  /** What rules on its stack have to know of it. @default nothing: only what holds for any system is refused */
  readonly served?: ServedSystem;
  /** Functions that a fault can name. */
  readonly functions: readonly string[];
  /** What clients of a stack that is ready to start send, and how its answers count. */
  workload(stack: RunningStack): Workload;
  /** False for records that the system keeps for itself. */
  isClientData(item: { readonly id: string }): boolean;
  /** What of its writes is there at the end of a run, or was overwritten by somebody who knew of it. @default what is in every replica */
  kept?(run: RunRecord): (write: VersionName) => boolean;
  /** What is promised of a fault; of a function: where it strikes the one of that name. */
  promises(kind: FaultKind, functionName?: string): FaultPromise;
  /** Beside those of every system, by id, or in the place of one; null: that one is no promise of this system. */
  readonly checks?: Readonly<Record<string, Check | null>>;
  /** What a big batch of schedules must have met at least once: how often a run did. */
  readonly sometimes?: Readonly<Record<string, (run: RunRecord) => number>>;
  /**
   * Fills what the stack declares empty, before any time passes. `inService`: regions that are as after a long time in service; the
   * others were empty until now.
   */
  prepare?(twin: Twin, options: { readonly inService: readonly string[] }): Promise<void>;
  /** Follows one run. @default nothing is ever held back, and nothing is on its way */
  watch?(): SystemWatch;
  /** What a message tells people of; undefined: of neither. @default people hear of alarms, and of nothing else */
  noticeOf?(message: EventOf<'published'>): 'failover' | 'failback' | undefined;
  /** A line that a function logged, for the timeline; undefined: of no interest. */
  narrate?(line: EventOf<'log'>): Narration | undefined;
  /** @default operators give none */
  readonly orders?: {
    /** Gives an order now. */
    give(stack: RunningStack, action: OrderAction): Promise<GivenOrder>;
    outcomes(run: RunRecord): readonly OrderOutcome[];
    /** Is this a stack whose regions, once they were out of service, come back by an order alone? @default by themselves */
    returnsByOrder?(graph: Graph): boolean;
  };
  /** Asks the system itself, after a run, what became of writes. Takes virtual time. */
  audit?(stack: RunningStack, regions: readonly string[]): Promise<readonly Audit[]>;
}

/** A stack on the twin, as drills see it from outside. */
export interface RunningStack extends Pick<StackShape, 'domain' | 'routing' | 'settings'> {
  readonly system: SystemUnderDrill;
  readonly world: World;
  readonly internet: ClientInternet;
  /** Resource types of the stack that are not modelled. */
  readonly notModelled: readonly string[];
  /** Arms checkers, schedules and alarms. */
  start(): void;
  readonly replicas: {
    items(region: string): Iterable<ReplicaItem>;
    /** What no other region has yet: lost if the region is. */
    unreplicated(region: string): readonly VersionName[];
    /** What some other one of `regions` does not have yet, once for each. */
    onTheWay(region: string, regions: readonly string[]): Iterable<VersionName>;
  };
  readonly operator: Operator;
}

/** The stack as somebody with access to its account reaches it. */
export interface Operator {
  /** The items of one partition; undefined: the region does not answer. */
  read(region: string, id: string): Promise<readonly ReplicaItem[] | undefined>;
  /** False: the region did not answer. */
  put(region: string, item: object): Promise<boolean>;
  /**
   * One request to an AWS API of the region (`dynamodb`), as a person near it sends it who may do everything: it meets the faults in
   * force. Takes virtual time; never settles where nothing answers.
   */
  call(region: string, service: string, request: HttpRequest): Promise<HttpResponse | HttpFailure>;
  /** Calls a function behind an alias; time passes until it has answered. Rejects when it fails. */
  invoke(region: string, functionName: string, alias: string, payload: unknown): Promise<unknown>;
  readonly secrets: {
    names(): readonly string[];
    /** undefined: there is no such secret, or it is empty. */
    read(name: string): string | undefined;
    /** In every region at once. */
    write(name: string, value: string): void;
  };
}

/** One item of a replica as stored; more attributes than the key are compared, never interpreted. */
export interface ReplicaItem {
  readonly id: string;
  readonly timestamp: string;
  readonly [attribute: string]: unknown;
}

export type VersionName = Pick<ReplicaItem, 'id' | 'timestamp'>;

export interface Workload {
  /** The operations of one client, one after another. `writeShare`: of its operations, 0-1. */
  next(client: string, random: Random, writeShare: number): () => Operation;
  /** Clients of another kind beside the ordinary ones. `searching`: where what they do is checked, and costs nobody a figure. */
  others(options: { readonly searching: boolean }): readonly ClientLife[];
}

/** One thing that a client wants done: the request, how its answer counts, and what the log says of it. */
export interface Operation {
  readonly method: string;
  /** Method and path, with a placeholder for what differs from request to request. */
  readonly route: string;
  readonly itemId: string;
  /** What else checks have to know. */
  readonly details?: Pick<RequestEvent, 'follows' | 'reuses'>;
  toHttp(host: string): HttpRequest;
  judge(reply: HttpResponse | HttpFailure): Answer;
}

export type Answer = Pick<RequestEvent, 'outcome' | 'status' | 'dataRegion' | 'stamp'>;

/** One client, until the run stops; it begins no request after that. */
export type ClientLife = (run: { readonly stopped: boolean }) => Promise<void>;

export interface FaultPromise {
  /** At least one client must see a failure, else the drill has shown nothing. */
  readonly affectsClients: boolean;
  /** The region must leave the DNS answers and come back. */
  readonly movesTraffic: boolean;
  /** Clients must not feel it, whatever it does to those who operate the system. */
  readonly unfelt: boolean;
  /** Nothing is lost, late or missing, so no alarm may sound. */
  readonly silent: boolean;
  /** Somebody outside the region is told within so long. */
  readonly toldWithinSeconds?: number;
  /** No client is without service for longer, whether traffic moves or not. */
  readonly servedWithinSeconds?: number;
  /** Upper bound of what one failing probe takes; the prediction is made with it. */
  readonly probeSeconds: number;
  /** Nothing of the above is promised: what happens is measured, and held to the objectives. @default false */
  readonly open?: true;
}

export interface SystemWatch {
  see(event: LoggedEvent): void;
  /** No region is held back by the system itself. */
  isInService(): boolean;
  /** Regions that have caught up and wait for an order to serve again. @default none ever does */
  waiting?(): readonly string[];
  /** People know that all regions are back. */
  isReturnTold(): boolean;
  /** One phrase for each thing that is still on its way; `thorough`: slow ones as well. */
  unrest(regions: readonly string[], isUnhealthy: (region: string) => boolean, thorough: boolean): string[];
}

export interface Narration {
  readonly kind: string;
  readonly detail: string;
  /** What several regions say of one thing is told once. */
  readonly once?: string;
}

export interface Check {
  /** The number of the promise in docs/behaviour.md. */
  readonly promise: number;
  /** Whose runs it is made for. Clients, faults and ends of the two differ. */
  readonly of: 'drills' | 'schedules' | 'both';
  readonly judge: (run: RunRecord) => Verdict;
}

export interface Verdict {
  readonly holds: boolean;
  readonly detail: string;
}

/** In order; a log can give those of one kind without going through all. */
export interface Events extends Iterable<LoggedEvent> {
  readonly length: number;
  each?<K extends LoggedEvent['kind']>(kind: K): Sequence<EventOf<K>>;
}

/** What a run leaves behind: the one input of measurements, checks and diagnosis. Plain data, but for the system. */
export interface RunRecord {
  readonly system: SystemUnderDrill;
  readonly events: Events;
  /** Short names, in the stack's order. */
  readonly regions: readonly string[];
  readonly domain: string;
  readonly settings: StackShape['settings'];
  /** Every replica at the end, by region. */
  readonly replicas: Readonly<Record<string, Iterable<ReplicaItem>>>;
  /** Alarms with actions as `<region>/<alarm name>`, by the state whose entry they announce. */
  readonly announcedAlarms: { readonly ALARM: ReadonlySet<string>; readonly OK: ReadonlySet<string> };
  /** Clients that the promise is not about. @default none */
  readonly populations?: readonly Population[];
  /** Of a drill: its fault alone. */
  readonly schedule: Schedule;
  /** So much failed in the warm-up that no fault was injected: there was nothing to lose. */
  readonly stoppedBeforeFault: boolean;
  readonly losses: readonly Loss[];
  readonly orders: readonly GivenOrder[];
  /** Regions that were out of service come back by an order alone. */
  readonly returnsByOrder?: true;
  readonly endMs: number;
  /** What was not yet at rest at the end; empty: all was quiet, or nobody asked. */
  readonly unquiet: readonly string[];
  readonly audits: readonly Audit[];
}

export type RequestEvent = EventOf<'request'>;

/** What the region's replication layer held back at the instant of the fault. */
export interface Loss {
  readonly fault: Fault;
  readonly unreplicated: readonly VersionName[];
}

export interface GivenOrder {
  readonly action: OrderAction;
  /** null: the region that was to take it did not answer, so nothing was ordered. */
  readonly number: number | null;
  readonly expiresAtMs: number;
}

export interface OrderOutcome extends Pick<OrderAction, 'order' | 'region' | 'via' | 'atSeconds'> {
  readonly outcome: string;
  readonly reason: string;
}

/** What one region shows of an item whose writes were retried. */
export interface Audit {
  readonly region: string;
  readonly itemId: string;
  /** Newest first; null: the region did not answer. */
  readonly versions: readonly { readonly timestamp: string; readonly keyUse?: string }[] | null;
}
