// What a pool and its workers say to each other.
import type { SeedOutcome, ShrunkOutcome } from '@dr/drills';

export type SeedJob =
  | { readonly kind: 'run'; readonly stack: string; readonly seed: number }
  | {
      readonly kind: 'shrink';
      readonly stack: string;
      readonly seed: number;
      readonly id: string;
      readonly maxTries: number;
    };

export type SeedReply =
  | { readonly kind: 'run'; readonly outcome: SeedOutcome }
  | { readonly kind: 'shrink'; readonly shrunk: ShrunkOutcome }
  | { readonly kind: 'defect'; readonly message: string };
