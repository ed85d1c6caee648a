// What is at the end of a way under a loss.
import type { Cause, CauseKind } from './cause';
import type { Span } from './outcome';

export interface End {
  /** `part`: some requests are answered, others are not: reads alone, or those of some paths. */
  readonly state: 'well' | 'part' | 'dead' | 'unknown';
  /** Without the loss, this asker's requests would go to what it hits. */
  readonly isHit: boolean;
  /** Where the endpoint itself moves clients, how long that takes; null where no time is published. */
  readonly span?: Span | null;
  /** Of what is moved: by what. */
  readonly how?: string;
  readonly cause?: Cause;
}

export const WELL: End = { state: 'well', isHit: false };

export const dead = (kind: CauseKind, address: string, why: string): End => ({
  state: 'dead',
  isHit: true,
  cause: { kind, address, why },
});

export const notKnown = (address: string, why: string): End => ({
  state: 'unknown',
  isHit: false,
  cause: { kind: 'unknown', address, why },
});
