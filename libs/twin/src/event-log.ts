// The event log: every observation of a run in order, one JSON line each. Measurements and invariants read it, its hash is
// the run's fingerprint.
import { createHash } from 'node:crypto';
import type { LoggedEvent, TwinEvent, EventOf } from '@dr/event-log';
import type { RegionNames } from './region-names';

export type { AlarmState, EventOf, LoggedEvent, TwinEvent } from '@dr/event-log';

export class EventLog {
  readonly events: LoggedEvent[] = [];
  private readonly listeners: ((event: LoggedEvent) => void)[] = [];

  constructor(
    private readonly nowMs: () => number,
    private readonly regionNames: Pick<RegionNames, 'nameOf'>,
  ) {}

  record(event: TwinEvent): void {
    const logged = this.named({ atMs: this.nowMs(), ...event });
    this.events.push(logged);
    for (const listener of this.listeners) listener(logged);
  }

  /** An action that a role, or a service, is not allowed. `region`: AWS id. */
  denied(region: string, role: string, action: string, resource: string): void {
    this.record({ kind: 'denied', region, role, action, resource });
  }

  private named(event: LoggedEvent): LoggedEvent {
    const named = event as Record<string, unknown>;
    for (const key of ['region', 'from']) {
      if (typeof named[key] === 'string') named[key] = this.regionNames.nameOf(named[key]);
    }
    if (event.kind === 'dns-answer') named['regions'] = event.regions.map((id) => this.regionNames.nameOf(id));
    return event;
  }

  /** Called on every event, synchronously; for progress lines, never for behaviour. */
  subscribe(listener: (event: LoggedEvent) => void): void {
    this.listeners.push(listener);
  }

  ofKind<K extends TwinEvent['kind']>(kind: K): EventOf<K>[] {
    return this.events.filter((event): event is EventOf<K> => event.kind === kind);
  }

  /** The log as JSON lines, each ended by a newline. */
  *lines(): Generator<string> {
    for (const event of this.events) yield `${JSON.stringify(event)}\n`;
  }

  /** Hex SHA-256 of the lines. */
  hash(): string {
    const hash = createHash('sha256');
    for (const line of this.lines()) hash.update(line);
    return hash.digest('hex');
  }
}
