// The event log: every observation of a run in order, one JSON line each. Measurements and invariants read it, its hash is
// the run's fingerprint.
import { createHash } from 'node:crypto';
import { Sequence, type EventOf, type LoggedEvent, type TwinEvent } from '@dr/event-log';
import { keepInMemory } from './kernel/keep';
import { PackedEvents } from './packed-events';
import type { RegionNames } from './region-names';

export type { AlarmState, EventOf, LoggedEvent, TwinEvent } from '@dr/event-log';

export interface LogLimits {
  /** A log of fewer events keeps all of them as they are. */
  readonly short: number;
  /** How many are packed at a time. A log that is not short keeps fewer than twice as many as they are, the latest ones. */
  readonly packed: number;
}

/** The default drill has 43,000 events. */
const LIMITS: LogLimits = { short: 57_344, packed: 2_048 };

export class EventLog implements Iterable<LoggedEvent> {
  private readonly packed: PackedEvents[] = [];
  private readonly recent: LoggedEvent[] = [];
  private readonly listeners: ((event: LoggedEvent) => void)[] = [];

  constructor(
    private readonly nowMs: () => number,
    private readonly regionNames: Pick<RegionNames, 'nameOf'>,
    private readonly keep = keepInMemory,
    private readonly limits = LIMITS,
  ) {}

  record(event: TwinEvent): void {
    const logged = this.named({ atMs: this.nowMs(), ...event });
    this.recent.push(logged);
    for (const listener of this.listeners) listener(logged);
    this.pack();
  }

  private pack(): void {
    const { recent, limits, packed } = this;
    if (packed.length === 0 && recent.length < limits.short) return;
    while (recent.length >= 2 * limits.packed)
      packed.push(new PackedEvents(recent.splice(0, limits.packed), this.keep));
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

  get length(): number {
    return this.packed.length * this.limits.packed + this.recent.length;
  }

  /** All events in order. An event of long ago is another object in each walk. */
  *[Symbol.iterator](): Generator<LoggedEvent> {
    for (const packed of this.packed) yield* packed;
    yield* this.recent;
  }

  /** Gone through one by one. */
  each<K extends TwinEvent['kind']>(kind: K): Sequence<EventOf<K>> {
    return new Sequence(() => this.walk(kind));
  }

  ofKind<K extends TwinEvent['kind']>(kind: K): EventOf<K>[] {
    return [...this.walk(kind)];
  }

  private *walk<K extends TwinEvent['kind']>(kind: K): Generator<EventOf<K>> {
    for (const packed of this.packed) yield* packed.ofKind(kind);
    for (const event of this.recent) if (event.kind === kind) yield event as EventOf<K>;
  }

  /** As an array's. */
  slice(from: number, to: number): LoggedEvent[] {
    const { packed: size } = this.limits;
    const first = Math.floor(from / size);
    const old = this.packed.slice(first, Math.ceil(to / size)).flatMap((packed) => [...packed]);
    const recent = this.packed.length * size;
    return [
      ...old.slice(from - first * size, to - first * size),
      ...this.recent.slice(Math.max(0, from - recent), Math.max(0, to - recent)),
    ];
  }

  /** The log as JSON lines, each ended by a newline. */
  *lines(): Generator<string> {
    for (const packed of this.packed) for (const text of packed.texts()) yield `${text}\n`;
    for (const event of this.recent) yield `${JSON.stringify(event)}\n`;
  }

  /** Hex SHA-256 of the lines. */
  hash(): string {
    const hash = createHash('sha256');
    for (const line of this.lines()) hash.update(line);
    return hash.digest('hex');
  }
}
