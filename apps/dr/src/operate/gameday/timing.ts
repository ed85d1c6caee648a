// When things happen in a game day. Its end is set to fall on a whole minute, the unit in which AWS's schedules run.

const MINUTE_MS = 60_000;
/** Clients are measured so long before the fault at least. */
export const WARM_UP_MS = 20_000;
/** A schedule set to 1:00 calls by 1:00:59 (EventBridge Scheduler, "Schedule types"): its minute begins this long before the end. */
export const SLACK_MS = 5_000;
/** Whoever ends it, it is over so long after its planned end. */
export const OVER_WITHIN_MS = 60_000;
/** A fault this late has lost its schedule's protection: the machine slept. */
export const LATE_MS = 10_000;

/** An undo that is set by a clock must come when it was promised. */
export const CLOCK_LIMIT_MS = 5_000;

export const MIN_SECONDS = 60;
/** Far below the 20 hours without replication after which a replica becomes a table of its own (DynamoDB guide, global tables). */
export const MAX_SECONDS = 3_600;

/** Epoch ms. */
export interface Timing {
  readonly faultAtMs: number;
  /** Our own undo. */
  readonly endsAtMs: number;
  /** The schedule's whole minute. */
  readonly scheduleAtMs: number;
  readonly overByMs: number;
}

export function timingOf(nowMs: number, durationSeconds: number): Timing {
  const durationMs = durationSeconds * 1000;
  const earliestEndMs = nowMs + WARM_UP_MS + durationMs;
  const scheduleAtMs = Math.ceil((earliestEndMs - SLACK_MS) / MINUTE_MS) * MINUTE_MS;
  const endsAtMs = scheduleAtMs + SLACK_MS;
  return { faultAtMs: endsAtMs - durationMs, endsAtMs, scheduleAtMs, overByMs: endsAtMs + OVER_WITHIN_MS };
}
