// Watches a run as it goes: is the region back in service, is anything still alarmed? The run ends when all is quiet.
import { stateKey } from '@dr/contracts/system';
import type { LoggedEvent } from '@dr/twin';
import { isFailbackNotice } from './notifications';
import { UNAUTHENTICATED_CLIENT } from './run-record';

export class Watch {
  private readonly unhealthy = new Set<string>();
  private readonly answers = new Map<string, string>();
  private readonly answersAtFault = new Map<string, string>();
  private readonly alarmed = new Set<string>();
  /** Regions that hold themselves back, by their own records. */
  private readonly heldBack = new Set<string>();
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
        return this.seeState(event.timestamp, event.record);
      case 'published':
        this.failbackTold ||= isFailbackNotice(event);
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
    if (this.unhealthy.size > 0 || this.heldBack.size > 0) return false;
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

  private seeState(key: string, { region, state }: Readonly<Record<string, unknown>>): void {
    if (typeof region !== 'string' || key !== stateKey(region)) return;
    if (state === 'serving') this.heldBack.delete(region);
    else this.heldBack.add(region);
  }

  private seeHealth(check: string, healthy: boolean, region: string, atMs: number): void {
    const was = !this.unhealthy.has(check);
    if (was === healthy) return;
    if (healthy) this.unhealthy.delete(check);
    else this.unhealthy.add(check);
    this.lastChangeMs = atMs;
    this.failedOver = true;
    this.latest = `${region} ${healthy ? 'healthy again' : 'unhealthy'}`;
  }
}
