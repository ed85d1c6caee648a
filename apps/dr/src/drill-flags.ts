// Every option of `dr drill`; modes.ts says which go together.
import type { Routing } from '@dr/contracts/system/config';

export interface DrillFlags {
  readonly region?: string;
  readonly duration?: number;
  readonly fault?: string;
  readonly function?: string;
  readonly seed: number;
  readonly routing?: Routing;
  readonly rto?: number;
  readonly regions?: number;
  readonly stack?: string;
  readonly events?: string;
  readonly clients?: number;
  readonly rate?: number;
  readonly history?: true;
  readonly firstStart?: true;
  readonly json?: true;
  readonly seeds?: number;
  readonly schedule?: string;
  readonly jobs?: number;
  readonly stopAfter?: number;
  readonly shrink?: number;
  readonly faults?: string;
}
