// The event log: every observation of a run in order, one JSON line each. Measurements and invariants read it, its hash is
// the run's fingerprint.
import { createHash } from 'node:crypto';
import type { Fault } from '@dr/contracts';
import type { RegionNames } from './region-names';
import type { HttpFailure } from './site';

/**
 * Regions are recorded by AWS id, and logged by name (`mumbai`), or as `us-east-1` for what is global. Times: ms since the start of
 * the run.
 */
export type TwinEvent =
  | { kind: 'fault-start' | 'fault-end'; fault: Fault }
  /** One probe of one checker. `answeredBy`: the function, or `fixed-response` / `redirect` of the load balancer. */
  | {
      kind: 'probe';
      healthCheck: string;
      checker: string;
      region: string;
      outcome: 'healthy' | HttpFailure | 'bad-status' | 'no-match';
      status?: number;
      answeredBy?: string;
    }
  | { kind: 'checker'; healthCheck: string; checker: string; region: string; healthy: boolean }
  | {
      kind: 'health-check';
      healthCheck: string;
      region: string;
      healthy: boolean;
      healthyCheckers: number;
      checkers: number;
    }
  /** The records that answer for `name` asked from `from` changed. */
  | { kind: 'dns-answer'; name: string; from: string; regions: readonly string[] }
  | { kind: 'dns-query'; name: string; client: string; region: string; ttlSeconds: number }
  | {
      kind: 'request';
      client: string;
      /** Home region of the client, i.e. the one nearest to it. */
      home: string;
      method: string;
      /** Method and path, with a placeholder for what differs from request to request. */
      route: string;
      itemId: string;
      /** The region that DNS sent it to. */
      region: string;
      startedMs: number;
      outcome: 'ok' | 'http-error' | HttpFailure;
      status?: number;
      dataRegion?: string;
      /** For an acknowledged write: the version's stamp. For a read: stamp of what was read, if any. */
      stamp?: string;
      /** Of a write with a precondition: the version that it is to follow; `*`: there must be none. */
      follows?: string;
      /** Of a write whose key belongs to another one: the stamp of that. */
      reuses?: string;
    }
  | {
      kind: 'invocation';
      region: string;
      functionName: string;
      environment: string;
      trigger: string;
      outcome: 'ok' | 'error' | 'timeout' | 'throttled' | 'init-error' | 'killed';
      cold: boolean;
      startedMs: number;
      detail?: string;
    }
  | { kind: 'denied'; region: string; role: string; action: string; resource: string }
  /** A structured log line of a handler (metrics left out), when it has level INFO or above. */
  | { kind: 'log'; region: string; functionName: string; record: Readonly<Record<string, unknown>> }
  | { kind: 'item-written'; region: string; id: string; timestamp: string }
  /** Beside `item-written`, for records by which the system steers itself: what the region now says. */
  | { kind: 'control-written'; region: string; timestamp: string; record: Readonly<Record<string, unknown>> }
  | {
      kind: 'item-replicated';
      region: string;
      from: string;
      id: string;
      timestamp: string;
      lagMs: number;
      applied: boolean;
    }
  | { kind: 'alarm'; region: string; alarm: string; state: AlarmState; previous: AlarmState; reason: string }
  /** A message accepted by a topic. `publisher`: function name, or the alarm's name. `id`: the body's own, if it has one. */
  | {
      kind: 'published';
      region: string;
      topic: string;
      subject: string;
      publisher: string;
      messageId: string;
      id?: string;
    }
  /** A message that reached a person (email, sms). */
  | {
      kind: 'delivered';
      region: string;
      topic: string;
      protocol: string;
      endpoint: string;
      subject: string;
      messageId: string;
    };

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export type LoggedEvent = TwinEvent & { readonly atMs: number };
export type EventOf<K extends TwinEvent['kind']> = Extract<TwinEvent, { kind: K }> & { readonly atMs: number };

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
