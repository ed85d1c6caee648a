// What a console says of a run that goes on: the messages of its stream, and what it is asked.
import type { Fault } from '@dr/contracts';

/** How time passes. */
export interface Clock {
  readonly atMs: number;
  /** Virtual seconds a second: what was asked for, and what was reached lately. */
  readonly asked: number;
  readonly reached: number;
  /** Real ms that the run is behind what was asked for. */
  readonly behindMs: number;
  readonly paused: boolean;
  /** Events that the log has by now. */
  readonly events?: number;
}

export interface InForce {
  readonly id: string;
  readonly fault: Partial<Fault> & Pick<Fault, 'kind'>;
  /** null: until somebody ends it. */
  readonly endsAtMs: number | null;
}

export interface Given {
  readonly faults: readonly InForce[];
  /** Orders of an operator, the newest last. */
  readonly orders: readonly { readonly order: string; readonly region: string; readonly atMs?: number }[];
}

export type Place = 'region' | 'functionName' | 'from' | 'to';

/** Where the system is reached from outside of the page, and what can be done with it. */
export interface Endpoints {
  readonly dns: {
    readonly address: string;
    readonly port: number;
    readonly name: string;
    /** Who asks there is a client near that region. */
    readonly vantages: readonly { readonly region: string; readonly port: number }[];
  };
  readonly regions: readonly {
    readonly name: string;
    readonly awsRegion: string;
    readonly loadBalancer: string;
    readonly dynamodb: string;
    readonly table: string | null;
  }[];
  /** Of this run; null: the API asks for none. */
  readonly apiKey: string | null;
  readonly choices: {
    readonly faults: readonly {
      readonly kind: Fault['kind'];
      readonly title: string;
      readonly needs: readonly Place[];
    }[];
    readonly functions: readonly string[];
    readonly orders: readonly string[];
    readonly maxSpeed: number;
  };
}

export type Command =
  | { readonly do: 'begin'; readonly fault: InForce['fault']; readonly seconds?: number }
  | { readonly do: 'end'; readonly id: string }
  | { readonly do: 'end-all' | 'pause' | 'resume' }
  | { readonly do: 'order'; readonly order: string; readonly region: string }
  | { readonly do: 'speed'; readonly asked: number };
