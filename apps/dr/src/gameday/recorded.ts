// Game days that are over, as `dr history` shows them.
import { GAME_DAY_RESULT_PREFIX, type GameDayResult } from '@dr/contracts/system';

/** Sort keys of results: just before the transitions. */
export const RESULT_RANGE = [GAME_DAY_RESULT_PREFIX, 'tested$'] as const;

export interface RecordedGameDay {
  readonly name: string;
  readonly region: string;
  readonly fault: string;
  readonly where: string;
  readonly account: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly outcome: string;
  readonly worstSeconds: number | null;
}

/** Newest first. The same record, read in several regions, counts once. */
export function gameDaysOf(items: readonly GameDayResult[]): RecordedGameDay[] {
  const known = new Map(items.map((item) => [item.timestamp, item]));
  return [...known.values()]
    .sort((a, b) => b.startedAtMs - a.startedAtMs)
    .map(({ name, region, fault, where, account, startedAtMs, endedAtMs, outcome, worstSeconds }) => ({
      name,
      region,
      fault,
      where,
      account,
      startedAt: new Date(startedAtMs).toISOString(),
      endedAt: new Date(endedAtMs).toISOString(),
      outcome,
      worstSeconds,
    }));
}
