// Watches a run as it goes: is everybody back in service, is anything still alarmed, undecided or untold? A run ends when all is quiet.
import type { LoggedEvent } from '@dr/twin';
import type { SystemWatch } from '../system-under-drill';
import { UNAUTHENTICATED_CLIENT } from './run-record';

export class Watch {
  /** Health check -> region. */
  private readonly unhealthy = new Map<string, string>();
  private readonly answers = new Map<string, string>();
  private readonly answersAtFault = new Map<string, string>();
  private readonly alarmed = new Set<string>();
  private failedOver = false;
  /** When health or answers last changed. */
  changedMs = 0;
  requests = 0;
  failures = 0;
  /** The last thing that happened, for the progress line. */
  latest = '';

  constructor(
    private readonly domain: string,
    private readonly system?: SystemWatch,
  ) {}

  readonly see = (event: LoggedEvent): void => {
    this.system?.see(event);
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
        this.changedMs = event.atMs;
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
    if (this.unhealthy.size > 0 || this.system?.isInService() === false) return false;
    return [...this.answersAtFault].every(([from, answer]) => this.answers.get(from) === answer);
  }

  /** Regions that wait for an order to serve again. */
  waiting(): readonly string[] {
    return this.system?.waiting?.() ?? [];
  }

  /** Nobody waits for news any more: of a return, where a region had left service, else of the end of every alarm. */
  isTold(): boolean {
    return this.failedOver && this.system ? this.system.isReturnTold() : this.alarmed.size === 0;
  }

  /** One phrase for each thing that is still on its way; empty: nothing more will happen unless somebody acts. */
  unrest(regions: readonly string[], thorough: boolean): string[] {
    const unhealthy = new Set(this.unhealthy.values());
    const isUnhealthy = (region: string): boolean => unhealthy.has(region);
    return (
      this.system?.unrest(regions, isUnhealthy, thorough) ??
      regions.filter(isUnhealthy).map((region) => `${region} is unhealthy`)
    );
  }

  private seeHealth(check: string, healthy: boolean, region: string, atMs: number): void {
    const was = !this.unhealthy.has(check);
    if (was === healthy) return;
    if (healthy) this.unhealthy.delete(check);
    else this.unhealthy.set(check, region);
    this.changedMs = atMs;
    this.failedOver = true;
    this.latest = `${region} ${healthy ? 'healthy again' : 'unhealthy'}`;
  }
}
