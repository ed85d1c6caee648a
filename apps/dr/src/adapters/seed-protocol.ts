// What a pool and its workers say to each other.
import type { MatrixFault, MatrixRow, Objective, SeedOutcome, ShrunkOutcome } from '@dr/drills';

export type SeedJob =
  | { readonly kind: 'run'; readonly stack: string; readonly seed: number }
  | {
      readonly kind: 'shrink';
      readonly stack: string;
      readonly seed: number;
      readonly id: string;
      readonly maxTries: number;
    }
  | {
      readonly kind: 'drill';
      readonly stack: string;
      readonly seed: number;
      readonly fault: MatrixFault;
      readonly objective: Objective;
    };

export type SeedReply =
  | { readonly kind: 'run'; readonly outcome: SeedOutcome }
  | { readonly kind: 'shrink'; readonly shrunk: ShrunkOutcome }
  | { readonly kind: 'drill'; readonly row: MatrixRow }
  | { readonly kind: 'defect'; readonly message: string };
