// Checks of admission over a schedule's run: I1 to I4 from the records that were really written, not from what rules believe.
import { kindsThat, LOSS_KINDS, type Fault, type FaultKind } from '@dr/contracts';
import { CONTROL_ID, stateKey } from '@dr/contracts/system';
import { admissionConstants, predict, soonestDetectionSeconds, type AdmissionConstants } from '@dr/failover';
import {
  calmFromMs,
  endMs,
  faultsBetween,
  ofKind,
  regionsLeft,
  seconds,
  startMs,
  versionKey,
} from '../../../run/run-record';
import { AdmissionHistory, type StateChange } from './admission-history';
import type { FindWrong } from '../../../judge/check';
import { isClientData, statesIn } from '../control-records';
import { heardNothing, mayGetNoAnswer } from './hearing';
import type { RunRecord } from '../../../system-under-drill';

/** [A] A record's way into another replica, and the pace of beats: probes come some 3 a second, a beat is due every 5 s. */
const NEWS_MS = 10_000;
/** All others leave both channels between regions alone. */
const DEAFENING = kindsThat(({ mayMuteHeartbeats }) => mayMuteHeartbeats);

export const constantsOf = ({ settings, returnsByOrder }: RunRecord): AdmissionConstants =>
  admissionConstants(returnsByOrder ? soonestDetectionSeconds(settings) : predict(settings).worstDetectionSeconds);

const named = ({ region, from, to, atMs }: StateChange): string =>
  from === to
    ? `${region} came back at ${seconds(atMs)} s and was ${to} at once`
    : `${region} went from ${from} to ${to} at ${seconds(atMs)} s`;

export const peersOf = ({ regions }: RunRecord, region: string): readonly string[] =>
  regions.filter((other) => other !== region);

/** I1. A serving region leaves when another serves, or after an absence that its own record shows. */
export const leavesToAServingPeer: FindWrong = (record) => {
  const history = new AdmissionHistory(record);
  const constants = constantsOf(record);
  return history
    .changes()
    .filter(({ from }) => from === 'serving')
    .filter((change) => {
      if (change.to === 'recovering' && wasAway(change, constants)) return false;
      // The grant is as old as patience allows; whoever gave it may have died since, which nobody can know.
      const knownMs = change.atMs - constants.patienceMs - NEWS_MS;
      return !peersOf(record, change.region).some((peer) => {
        const last = history.at(peer, change.atMs);
        return last?.record.state === 'serving' && last.atMs >= knownMs;
      });
    })
    .map((change) => `${named(change)} and no other region served`);
};

function wasAway({ before, after }: StateChange, { edgeMs }: AdmissionConstants): boolean {
  return after.beatAtMs - before.beatAtMs > edgeMs || after.lastProbeAtMs - before.lastProbeAtMs > edgeMs;
}

/** [A] Silence counts after 20 s of watching; an evacuated region waits another 20 s; a beat and a record's way on top. */
const NOBODY_SERVES_MS = 60_000;

/** I2. Once nothing more breaks, some region that is left serves before long. */
export const somebodyServes: FindWrong = (record) => {
  const history = new AdmissionHistory(record);
  const fromMs = calmFromMs(record) + NOBODY_SERVES_MS;
  const times = [fromMs, ...history.changes().map(({ atMs }) => atMs)].filter(
    (atMs) => atMs >= fromMs && atMs <= record.endMs,
  );
  return times
    .filter((atMs) => !regionsLeft(record).some((region) => history.isServing(region, atMs)))
    .map(
      (atMs) => `no region serves at ${seconds(atMs)} s, ${seconds(atMs - calmFromMs(record))} s after all was well`,
    );
};

/** [A] The peers' silence counts after 20 s, an evacuated region waits 20 s more; beats and the last record on its way. */
const ALONE_MS = 62_000;

/** I2 while something is still broken: a region that nothing has hit serves once all others have been lost for so long. */
export const theLastOneServes: FindWrong = (record) => {
  const history = new AdmissionHistory(record);
  return record.regions.flatMap((region) => {
    const others = peersOf(record, region);
    const losses = record.schedule.faults.filter(
      ({ kind, region: lost }) => LOSS_KINDS.includes(kind) && others.includes(lost),
    );
    const lostSinceMs = Math.max(...others.map((other) => lastLossMs(losses, other)));
    const atMs = lostSinceMs + ALONE_MS;
    const stillLost = others.every((other) =>
      losses.some((loss) => loss.region === other && startMs(loss) <= lostSinceMs && endMs(loss) > atMs),
    );
    const isUnhit = faultsBetween(record, 0, atMs).every((fault) => losses.includes(fault));
    if (!stillLost || !isUnhit || history.isServing(region, atMs)) return [];
    return [`${region} does not serve at ${seconds(atMs)} s, ${seconds(ALONE_MS)} s after every other region was lost`];
  });
};

const lastLossMs = (losses: readonly Fault[], region: string): number =>
  Math.max(...losses.filter((loss) => loss.region === region).map(startMs), -Infinity);

/** The peer serves, and has for longer than news of it takes; nothing could have kept the region from hearing it. */
export function isHeardServing(
  record: RunRecord,
  history: AdmissionHistory,
  peer: string,
  atMs: number,
  spanMs: number,
): boolean {
  const fromMs = atMs - spanMs - NEWS_MS;
  return (
    history.servedThroughout(peer, fromMs, atMs) &&
    history.of(peer).every((said) => said.atMs < fromMs || said.atMs > atMs || said.record.reached) &&
    faultsBetween(record, fromMs, atMs, DEAFENING).length === 0
  );
}

/** I3. Who comes back beside a serving peer that it hears has that peer's writes. */
export const comesBackWithThePeersWrites: FindWrong = (record) => {
  const history = new AdmissionHistory(record);
  const constants = constantsOf(record);
  return history
    .changes()
    .filter(({ from, to }) => from === 'recovering' && to === 'serving')
    .flatMap((change) =>
      peersOf(record, change.region)
        .filter((peer) => isHeardServing(record, history, peer, change.atMs, constants.quietMs))
        .flatMap((peer) => [...pauses(record, change, peer, constants), ...missing(record, change, peer)]),
    );
};

/** Heartbeats of the peer had to arrive without a pause for H. */
function pauses(
  record: RunRecord,
  change: StateChange,
  peer: string,
  { holdMs, freshMs }: AdmissionConstants,
): string[] {
  const fromMs = change.atMs - holdMs + NEWS_MS;
  const arrivals = ofKind(record.events, 'item-replicated')
    .filter(
      ({ region, from, id, timestamp }) =>
        region === change.region && from === peer && id === CONTROL_ID && timestamp === stateKey(peer),
    )
    .map(({ atMs }) => atMs)
    .filter((atMs) => atMs >= fromMs && atMs <= change.atMs);
  const times = [Math.max(fromMs, 0), ...arrivals, change.atMs];
  const longest = Math.max(...times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0)));
  return longest > freshMs + NEWS_MS
    ? [
        `${named(change)} although ${peer}'s heartbeat had paused for ${seconds(longest)} s within the last ${seconds(holdMs)} s`,
      ]
    : [];
}

/** Far beyond the lag (twin.md, DDB-06), as it is and while replication is slow: what is older has had its time. */
const ARRIVED_MS = { usual: 20_000, slow: 60_000 };

function missing(record: RunRecord, change: StateChange, peer: string): string[] {
  const here = new Set(
    ofKind(record.events, 'item-replicated')
      .filter(({ region, from, atMs }) => region === change.region && from === peer && atMs <= change.atMs)
      .map(versionKey),
  );
  /** A write that slow replication alone delays would be missing without any absence, too. */
  const isSlow = (writtenMs: number): boolean =>
    faultsBetween(record, writtenMs, change.atMs, ['replication-slow', 'dns-empty']).some(
      ({ kind, region }) => region === peer || (kind === 'dns-empty' && region === change.region),
    );
  const lacking = ofKind(record.events, 'item-written').filter(
    (event) =>
      event.region === peer &&
      isClientData(event) &&
      event.atMs <= change.atMs - ARRIVED_MS[isSlow(event.atMs) ? 'slow' : 'usual'] &&
      !here.has(versionKey(event)),
  );
  return lacking.length > 0 ? [`${named(change)} without ${lacking.length} older writes of ${peer}`] : [];
}

/**
 * I3 for a region that never said that it was catching up: its record shows an absence that ended, a peer served all the while,
 * and the peer's writes are not there. Only silence of the peer on both channels excuses it.
 */
export const waitsAfterAnAbsence: FindWrong = (record) => {
  const history = new AdmissionHistory(record);
  const constants = constantsOf(record);
  return record.regions.flatMap((region) =>
    history.of(region).flatMap(({ atMs, record: after }, index, said): string[] => {
      const before = said[index - 1]?.record;
      if (before?.state !== 'serving' || after.state !== 'serving') return [];
      const change: StateChange = { region, atMs, from: 'serving', to: 'serving', before, after };
      if (!wasAway(change, constants)) return [];
      return peersOf(record, region)
        .filter((peer) => history.servedThroughout(peer, absentFromMs(change), atMs))
        .filter((peer) => !heardNothingOf(record, history, change, peer, constants))
        .flatMap((peer) => missing(record, change, peer));
    }),
  );
};

const absentFromMs = ({ atMs, before, after }: StateChange): number => before.beatAtMs - after.beatAtMs + atMs;

/** Such a region cannot tell its absence from a record that nobody can read. */
const HIDES_ABSENCE: readonly FaultKind[] = ['dynamodb-throttled', 'bad-records'];

/**
 * A region whose table throttled kept its clients, and one whose record was spoiled may have: it asks the peer once and goes by the answer. Any other region knows nothing of
 * a peer before it has listened for D, and whoever does not beat does not listen.
 */
function heardNothingOf(
  record: RunRecord,
  history: AdmissionHistory,
  change: StateChange,
  peer: string,
  { quietMs, edgeMs, freshMs }: AdmissionConstants,
): boolean {
  const { region, atMs, before, after } = change;
  const fromMs = absentFromMs(change);
  const wasThere = faultsBetween(record, fromMs, atMs, HIDES_ABSENCE).some(
    (fault) => fault.region === region && startMs(fault) - fromMs <= edgeMs && atMs - endMs(fault) <= edgeMs,
  );
  const listened = after.beatAtMs - before.beatAtMs <= freshMs;
  return (
    mayGetNoAnswer(record, history, region, peer, atMs) &&
    (wasThere || (listened && heardNothing(record, region, peer, atMs - quietMs, atMs - NEWS_MS)))
  );
}

/** I4. Nobody ordered it back, so no other region may have served. */
export const returnsUnaskedOnlyAlone: FindWrong = (record) => {
  const history = new AdmissionHistory(record);
  const constants = constantsOf(record);
  return history
    .changes()
    .filter(({ from }) => from === 'evacuated')
    .flatMap((change) => {
      if (change.to === 'recovering')
        return wasOrdered(record, change) ? [] : [`${named(change)} and nobody had ordered it`];
      return peersOf(record, change.region)
        .filter((peer) => isHeardServing(record, history, peer, change.atMs, 2 * constants.quietMs))
        .map((peer) => `${named(change)} unasked although ${peer} served`);
    });
};

/** By a readmit that overrules what it obeyed, or because its order had an end. Clocks may run 2 s apart. */
function wasOrdered({ orders, events }: RunRecord, { region, atMs, before }: StateChange): boolean {
  const offsetMs = epochOffset({ events });
  return orders.some(
    ({ action, number, expiresAtMs }) =>
      action.region === region &&
      number !== null &&
      number >= before.closed &&
      action.atSeconds * 1000 <= atMs &&
      (action.order === 'readmit' || expiresAtMs - offsetMs <= atMs + CLOCKS_APART_MS),
  );
}

const CLOCKS_APART_MS = 4_000;

/** Records bear epoch times, the log the time since the start: the first state record tells the difference. */
function epochOffset(run: Pick<RunRecord, 'events'>): number {
  const [first] = statesIn(run);
  return first ? first.record.beatAtMs - first.atMs : 0;
}
