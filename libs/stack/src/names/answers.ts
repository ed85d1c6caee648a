// Which of a name's records Route 53 answers: those that apply to the asker, of them the healthy ones, of them by policy.
import { appliesTo, sharesOf, type Asker } from './policies';
import type { DnsRecord } from './records';

/** Route 53 follows no more names than these. */
export const MAX_CHAIN = 8;

/** What Route 53 knows of health when it answers. */
export interface HealthView {
  readonly check: (healthCheckId: string) => boolean;
  /** Of the endpoint with that name, for `evaluate_target_health`; undefined where the name is no endpoint's. */
  readonly endpoint: (name: string) => boolean | undefined;
  readonly recordsOf: (name: string) => readonly DnsRecord[];
}

/** DNS-01 and DNS-05: by its health check and, for an alias that evaluates, by what it leads to. */
export function isHealthyRecord(record: DnsRecord, view: HealthView, links = 0): boolean {
  if (record.healthCheckId !== undefined && !view.check(record.healthCheckId)) return false;
  if (!record.evaluateTargetHealth || record.target === undefined) return true;
  const endpoint = view.endpoint(record.target);
  if (endpoint !== undefined) return endpoint;
  return links < MAX_CHAIN && view.recordsOf(record.target).some((next) => isHealthyRecord(next, view, links + 1));
}

/** A record that may be answered, and its share of the answers. */
export interface Candidate {
  readonly record: DnsRecord;
  readonly weight: number;
}

/** DNS-02: when no record that applies is healthy, all of them count as healthy. Empty: the asker gets no address. */
export function candidates(records: readonly DnsRecord[], asker: Asker, view: HealthView): readonly Candidate[] {
  const applying = records.filter((record) => appliesTo(record, asker));
  if (applying.length < 2) return applying.map((record) => ({ record, weight: 1 }));
  const healthy = applying.filter((record) => isHealthyRecord(record, view));
  const eligible = healthy.length > 0 ? healthy : applying;
  const shares = sharesOf(eligible, asker);
  return eligible.flatMap((record, at) => (shares[at] ? [{ record, weight: shares[at] }] : []));
}
