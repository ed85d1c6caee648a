// Follows the control records of a run: is a region held back, an order undecided, a transition untold?
import { CONTROL_ID, type FailoverRecord, type OrderRecord, type StateRecord } from '@dr/contracts/system';
import type { LoggedEvent } from '@dr/twin';
import type { SystemWatch } from '../../system-under-drill';
import { noticeOf } from './notices';

export class ControlWatch implements SystemWatch {
  /** By region: what each last said of itself. */
  private readonly states = new Map<string, StateRecord>();
  private readonly orders = new Map<string, OrderRecord & { readonly writtenIn: string }>();
  private readonly failovers = new Map<string, FailoverRecord>();
  /** Ids of messages that a topic took. */
  private readonly told = new Set<string>();
  private returnTold = false;

  see(event: LoggedEvent): void {
    // Logged before it: what somebody else has written over an order ends it, as nobody can read it any more.
    if (event.kind === 'item-written' && event.id === CONTROL_ID) this.orders.delete(event.timestamp);
    if (event.kind === 'control-written') this.seeRecord(event.timestamp, event.record, event.region);
    if (event.kind !== 'published') return;
    this.returnTold ||= noticeOf(event) === 'failback';
    if (event.id !== undefined) this.told.add(event.id);
  }

  isInService(): boolean {
    return [...this.states.values()].every(({ state }) => state === 'serving');
  }

  waiting(): readonly string[] {
    return [...this.states.values()].filter(({ wait }) => wait !== undefined).map(({ region }) => region);
  }

  isReturnTold(): boolean {
    return this.returnTold;
  }

  unrest(regions: readonly string[], isUnhealthy: (region: string) => boolean, thorough: boolean): string[] {
    return [
      ...regions.flatMap((region) => this.restless(region, isUnhealthy(region))),
      ...this.openOrders(regions),
      ...this.untold(regions, thorough),
    ];
  }

  private restless(region: string, unhealthy: boolean): string[] {
    const record = this.states.get(region);
    if (!record) return [`${region} has no state`];
    // It is done with all that it can do by itself.
    if (record.state === 'recovering' && record.wait) return [];
    if (record.state === 'recovering') return [`${region} is recovering`];
    if (record.leaving !== null) return [`${region} is leaving by order ${record.leaving}`];
    if (record.state === 'serving' && unhealthy) return [`${region} serves but is unhealthy`];
    if (record.state === 'evacuated' && !unhealthy) return [`${region} is evacuated but healthy`];
    return [];
  }

  /** An order in the table of a region that is not among `regions` may have reached nobody. */
  private openOrders(regions: readonly string[]): string[] {
    return [...this.orders.values()]
      .filter(({ target, writtenIn }) => regions.includes(target) && regions.includes(writtenIn))
      .filter(({ target, number }) => number > (this.states.get(target)?.closed ?? 0))
      .map(({ target, number, kind }) => `order ${number} (${kind} ${target}) is not decided`);
  }

  /** With `machines`, a serving region's failover must have been closed, too: that takes alarms minutes. */
  private untold(among: readonly string[], machines: boolean): string[] {
    const records = [...this.failovers.values()].filter(({ writer }) => among.includes(writer));
    return records.flatMap(({ writer, regions }) =>
      Object.entries(regions).flatMap(([region, { state, transitions }]) => [
        ...transitions
          .filter(({ transitionId }) => !this.told.has(transitionId))
          .map(({ transitionId }) => `${transitionId} is told by nobody`),
        ...(machines &&
        state !== 'ActiveActive' &&
        among.includes(region) &&
        this.states.get(region)?.state === 'serving'
          ? [`${writer} takes ${region} for ${state}`]
          : []),
      ]),
    );
  }

  private seeRecord(timestamp: string, record: Readonly<Record<string, unknown>>, writtenIn: string): void {
    if (timestamp.startsWith('state#')) {
      const state = record as unknown as StateRecord;
      this.states.set(state.region, state);
    } else if (timestamp.startsWith('order#')) {
      this.orders.set(timestamp, { ...(record as unknown as OrderRecord), writtenIn });
    } else if (timestamp.startsWith('failover#')) {
      const failover = record as unknown as FailoverRecord;
      this.failovers.set(failover.writer, failover);
    }
  }
}
