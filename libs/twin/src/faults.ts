// The faults in force: services and the network ask here what is broken now; drills start and end faults.
import { AWS_ENDPOINTS, GLOBAL_REGION, LOSS_KINDS, shareOf, type Fault, type FaultKind } from '@dr/contracts';
import type { EventLog } from './event-log';
import { fnv1a, type Random } from './kernel/random';
import type { RegionNames } from './region-names';
import type { Delivery, Site } from './site';

/** A fault in force, with AWS ids for the names that it has. */
interface Active {
  readonly fault: Fault;
  readonly awsRegion: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export class FaultState {
  private readonly active = new Map<Fault, Active>();
  private readonly struck = new Map<FaultKind, number>();
  private readonly startListeners: ((fault: Fault) => void)[] = [];
  private readonly endListeners: ((fault: Fault) => void)[] = [];

  constructor(
    private readonly regionNames: RegionNames,
    private readonly events: EventLog,
    private readonly random: Random,
    /** Decides which requests a gray failure strikes, and nothing else. */
    private readonly grayRandom: Random,
    private readonly entryFunction?: string,
  ) {}

  start(fault: Fault): void {
    const { region, from, to } = fault;
    const idOf = (name?: string): string | undefined =>
      name === undefined ? undefined : this.regionNames.awsRegionOf(name);
    this.active.set(fault, { fault, awsRegion: this.regionNames.awsRegionOf(region), from: idOf(from), to: idOf(to) });
    this.events.record({ kind: 'fault-start', fault });
    for (const listener of this.startListeners) listener(fault);
  }

  end(fault: Fault): void {
    if (!this.active.delete(fault)) return;
    this.events.record({ kind: 'fault-end', fault });
    for (const listener of this.endListeners) listener(fault);
  }

  /** Called when a fault starts (e.g. Lambda kills the environments of a region that lost power). */
  onStart(listener: (fault: Fault) => void): void {
    this.startListeners.push(listener);
  }

  onEnd(listener: (fault: Fault) => void): void {
    this.endListeners.push(listener);
  }

  /** Is such a fault in force for the AWS region? Draws for intensity below 1, so ask once per call it may hit. */
  hits(kind: FaultKind, awsRegion: string, functionName?: string): boolean {
    return this.isStruck(
      kind,
      (active) =>
        active.awsRegion === awsRegion && (functionName === undefined || this.isAimedAt(active.fault, functionName)),
    );
  }

  /** Does a fault of functions strike this one? */
  isAimedAt(fault: Fault, functionName: string): boolean {
    return (fault.functionName ?? this.entryFunction ?? functionName) === functionName;
  }

  /** Nothing runs there: no power, or the region's services are stopped. */
  isDown(awsRegion: string): boolean {
    if (this.active.size === 0) return false;
    if (awsRegion === GLOBAL_REGION && this.isGlobalDown()) return true;
    return LOSS_KINDS.some((kind) => this.hits(kind, awsRegion));
  }

  /** Extra milliseconds a connection to the region takes before it opens (region-slow). */
  connectDelayMs(awsRegion: string): number {
    return this.hits('region-slow', awsRegion) ? SLOW_CONNECT_MS : 0;
  }

  /** Does the name of the service's endpoint in the region lead nowhere now? Of a share of the questions, where the fault has one. */
  isNameEmpty(service: string, awsRegion: string): boolean {
    return this.isStruck(
      'dns-empty',
      (active) => active.awsRegion === awsRegion && (active.fault.service ?? AWS_ENDPOINTS[0]) === service,
    );
  }

  /** How many zones of the region have no power. */
  darkZones(awsRegion: string): number {
    let most = 0;
    for (const active of this.active.values()) {
      const { kind, zones = 1 } = active.fault;
      if (kind === 'zone-dark' && active.awsRegion === awsRegion) most = Math.max(most, zones);
    }
    return most;
  }

  /** Does a gray failure strike this request? One that does not leave the region meets none. Draws, so ask once for each request. */
  isStruckByGray(from: Site, awsRegion: string): boolean {
    return (from.group !== 'region' || from.at !== awsRegion) && this.hits('gray', awsRegion);
  }

  /** True while packets from one AWS region to another vanish: what replication, too, has to wait for. */
  isLinkCut(from: Site, to: Site): boolean {
    return this.isStruck('link-cut', (cut) => cut.from === linkEnd(from) && cut.to === linkEnd(to));
  }

  /** What happens to a packet between two sites now. Reaching the world out of a region is cut like reaching into it. */
  delivery(from: Site, to: Site): Delivery {
    if (this.active.size === 0) return 'delivered';
    for (const site of [to, from]) {
      if (site.group !== 'region') continue;
      if (this.hits('region-refuses', site.at)) return 'refused';
      if (this.hits('region-dark', site.at)) return 'dropped';
    }
    if (to.group === 'region' && to.at === GLOBAL_REGION && this.isGlobalDown()) return 'dropped';
    if (from.at === to.at && from.group === to.group) return 'delivered';
    const bothRegions = from.group === 'region' && to.group === 'region';
    for (const site of [from, to]) {
      if (site.group !== 'region') continue;
      const other = site === from ? to : from;
      const isPeer = bothRegions && other.at !== GLOBAL_REGION;
      if (isPeer && this.hits('partition', site.at)) return 'dropped';
      if (!isPeer && this.hits('isolated', site.at)) return 'dropped';
    }
    return this.isLinkCut(from, to) ? 'dropped' : 'delivered';
  }

  /**
   * Milliseconds that clocks in the region run ahead. With `environment`, the clock of that execution environment; without, the
   * clocks of the region's services, which are never minutes off [A].
   */
  clockSkewMs(awsRegion: string, environment?: string): number {
    const regional = this.offIf('clock-skew', awsRegion, CLOCK_SKEW_MS);
    if (environment === undefined) return regional;
    const stepped =
      this.offIf('clock-ahead', awsRegion, CLOCK_STEP_MS) - this.offIf('clock-behind', awsRegion, CLOCK_STEP_MS);
    return regional + stepped + (this.hits('clock-drift', awsRegion) ? driftOf(environment) : 0);
  }

  private offIf(kind: FaultKind, awsRegion: string, ms: number): number {
    return this.hits(kind, awsRegion) ? ms : 0;
  }

  /** Share of a topic's deliveries that come twice, and share of those that come late; 0 while SNS of the region is in order. */
  disorderShare(awsRegion: string): number {
    for (const { fault, ...struck } of this.active.values()) {
      if (fault.kind !== 'sns-disorder' || struck.awsRegion !== awsRegion) continue;
      this.struck.set(fault.kind, this.timesStruck(fault.kind) + 1);
      return shareOf(fault);
    }
    return 0;
  }

  private isGlobalDown(): boolean {
    return this.isStruck('us-east-1-down', () => true);
  }

  /** How often a fault of the kind has decided what became of a packet, a call or a clock. */
  timesStruck(kind: FaultKind): number {
    return this.struck.get(kind) ?? 0;
  }

  private isStruck(kind: FaultKind, applies: (active: Active) => boolean): boolean {
    // Most of a run: every packet and call asks.
    if (this.active.size === 0) return false;
    for (const active of this.active.values()) {
      if (active.fault.kind === kind && applies(active) && this.strikes(active.fault)) return true;
    }
    return false;
  }

  private strikes(fault: Fault): boolean {
    const { kind } = fault;
    const share = shareOf(fault);
    const random = kind === 'gray' ? this.grayRandom : this.random;
    const isStruck = share >= 1 || random.next() < share;
    if (isStruck) this.struck.set(kind, this.timesStruck(kind) + 1);
    return isStruck;
  }

  /** Is the fault one of that AWS region? */
  isIn(fault: Fault, awsRegion: string): boolean {
    return this.regionNames.awsRegionOf(fault.region) === awsRegion;
  }
}

const linkEnd = (site: Site): string => (site.group === 'region' ? site.at : site.group);

/** [A] Just under Route 53's connect limit. */
const SLOW_CONNECT_MS = 3_900;
const CLOCK_SKEW_MS = 2_000;
const CLOCK_DRIFT_MS = 2_000;
/** Below the 5 minutes beyond which AWS refuses a signature. */
const CLOCK_STEP_MS = 180_000;

/** From -2 s to 2 s, always the same for the same environment. */
const driftOf = (environment: string): number =>
  ((fnv1a(environment) >>> 0) % (2 * CLOCK_DRIFT_MS + 1)) - CLOCK_DRIFT_MS;
