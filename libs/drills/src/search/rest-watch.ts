// Watches a run for rest: every region decided and seen so by Route 53, every order decided, every transition told.
import type { FailoverRecord, OrderRecord, StateRecord } from '@dr/contracts/system';
import type { LoggedEvent } from '@dr/twin';

export class RestWatch {
  readonly orders = new Map<string, OrderRecord>();
  private readonly states = new Map<string, StateRecord>();
  private readonly failovers = new Map<string, FailoverRecord>();
  private readonly unhealthy = new Set<string>();
  private readonly told = new Set<string>();

  readonly see = (event: LoggedEvent): void => {
    switch (event.kind) {
      case 'health-check':
        if (event.healthy) this.unhealthy.delete(event.region);
        else this.unhealthy.add(event.region);
        return;
      case 'published':
        if (event.id !== undefined) this.told.add(event.id);
        return;
      case 'control-written':
        return this.seeRecord(event.timestamp, event.record);
      default:
        return;
    }
  };

  /** One phrase for each thing that is still on its way; empty: nothing more will happen unless somebody acts. */
  unrest(regions: readonly string[], { machines }: { readonly machines: boolean }): string[] {
    return [...regions.flatMap((region) => this.restless(region)), ...this.openOrders(), ...this.untold(machines)];
  }

  private restless(region: string): string[] {
    const record = this.states.get(region);
    if (!record) return [`${region} has no state`];
    const unhealthy = this.unhealthy.has(region);
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
}
