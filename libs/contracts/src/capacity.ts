// Which limits of AWS a report names.
import type { LimitReport } from './drill-report';

const NEAR_SHARE = 0.25;

/** It throttled something, or came close. */
export const isLimitOfNote = ({ usedShare, throttledShare, throttledBeforeShare, fromSeconds }: LimitReport): boolean =>
  usedShare >= NEAR_SHARE || throttledShare + throttledBeforeShare > 0 || fromSeconds !== null;
