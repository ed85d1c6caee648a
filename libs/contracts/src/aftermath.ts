// What the loss of a region for good leaves: what went with it, what cannot be changed, and the way back to redundancy.

export interface Aftermath {
  readonly lost: {
    /** Acknowledged writes that no remaining region has. */
    readonly writes: number;
    readonly versions: readonly { readonly id: string; readonly timestamp: string; readonly ageSeconds: number }[];
    /** Acknowledged writes that some of the remaining regions have and others never get. */
    readonly apart: number;
  };
  /** What of the stack cannot be changed, or not fully, while the region is gone. */
  readonly degraded: readonly Degraded[];
  readonly plan: RecoveryPlan;
}

export interface Degraded {
  /** Addresses in the stack, or what people call it. */
  readonly what: string;
  readonly state: 'lost' | 'read-only' | 'degraded';
  readonly why: string;
  readonly remedy: string;
  /** The page that says so; null: it follows from the stack itself. */
  readonly source: string | null;
}

export interface RecoveryPlan {
  /** Where the stack is to be applied. */
  readonly region: { readonly name: string; readonly awsRegion: string };
  readonly steps: readonly PlanStep[];
  /** GB of the table that the replica is filled from. */
  readonly tableGb: number;
  /** Regions that serve until then. */
  readonly servingMeanwhile: readonly string[];
  /** From the loss until the new region serves; null: it never did on the twin. */
  readonly redundantAfterSeconds: number | null;
  /** How long the loss of one more region would have been an outage; 0: two regions or more went on; null: it never ended. */
  readonly withoutRedundancySeconds: number | null;
}

export interface PlanStep {
  readonly step: string;
  readonly command: string | null;
  /** How long the step takes; null: it did not end on the twin. */
  readonly seconds: number | null;
  /** It begins with the one before, and not after it. */
  readonly alongside?: true;
  readonly basis: 'simulated' | 'assumed';
  /** The page that it rests on, or what is assumed. */
  readonly source: string;
}
