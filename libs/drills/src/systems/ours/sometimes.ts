// What a big batch of schedules must have met at least once each: else the search was asking easy questions.
import { LOSS_KINDS } from '@dr/contracts';
import { conflicts } from '@dr/failover';
import { writesAtRisk } from '../../measure/measure';
import { healthChanges } from '../../measure/probes';
import { clientItems, clientRequests, isAcknowledgedWrite, ofFault } from '../../run/run-record';
import type { RequestEvent, RunRecord } from '../../system-under-drill';
import { AdmissionHistory } from './checks/admission-history';
import { closedOrdersIn } from './control-records';

const requestsThat =
  (are: (request: RequestEvent) => boolean) =>
  (run: RunRecord): number =>
    clientRequests(run).where(are).count();

export const SOMETIMES = {
  failovers: (run) => healthChanges(run).filter(({ healthy }) => !healthy).length,
  conflicts: crossed,
  fallbacks: requestsThat(({ dataRegion, region }) => dataRegion !== undefined && dataRegion !== region),
  'at-risk writes': (run) =>
    run.losses
      .filter(({ fault }) => LOSS_KINDS.includes(fault.kind))
      .reduce((sum, { fault }) => sum + writesAtRisk(ofFault(run, fault)).length, 0),
  'refused evacuations': refusals,
  'unasked returns': (run) =>
    new AdmissionHistory(run).changes().filter(({ from, to }) => from === 'evacuated' && to === 'serving').length,
  deletions: requestsThat((request) => request.method === 'DELETE' && isAcknowledgedWrite(request)),
  'failed preconditions': requestsThat(({ status }) => status === 412),
  'refused keys': requestsThat(({ status }) => status === 422),
} as const satisfies Readonly<Record<string, (run: RunRecord) => number>>;

/** Enough to know that there were any. */
const CONFLICTS_COUNTED = 20;

function crossed(run: RunRecord): number {
  const byItem = new Map<string, { timestamp: string; region: string; previous?: string | null }[]>();
  for (const item of clientItems(run, run.regions[0] ?? '')) {
    const { id, timestamp, region, previous } = item as typeof item & { region: string; previous?: string | null };
    byItem.set(id, [...(byItem.get(id) ?? []), { timestamp, region, ...(previous === undefined ? {} : { previous }) }]);
  }
  return [...byItem.values()].reduce((sum, versions) => sum + conflicts(versions, CONFLICTS_COUNTED).length, 0);
}

/** Each order that a region's record names as refused. */
function refusals(run: RunRecord): number {
  const refused = closedOrdersIn(run).filter(({ kind, outcome }) => kind === 'evacuate' && outcome === 'refused');
  return new Set(refused.map(({ region, number }) => `${region} ${number}`)).size;
}
