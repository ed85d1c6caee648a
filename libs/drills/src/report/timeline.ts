// The timeline: every transition of a run in order, from the fault to failback, each in one line that people can read.
import { aimOf, type TimelineEntry } from '@dr/contracts';
import { clientRecoveries } from '../measure/measure';
import { notificationsOf } from '../measure/notifications';
import { answerChanges, healthChanges } from '../measure/probes';
import { promisedRequests, faultStartMs, healMs, isPartial, ofKind, seconds, type FaultRun } from '../run/run-record';

type Entry = Omit<TimelineEntry, 'atSeconds'> & { readonly atMs: number };

/** In order of time; at one instant in the order of cause: fault, probe, health, DNS, alarm, notification, clients. */
export function timelineOf(run: FaultRun): TimelineEntry[] {
  const entries = [
    ...faults(run),
    ...firstFailingProbe(run),
    ...health(run),
    ...answers(run),
    ...alarms(run),
    ...decisions(run),
    ...notifications(run),
    ...clients(run),
  ];
  return entries
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ atMs, kind, region, detail }) => ({ atSeconds: seconds(atMs), kind, region, detail }));
}

function faults(run: FaultRun): Entry[] {
  if (run.stoppedBeforeFault) return [];
  const { region, kind } = run.fault;
  const aim = aimOf(run.fault);
  const what = aim === undefined ? kind : `${kind} (${aim})`;
  return [
    {
      atMs: faultStartMs(run),
      kind: 'fault',
      region,
      detail: `${what} begins${run.fault.neverHeals ? ', and never ends' : ''}`,
    },
    ...(run.fault.neverHeals ? [] : [{ atMs: healMs(run), kind: 'heal', region, detail: `${what} ends` }]),
  ];
}

function firstFailingProbe(run: FaultRun): Entry[] {
  const first = ofKind(run.events, 'probe').find(
    (probe) => probe.atMs >= faultStartMs(run) && probe.outcome !== 'healthy',
  );
  if (!first) return [];
  const { atMs, region, checker, outcome, status } = first;
  const why = status === undefined ? outcome : `${outcome} ${status}`;
  return [{ atMs, kind: 'first-failing-probe', region, detail: `${checker}: ${why}` }];
}

const health = (run: FaultRun): Entry[] =>
  healthChanges(run).map(({ atMs, region, healthy, healthyCheckers, checkers }) => ({
    atMs,
    kind: healthy ? 'checkers-healthy' : 'checkers-unhealthy',
    region,
    detail: `${healthyCheckers} of ${checkers} checkers find it healthy`,
  }));

function answers(run: FaultRun): Entry[] {
  const previous = new Map<string, string>();
  return answerChanges(run).flatMap(({ atMs, from, regions }) => {
    const before = previous.get(from);
    const now = regions.join(' + ') || 'nobody';
    previous.set(from, now);
    if (before === undefined) return [];
    const kind = run.settings.accelerator ? 'accelerator' : 'dns-answer';
    return [{ atMs, kind, region: from, detail: `clients near ${from}: ${before} -> ${now}` }];
  });
}

const alarms = (run: FaultRun): Entry[] =>
  ofKind(run.events, 'alarm')
    .filter(({ state, previous }) => state === 'ALARM' || previous === 'ALARM')
    .map(({ atMs, region, alarm, state }) => ({ atMs, kind: 'alarm', region, detail: `${alarm} -> ${state}` }));

/** What functions logged, where the system has words for it. */
function decisions({ events, system }: FaultRun): Entry[] {
  const shown = new Set<string>();
  return ofKind(events, 'log').flatMap((line) => {
    const narration = system.narrate?.(line);
    if (!narration) return [];
    const { kind, detail, once } = narration;
    if (once !== undefined && shown.has(once)) return [];
    if (once !== undefined) shown.add(once);
    return [{ atMs: line.atMs, kind, region: line.region, detail }];
  });
}

/** Without what alarms say when they get their first data: after a start or an outage that is no news. */
function notifications(run: FaultRun): Entry[] {
  const firstData = new Set(
    ofKind(run.events, 'alarm')
      .filter(({ state, previous }) => state === 'OK' && previous === 'INSUFFICIENT_DATA')
      .map(({ atMs, alarm }) => `${atMs}/${alarm}`),
  );
  return notificationsOf(run)
    .filter(({ atMs, publisher }) => !firstData.has(`${atMs}/${publisher}`))
    .map(({ atMs, region, subject, publisher }) => ({
      atMs,
      kind: 'notification',
      region,
      detail: `${subject}${subject.includes(publisher) ? '' : ` [${publisher}]`}`,
    }));
}

function clients(run: FaultRun): Entry[] {
  const recoveries = clientRecoveries(run);
  const first = promisedRequests(run).find((request) => request.outcome !== 'ok' && request.atMs >= faultStartMs(run));
  const entries: Entry[] = [];
  if (first) {
    const detail = `${first.client}: ${first.route} ${first.status ?? first.outcome}`;
    entries.push({ atMs: first.atMs, kind: 'first-failed-request', region: first.region, detail });
  }
  const worst = recoveries.reduce((ms, recovery) => Math.max(ms, recovery.ms), 0);
  const last = recoveries.find((recovery) => recovery.ms === worst);
  if (last && !isPartial(run.fault)) {
    const after = `after ${seconds(worst)} s; ${recoveries.length} clients were affected`;
    const detail = last.recovered === 'never' ? `${last.client} never recovered` : `${last.client} ${after}`;
    entries.push({ atMs: faultStartMs(run) + worst, kind: 'last-client-recovered', region: null, detail });
  }
  const back = failbackMs(run);
  if (back !== undefined) {
    const detail = `healthy and answered again ${seconds(back - healMs(run))} s after heal`;
    entries.push({ atMs: back, kind: 'failback', region: run.fault.region, detail });
  }
  return entries;
}

/** When DNS answers are what they were before the fault, after they had changed; undefined when they never changed. */
function failbackMs(run: FaultRun): number | undefined {
  const changed = answerChanges(run).filter((change) => change.atMs >= faultStartMs(run));
  const last = changed.at(-1);
  return last && last.atMs >= healMs(run) ? last.atMs : undefined;
}
