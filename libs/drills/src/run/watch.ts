// Watches a run as it goes: is everybody back in service, is anything still alarmed, undecided or untold? A run ends when all is quiet.
import type { FailoverRecord, OrderRecord, StateRecord } from '@dr/contracts/system';
import type { LoggedEvent } from '@dr/twin';
import { isFailbackNotice } from '../measure/notifications';
import { UNAUTHENTICATED_CLIENT } from './run-record';

export class Watch {
  /** Health check -> region. */
  private readonly unhealthy = new Map<string, string>();
  private readonly answers = new Map<string, string>();
  private readonly answersAtFault = new Map<string, string>();
  private readonly alarmed = new Set<string>();
  /** By region: what each last said of itself. */
  private readonly states = new Map<string, StateRecord>();
  private readonly orders = new Map<string, OrderRecord>();
  private readonly failovers = new Map<string, FailoverRecord>();
  /** Ids of messages that a topic took. */
  private readonly told = new Set<string>();
  private lastChangeMs = 0;
  private failbackTold = false;
  private failedOver = false;
  requests = 0;
  failures = 0;
  /** The last thing that happened, for the progress line. */
  latest = '';

  constructor(private readonly domain: string) {}

  readonly see = (event: LoggedEvent): void => {
    switch (event.kind) {
      case 'request':
        if (event.client.startsWith(UNAUTHENTICATED_CLIENT)) return;
        this.requests += 1;
        if (event.outcome !== 'ok') this.failures += 1;
        return;
      case 'health-check':
        return this.seeHealth(event.healthCheck, event.healthy, event.region, event.atMs);
      case 'dns-answer':
        if (event.name !== this.domain) return;
        this.answers.set(event.from, event.regions.join(','));
        this.lastChangeMs = event.atMs;
        return;
      case 'control-written':
        return this.seeRecord(event.timestamp, event.record);
      case 'published':
        this.failbackTold ||= isFailbackNotice(event);
        if (event.id !== undefined) this.told.add(event.id);
        return;
      case 'alarm':
        if (event.state === 'ALARM') this.alarmed.add(`${event.region}/${event.alarm}`);
        else this.alarmed.delete(`${event.region}/${event.alarm}`);
        return;
      default:
        return;
    }
  };

  /** Remembers the answers that failback must restore. */
  faultBegins(): void {
    this.failedOver = false;
    for (const [from, answer] of this.answers) this.answersAtFault.set(from, answer);
  }

  /** Every region serves, every health check is healthy and every answer is what it was before the fault. */
  isBackInService(): boolean {
    const isHeldBack = [...this.states.values()].some(({ state }) => state !== 'serving');
    if (this.unhealthy.size > 0 || isHeldBack) return false;
    return [...this.answersAtFault].every(([from, answer]) => this.answers.get(from) === answer);
  }

  isAlarmed(): boolean {
    return this.alarmed.size > 0;
  }

  isFailbackTold(): boolean {
    return this.failbackTold;
  }

  /** Some region has left service or come back since the fault began. */
  hasFailedOver(): boolean {
    return this.failedOver;
  }

  /** When health or answers last changed. */
  get changedMs(): number {
    return this.lastChangeMs;
  }

  /** One phrase for each thing that is still on its way; empty: nothing more will happen unless somebody acts. */
  unrest(regions: readonly string[], { machines }: { readonly machines: boolean }): string[] {
    return [...regions.flatMap((region) => this.restless(region)), ...this.openOrders(), ...this.untold(machines)];
  }

  private restless(region: string): string[] {
    const record = this.states.get(region);
    if (!record) return [`${region} has no state`];
    const unhealthy = [...this.unhealthy.values()].includes(region);
    if (record.state === 'recovering') return [`${region} is recovering`];
    if (record.leaving !== null) return [`${region} is leaving by order ${record.leaving}`];
    if (record.state === 'serving' && unhealthy) return [`${region} serves but is unhealthy`];
    if (record.state === 'evacuated' && !unhealthy) return [`${region} is evacuated but healthy`];
    return [];
  }

  private openOrders(): string[] {
    return [...this.orders.values()]
      .filter(({ target, number }) => number > (this.states.get(target)?.closed ?? 0))
      .map(({ target, number, kind }) => `order ${number} (${kind} ${target}) is not decided`);
  }

  /** With `machines`, a serving region's failover must have been closed, too: that takes alarms minutes. */
  private untold(machines: boolean): string[] {
    return [...this.failovers.values()].flatMap(({ writer, regions }) =>
      Object.entries(regions).flatMap(([region, { state, transitions }]) => [
        ...transitions
          .filter(({ transitionId }) => !this.told.has(transitionId))
          .map(({ transitionId }) => `${transitionId} is told by nobody`),
        ...(machines && state !== 'ActiveActive' && this.states.get(region)?.state === 'serving'
          ? [`${writer} takes ${region} for ${state}`]
          : []),
      ]),
    );
  }

  private seeRecord(timestamp: string, record: Readonly<Record<string, unknown>>): void {
    if (timestamp.startsWith('state#')) {
      const state = record as unknown as StateRecord;
      this.states.set(state.region, state);
    } else if (timestamp.startsWith('order#')) {
      this.orders.set(timestamp, record as unknown as OrderRecord);
    } else if (timestamp.startsWith('failover#')) {
      const failover = record as unknown as FailoverRecord;
      this.failovers.set(failover.writer, failover);
    }
  }

  private seeHealth(check: string, healthy: boolean, region: string, atMs: number): void {
    const was = !this.unhealthy.has(check);
    if (was === healthy) return;
    if (healthy) this.unhealthy.delete(check);
    else this.unhealthy.set(check, region);
    this.lastChangeMs = atMs;
    this.failedOver = true;
    this.latest = `${region} ${healthy ? 'healthy again' : 'unhealthy'}`;
  }
}
