// Notifications: what topics accepted, and which of it tells people of a failover or a failback.
import type { DrillReport } from '@dr/contracts';
import type { EventOf } from '@dr/twin';
import { faultStartMs, healMs, ofKind, seconds, type FaultRun } from '../run/run-record';

/** From the fault on; what was sent before belongs to the warm-up. */
export const notificationsOf = (run: FaultRun): EventOf<'published'>[] =>
  ofKind(run.events, 'published').filter((event) => event.atMs > faultStartMs(run));

export const failoverNotifications = (run: FaultRun): EventOf<'published'>[] =>
  notificationsOf(run).filter((event) => run.system.noticeOf?.(event) === 'failover');

/** After the fault: what is announced while it lasts is no return. */
export const failbackNotifications = (run: FaultRun): EventOf<'published'>[] =>
  notificationsOf(run).filter((event) => run.system.noticeOf?.(event) === 'failback' && event.atMs >= healMs(run));

export const reportedNotifications = (run: FaultRun): DrillReport['notifications'] =>
  notificationsOf(run).map(({ atMs, region, subject }) => ({ atSeconds: seconds(atMs), fromRegion: region, subject }));
