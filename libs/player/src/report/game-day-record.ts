// What a game day has left.
import type { RecordedProvenance, Settings } from './document';

/** The file that `dr gameday` keeps: docs/cli.md explains each key. What older versions did not keep is optional. */
export interface GameDayRecord extends RecordedProvenance {
  readonly schema: 1;
  readonly kind: 'game-day';
  readonly name: string;
  readonly system: string;
  readonly domain: string;
  readonly account: string;
  readonly by: string;
  readonly where: 'aws' | 'emulated';
  readonly endpoint: string | null;
  readonly region: string;
  readonly awsRegion: string;
  readonly fault: string;
  readonly durationSeconds: number;
  readonly startedAt: string;
  readonly faultAt: string | null;
  readonly healedAt: string | null;
  readonly undoneBy: 'dr' | 'aws' | null;
  readonly objective: { readonly rtoSeconds: number };
  readonly predicted: { readonly worstDetectionSeconds: number; readonly worstClientSeconds: number };
  readonly twin: {
    readonly fault: string;
    readonly passed: boolean;
    readonly rto: RecoveryTime | null;
    readonly replay: string;
    readonly eventLogHash: string;
  };
  /** null: it was interrupted. */
  readonly measured: {
    readonly newConnections: Population;
    readonly keptConnections: Population;
    readonly backAfterSeconds: number | null;
  } | null;
  readonly passed: boolean;
  readonly reasons: readonly string[];
  readonly commit: string;
  readonly settings?: Settings | undefined;
}

export interface RecoveryTime {
  readonly clientsAffected: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly worstSeconds: number;
}

export interface Population {
  readonly clients: number;
  readonly requests: number;
  readonly failed: number;
  readonly rto: RecoveryTime | null;
  readonly notBeforeHeal: number;
}
