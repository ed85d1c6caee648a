// What a big batch of schedules must have met at least once each: else the search was asking easy questions.
import type { StateRecord } from '@dr/contracts/system';
import { conflicts } from '@dr/failover';
import { writesAtRisk } from '../measure/measure';
import { healthChanges } from '../measure/probes';
import { clientRequests, isAcknowledgedWrite, isClientData, ofFault, ofKind, type RunRecord } from '../run/run-record';
import { AdmissionHistory } from '../judge/admission-history';

export const SOMETIMES = [
  'failovers',
  'conflicts',
  'fallbacks',
  'at-risk writes',
  'refused evacuations',
  'unasked returns',
  'deletions',
  'failed preconditions',
  'refused keys',
] as const;
export type Sometimes = (typeof SOMETIMES)[number];

export const NOTHING_MET = Object.fromEntries(SOMETIMES.map((name) => [name, 0])) as Record<Sometimes, number>;

/** How often each was met in one run. */
export function met(record: RunRecord): Record<Sometimes, number> {
  const run = record;
  const changes = new AdmissionHistory(record).changes();
  return {
    failovers: healthChanges(run).filter(({ healthy }) => !healthy).length,
    conflicts: crossed(record),
    fallbacks: clientRequests(run).filter(({ dataRegion, region }) => dataRegion !== undefined && dataRegion !== region)
      .length,
    'at-risk writes': record.losses.reduce((sum, { fault }) => sum + writesAtRisk(ofFault(record, fault)).length, 0),
    'refused evacuations': refusals(record),
    'unasked returns': changes.filter(({ from, to }) => from === 'evacuated' && to === 'serving').length,
    deletions: clientRequests(run).filter((request) => request.method === 'DELETE' && isAcknowledgedWrite(request))
      .length,
    'failed preconditions': clientRequests(run).filter(({ status }) => status === 412).length,
    'refused keys': clientRequests(run).filter(({ status }) => status === 422).length,
  };
}

/** Enough to know that there were any. */
const CONFLICTS_COUNTED = 20;

function crossed({ replicas, regions }: RunRecord): number {
  const byItem = new Map<string, { timestamp: string; region: string; previous?: string | null }[]>();
  for (const item of (replicas[regions[0] ?? ''] ?? []).filter(isClientData)) {
    const { id, timestamp, region, previous } = item as typeof item & { region: string; previous?: string | null };
    byItem.set(id, [...(byItem.get(id) ?? []), { timestamp, region, ...(previous === undefined ? {} : { previous }) }]);
  }
  return [...byItem.values()].reduce((sum, versions) => sum + conflicts(versions, CONFLICTS_COUNTED).length, 0);
}

/** Each order that a region's record names as refused. */
function refusals({ events }: RunRecord): number {
  const refused = ofKind(events, 'control-written').flatMap(({ timestamp, record }) => {
    const { lastOrder } = record as unknown as StateRecord;
    return timestamp.startsWith('state#') && lastOrder?.kind === 'evacuate' && lastOrder.outcome === 'refused'
      ? [`${timestamp} ${lastOrder.number}`]
      : [];
  });
  return new Set(refused).size;
}
