// What a declared system is held to: its objectives, and that no acknowledged write is lost.
import { LOSS_KINDS } from '@dr/contracts';
import { ofBoth, ofSchedules, verdict, type Checks } from '../../judge/check';
import { OF_DATA } from '../../judge/data';
import { acknowledgedVersions, clientRecoveries, recoveryPoint } from '../../measure/measure';
import {
  clientItems,
  goneRegions,
  loneFault,
  ofFault,
  ofKind,
  regionsLeft,
  seconds,
  versionKey,
} from '../../run/run-record';
import type { Check, RunRecord, Verdict } from '../../system-under-drill';
import type { Declaration } from './declaration';
import { lostUpdates } from './lost-updates';

/** Promises of our own that another system has not made: of its checks, alarms, notices and keys. */
const NOT_PROMISED = [
  ...['rpo-accounted', 'no-traffic-to-unhealthy-after-bound', 'unfelt-stays-unfelt', 'health-is-deep'],
  ...['at-most-one-failover-and-failback', 'failback-complete', 'no-unauthenticated-success', 'comes-to-rest'],
  ...['notification-per-transition', 'alarms-announced', 'loss-is-told', 'sent-by-the-living'],
];
const OF_WRITES = ['replicas-equal', 'acknowledged-writes-survive', 'nothing-read-unwritten'];

/** `holding`: regions with a replica of its table. */
export function checksOf(
  { data, objectives }: Declaration,
  holding: readonly string[],
): Readonly<Record<string, Check | null>> {
  const none = Object.fromEntries([...NOT_PROMISED, ...(data ? [] : OF_WRITES)].map((id) => [id, null]));
  const inReplicas = (run: RunRecord): RunRecord => ({
    ...run,
    regions: run.regions.filter((one) => holding.includes(one)),
  });
  const overReplicas =
    (id: string): Check['judge'] =>
    (run) =>
      (OF_DATA[id] as Check).judge(inReplicas(run));
  const ofData: Checks = data
    ? {
        'replicas-equal': ofBoth(1, overReplicas('replicas-equal')),
        'acknowledged-writes-survive': ofBoth(
          2,
          data.mode === 'append'
            ? overReplicas('acknowledged-writes-survive')
            : (run) => registersHold(inReplicas(run)),
        ),
        // Where every write is an item of its own, none overwrites another.
        ...(data.mode === 'register'
          ? { 'lost-updates': ofBoth(2, (run) => updates(run, objectives.lostUpdates)) }
          : {}),
        'rpo-is-met': ofSchedules(4, (run) => pastRpo(run, objectives.rpoSeconds ?? Infinity)),
      }
    : {};
  return {
    ...none,
    ...ofData,
    'clients-recover-in-time': ofSchedules(6, (run) => pastRto(run, objectives.rtoSeconds)),
  };
}

/**
 * Every acknowledged write was stored, and every item that was written is in every replica that is left; but for what a region that is gone
 * for good has not sent there before.
 */
function registersHold(run: RunRecord): Verdict {
  const written = ofKind(run.events, 'item-written');
  const stored = new Set(written.map(versionKey));
  const acknowledged = [...acknowledgedVersions(run)];
  const ids = new Set(acknowledged.map((key) => key.split('\n')[0] ?? ''));
  const left = regionsLeft(run);
  const writtenIn = (regions: readonly string[]): ReadonlySet<string> =>
    new Set(written.flatMap(({ region, id }) => (regions.includes(region) ? [id] : [])));
  const [ofLeft, ofGone] = [writtenIn(left), writtenIn(goneRegions(run))];
  const missing = left.flatMap((region) => {
    const held = new Set(clientItems(run, region).map(({ id }) => id));
    const isMissing = (id: string): boolean => !held.has(id) && (ofLeft.has(id) || !ofGone.has(id));
    return [...ids].filter(isMissing).map((id) => `${id} is not in ${region}`);
  });
  const never = acknowledged
    .filter((key) => !stored.has(key))
    .map((key) => `${key.replace('\n', ' @ ')} was acknowledged and never stored`);
  return verdict([...never, ...missing], `${acknowledged.length} acknowledged writes of ${ids.size} items were stored`);
}

/** `allowed` undefined: they are counted, and nothing more. */
function updates(run: RunRecord, allowed = Infinity): Verdict {
  const lost = lostUpdates(run);
  const named = lost.slice(0, 3).map(({ id, timestamp }) => `${id} @ ${timestamp}`);
  const more = lost.length > named.length ? ` and ${lost.length - named.length} more` : '';
  const said = `${lost.length} acknowledged writes were overwritten by writes that had not seen them`;
  return {
    holds: lost.length <= allowed,
    detail: lost.length === 0 ? 'no write was overwritten unseen' : `${said}: ${named.join(', ')}${more}`,
  };
}

const pastRpo = (run: RunRecord, rpoSeconds: number): string[] =>
  run.losses
    .filter(({ fault }) => LOSS_KINDS.includes(fault.kind))
    .flatMap(({ fault }) => {
      const { oldestAtRiskSeconds: oldest, writesAtRisk } = recoveryPoint(ofFault(run, fault));
      if (oldest <= rpoSeconds) return [];
      const what = `${fault.kind} in ${fault.region} at ${fault.startSeconds} s put ${writesAtRisk} writes at risk`;
      return [`${what}, the oldest ${oldest} s old; the objective is ${rpoSeconds} s`];
    });

/** Of a fault that stands alone: with others nobody can say what is whose. */
function pastRto(run: RunRecord, rtoSeconds: number): string[] {
  const fault = loneFault(run);
  if (!fault) return [];
  return clientRecoveries(ofFault(run, fault))
    .filter(({ ms }) => ms > rtoSeconds * 1_000)
    .map(({ client, ms }) => `${client} was without service for ${seconds(ms)} s; the objective is ${rtoSeconds} s`);
}
