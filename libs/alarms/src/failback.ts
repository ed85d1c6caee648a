// The alarm of a system whose regions come back by an order only: a region that waits for too long has been forgotten.
import { METRICS } from '@dr/contracts/system';
import type { DashboardDefinition } from './dashboards';
import { own, type AlarmDefinition } from './definitions';

const waited = own(METRICS.failbackWaiting, 'Maximum');

/** `minutes`: how long a region may wait before people are paged. */
export const failbackWaiting = (minutes: number): AlarmDefinition => ({
  id: 'failback-waiting',
  scope: 'region',
  severity: 'page',
  summary: `The region has caught up and has waited for dr readmit for more than ${minutes} minute${minutes === 1 ? '' : 's'}`,
  metrics: { waited },
  breach: { is: 'above', threshold: 60 * minutes, unit: 'seconds' },
  window: { breaching: 1, of: 1, periodSeconds: 60 },
  missingData: {
    treatedAs: 'notBreaching',
    because: 'a region that does not wait reports nothing; one that falls silent while it waits is told by peer-stale',
  },
});

/** The dashboard on which people look whether a region serves shows how long it has waited, too. */
export const withWaiting = (dashboard: DashboardDefinition): DashboardDefinition =>
  dashboard.id === 'system-health-overview'
    ? { ...dashboard, extra: [...dashboard.extra, { title: 'Waiting for dr readmit, s', metrics: [waited] }] }
    : dashboard;
