// Small logs for tests: a run of two regions, or more, in which clients fail as they are told to.
import type { LoggedEvent } from '@dr/event-log';
import type { GivenLog } from '../log/run-log';

export interface Scenario {
  readonly regions?: readonly string[];
  /** `[client, home, startedMs, endMs, ok]`. */
  readonly requests?: readonly (readonly [string, string, number, number, boolean])[];
  readonly more?: readonly LoggedEvent[];
  readonly fault?: { readonly startSeconds: number; readonly durationSeconds: number } | null;
  readonly rtoSeconds?: number;
  /** false: the log was cut off. */
  readonly ended?: boolean;
  readonly reasons?: readonly string[];
  readonly endMs?: number;
}

export function logOf(scenario: Scenario = {}): GivenLog {
  const { regions = ['mumbai', 'singapore'], requests = [], more = [], rtoSeconds = 60, reasons = [] } = scenario;
  const { endMs = 200_000, ended = true } = scenario;
  const fault = scenario.fault === undefined ? { startSeconds: 60, durationSeconds: 60 } : scenario.fault;
  const struck = fault && { kind: 'region-dark' as const, region: 'mumbai', ...fault };
  const events: LoggedEvent[] = [
    ...regions.map((name): LoggedEvent => ({ atMs: 0, kind: 'dns-answer', name: 'app', from: name, regions: [name] })),
    ...requests.map(([client, home, startedMs, atMs, ok]): LoggedEvent => ({
      ...{ atMs, kind: 'request', client, home, method: 'GET', route: 'GET /', itemId: 'a', region: home, startedMs },
      outcome: ok ? 'ok' : 'connect-timeout',
    })),
    ...(struck ? [{ atMs: struck.startSeconds * 1000, kind: 'fault-start' as const, fault: struck }] : []),
    ...(struck && ended
      ? [{ atMs: (struck.startSeconds + struck.durationSeconds) * 1000, kind: 'fault-end' as const, fault: struck }]
      : []),
    ...more,
  ];
  events.sort((a, b) => a.atMs - b.atMs);
  return {
    header: {
      kind: 'log',
      schema: 1,
      program: 'dr 0.1.0',
      commit: 'abc',
      writtenAt: '2026-01-05T00:00:00.000Z',
      run: 'drill',
      seed: 1,
      domain: 'app',
      regions: regions.map((name, index) => ({ name, awsRegion: `aws-${index}` })),
      routing: 'latency',
      settings: { intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10 },
      faults: struck ? [struck] : [],
      orders: [],
      objective: { rtoSeconds, rpoSeconds: 5 },
      predicted: { worstDetectionSeconds: 42, worstClientSeconds: 57 },
      stackSha256: '00',
    },
    events,
    end: ended
      ? { kind: 'end', atMs: endMs, events: events.length, sha256: '00', passed: reasons.length === 0, reasons }
      : null,
  };
}
