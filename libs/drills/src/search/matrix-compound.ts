// Rows of the table that are more than one fault: fixed schedules, held to the invariants as the search is. Some are about
// a class that strikes nothing while nothing else is wrong.
import { GLOBAL_REGION, type Fault, type FaultKind } from '@dr/contracts';
import { recoveryPoint } from '../measure/measure';
import { promisedRequests, ofFault, ofKind, seconds } from '../run/run-record';
import { endSeconds, type Schedule } from '../schedule/schedule';
import { startTwin, type Subject } from '../run/start';
import { verdictsOf } from '../judge/judge-schedule';
import type { RunRecord } from '../system-under-drill';
import { firstAlert, pathTaken, STRUCK_NOTHING, type MatrixRow } from './matrix-row';
import { runSchedule } from '../run/run-schedule';

type Regions = readonly [first: string, second: string, ...rest: string[]];

const fault = (kind: FaultKind, region: string, startSeconds: number, untilSeconds: number): Fault => ({
  kind,
  region,
  startSeconds,
  durationSeconds: untilSeconds - startSeconds,
});

/** Seconds between the starts of a flapping region's losses; half of it is dark. */
const FLAP_SECONDS = 40;

/** Topics are struck only while there is something to say: a peer has lost its table. */
const besideALostTable =
  (kind: FaultKind) =>
  ([first, second]: Regions) => ({
    faults: [fault(kind, first, 30, 150), fault('dynamodb-errors', second, 40, 110)],
  });

export const COMPOUND_FAULTS = {
  'two-at-once': ([first, second]: Regions) => ({
    faults: [fault('dynamodb-errors', first, 30, 90), fault('sns-down', second, 30, 90)],
  }),
  'fault-during-recovery': ([first]: Regions) => ({
    faults: [fault('region-dark', first, 30, 80), fault('dynamodb-errors', first, 100, 140)],
  }),
  'flapping-region': ([first]: Regions) => ({
    faults: [0, 1, 2, 3].map((time) => {
      const startSeconds = 30 + time * FLAP_SECONDS;
      return fault('region-dark', first, startSeconds, startSeconds + FLAP_SECONDS / 2);
    }),
  }),
  'survivor-lost-after-evacuation': ([first, second, ...rest]: Regions) => ({
    faults: [second, ...rest].map((region) => fault('region-dark', region, 75, 175)),
    orders: [{ order: 'evacuate', region: first, via: second, atSeconds: 20 }],
  }),
  'all-regions-dark': ([first, ...rest]: Regions) => ({
    faults: [fault('region-dark', first, 30, 100), ...rest.map((region) => fault('region-dark', region, 40, 80))],
  }),
  'us-east-1-down-and-region-dark': ([first]: Regions) => ({
    faults: [fault('us-east-1-down', GLOBAL_REGION, 30, 150), fault('region-dark', first, 40, 150)],
  }),
  // No connection stays open: every invocation has to find the endpoint.
  'dns-empty-and-cold-starts': ([first]: Regions) => ({
    faults: [fault('dns-empty', first, 30, 130), fault('cold-starts', first, 30, 130)],
  }),
  // Route 53's alarm is blind, and the peer's own is not.
  'metrics-late-and-region-dark': ([first]: Regions) => ({
    faults: [fault('metrics-late', GLOBAL_REGION, 30, 150), fault('region-dark', first, 40, 150)],
  }),
  'region-lost-for-good': ([first]: Regions) => ({
    faults: [{ ...fault('region-dark', first, 30, 150), neverHeals: true as const }],
  }),
  // Who is left can do nothing more than come back.
  'region-lost-for-good-beside-a-lost-table': ([first, second]: Regions) => ({
    faults: [
      { ...fault('region-refuses', first, 30, 180), neverHeals: true as const },
      fault('dynamodb-errors', second, 60, 110),
    ],
  }),
  // Secrets are read only where something starts.
  'secrets-dark': ([first]: Regions) => ({
    faults: [fault('secrets-dark', first, 30, 130), fault('cold-starts', first, 30, 130)],
  }),
  'sns-down': besideALostTable('sns-down'),
  'sns-disorder': besideALostTable('sns-disorder'),
} as const satisfies Readonly<Record<string, (regions: Regions) => Partial<Schedule>>>;

export type CompoundFault = keyof typeof COMPOUND_FAULTS;

export const isCompound = (name: string): name is CompoundFault => Object.hasOwn(COMPOUND_FAULTS, name);

/** No recovery time is promised where several things break: it is measured, and every invariant must hold. */
export async function drillCompound(subject: Subject, seed: number, name: CompoundFault): Promise<MatrixRow> {
  const twin = await startTwin({ ...subject, seed });
  const regions = twin.world.regions.map((region) => region.name);
  const schedule: Schedule = { orders: [], ...COMPOUND_FAULTS[name](regions as unknown as Regions) };
  const record = await runSchedule({ twin, graph: subject.graph, schedule });
  const kinds = [...new Set(schedule.faults.map(({ kind }) => kind))];
  const struck = kinds.map((kind) => twin.world.faults.timesStruck(kind));
  const [first] = schedule.faults as [Fault, ...Fault[]];
  const run = ofFault(record, first);
  const span = {
    startMs: first.startSeconds * 1000,
    endMs: Math.min(record.endMs, Math.max(...schedule.faults.map(endSeconds)) * 1000),
  };
  const invariants = verdictsOf(record);
  const broken = invariants.filter(({ holds }) => !holds);
  const reasons = [
    ...(struck.includes(0) ? [STRUCK_NOTHING] : []),
    ...broken.map(({ id, detail }) => `${id}: ${detail}`),
  ];
  return {
    fault: name,
    injectedEvents: struck.reduce((sum, times) => sum + times, 0),
    handlerInvocations: ofKind(record.events, 'invocation')
      .where(({ outcome }) => outcome !== 'throttled')
      .count(),
    path: pathTaken(record.events, span),
    rto: longestWithout(record),
    rpo: recoveryPoint(run).oldestAtRiskSeconds,
    alertSeconds: firstAlert(record.events, span),
    invariants,
    met: reasons.length === 0,
    reasons,
  };
}

/** The longest that any client went without an answer: from the start of its first failed request to its next success. */
function longestWithout(record: RunRecord): number | null {
  const [first] = record.schedule.faults as [Fault, ...Fault[]];
  const failingSince = new Map<string, number>();
  let longestMs = 0;
  for (const { client, outcome, startedMs, atMs } of promisedRequests(ofFault(record, first))) {
    const sinceMs = failingSince.get(client) ?? startedMs;
    if (outcome !== 'ok') failingSince.set(client, sinceMs);
    if (failingSince.has(client)) longestMs = Math.max(longestMs, atMs - sinceMs);
    if (outcome === 'ok') failingSince.delete(client);
  }
  return longestMs === 0 ? null : seconds(longestMs);
}
