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
  /** Requests a second that each region is to serve alone. */
  readonly promisedPerSecond: number;
  /** From the loss until the new region serves; null: it never did on the twin. */
  readonly redundantAfterSeconds: number | null;
  /** How long the loss of one more region would have been an outage; 0: two regions or more went on; null: it never ended. */
  readonly withoutRedundancySeconds: number | null;
}

export interface PlanStep {
  readonly step: string;
  /** Lines of a shell. */
  readonly command: string | null;
  /** How long the step takes; null: it did not end on the twin. */
  readonly seconds: number | null;
  /** It begins with the one before, and not after it. */
  readonly alongside?: true;
  readonly basis: 'simulated' | 'assumed';
  /** The page that it rests on, or what is assumed. */
  readonly source: string;
}

/** What one more loss would be, for how long, and what the regions that are left are sized for: a sentence each. */
export function outlook(plan: RecoveryPlan): string {
  const { region, redundantAfterSeconds, servingMeanwhile, promisedPerSecond } = plan;
  const serving = servingMeanwhile.join(' and ');
  return [
    servingMeanwhile.length > 1
      ? `Still redundant: ${serving} serve, and one more loss is no outage.`
      : `${serving} serves alone until ${region.name} does, and one more loss is an outage.`,
    redundantAfterSeconds === null
      ? `${region.name} never came to serve on the twin: the plan does not end.`
      : `${region.name} serves ${lasting(redundantAfterSeconds)} after the loss.`,
    `Each region is to serve ${promisedPerSecond} requests a second alone (dr.config.ts); drill --load says what a larger load comes to.`,
  ].join(' ');
}

/** `47 min 30 s`, `3 h 5 min`. */
export function lasting(seconds: number | null): string {
  if (seconds === null) return 'never';
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}
