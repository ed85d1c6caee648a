// One look at the region: read the control records, beat when a beat is due, and say what admission and the table allow.
import {
  presenceKey,
  stateKey,
  type AdmissionMemory,
  type AdmissionState,
  type StateRecord,
} from '@dr/contracts/system';
import { inOwnTime, recounted, type BadRecord } from '@dr/contracts/system/records';
import {
  admit,
  answersReached,
  bestKnown,
  foundHere,
  hasServed,
  isReached,
  joined,
  mustWait,
  observe,
  peersToAsk,
  type AdmissionConstants,
  type AdmissionDecision,
  type AdmissionInput,
  type Presence,
  type Reading,
} from '@dr/failover';
import { placeOf, type Cancellation } from '@dr/handler-core';
import { readControl, type Control } from './control';
import { keep } from './elsewhere';
import { know, lastProbeAtMs, mayRestore, watchedSince, type Question } from './memory';
import { askPeers } from './peers';

export interface Beat {
  /** `state-unknown`: the record is spoiled, and this environment knows nothing of the region. */
  readonly state: AdmissionState | 'state-unknown';
  /** The record that says so, as it was read or written; absent before the first. */
  readonly record: StateRecord | undefined;
  /** A Route 53 probe has arrived lately, before the last beat too, and the router answers. */
  readonly reached: boolean;
  /** The table has just throttled, and no beat has been made since. */
  readonly throttled?: true;
  /** Peers as seen just now, for the staleness metric. */
  readonly memory: AdmissionMemory;
  /** Peers that have been in service: one that is still to start for the first time is not late. */
  readonly startedPeers: readonly string[];
  /** What this beat decided; absent when none was due or another environment was first. */
  readonly decision?: AdmissionDecision;
}

/** What is answered, without what was seen of the peers. */
type Told = Omit<Beat, 'memory' | 'startedPeers'>;

/** Rejects with TableError when the table takes no read or no write. */
export async function beat(question: Question, signal: Cancellation): Promise<Beat> {
  const { clock, region, peers, constants, forPeer, waitForValidation, failback = 'automatic' } = question;
  question.entering('table-read');
  const control = await readOwn(question, signal);
  // Asked after the table has answered, as its answers carry the time that our clock is held to.
  const nowMs = clock.wallMs();
  const probeAtMs = lastProbeAtMs(question);
  const { records, previous, stored, spoiled } = control;
  if (stored && previous) know(question, previous);
  const isLost = spoiled !== undefined && previous === null;
  const remembered = isLost ? watchedSince(question, nowMs) : (previous?.memory ?? null);
  const reading: Reading = { peers: peers.map(({ name }) => name), records: records.states, answers: {} };
  const memory = observe(remembered, reading, nowMs, constants);
  const startedPeers = reading.peers.filter((peer) => hasServed(peer, records));
  const watched = { memory, startedPeers };
  const unknown = {
    state: previous?.state ?? 'state-unknown',
    record: previous ?? undefined,
    reached: false,
    ...watched,
  } as const;
  const leavesIt = spoiled !== undefined && !mayRestore(question, control.isBackup ? previous : null, nowMs);
  if ((leavesIt && previous) || (forPeer && (spoiled || !previous))) return unknown;

  // The stored time is compared, in both directions: a beat dated in the future would otherwise never be due.
  const lastMs = isLost ? remembered?.atMs : (stored ?? previous)?.beatAtMs;
  const isDue = lastMs === undefined || Math.abs(nowMs - lastMs) >= constants.heartbeatMs;
  if (!isDue && isLost) return unknown;
  if (!isDue && previous)
    return { ...seen(previous, probeAtMs, await question.routerWorks(), nowMs, constants), ...watched };

  if (forPeer && previous) return { ...(await toldToPeer(question, control, previous, probeAtMs, signal)), ...watched };

  question.entering('peers');
  const stale = peersToAsk(memory);
  const [answers, routerWorks] = await Promise.all([
    stale.length > 0
      ? askPeers(
          question,
          peers.filter(({ name }) => stale.includes(name)),
        )
      : {},
    question.routerWorks(),
  ]);
  const answered = { ...reading, answers };
  const proved = provedBy(question, records, nowMs);
  const input: AdmissionInput = {
    region,
    previous,
    isLost,
    memory: observe(remembered, answered, nowMs, constants),
    reading: answered,
    orders: records.orders,
    probeAtMs,
    presence: withSpoiled(proved, control, nowMs, constants),
    routerWorks,
    validated: !waitForValidation || isValidated(records, region, previous),
    failback,
    constants,
    nowMs,
  };
  if (isLost) question.memory.watched = input.memory;
  // Silence is counted from the first look on, also while an environment that knows the record is waited for.
  if (isLost && (leavesIt || mustWait(input))) return unknown;
  if (previous && mustWait(input)) {
    question.memory.presence = proved;
    await share(question, records, proved, signal);
    return { ...unbeaten(previous, proved, probeAtMs, routerWorks, nowMs, constants), ...watched };
  }
  question.entering('table-write');
  const told = await write(question, control, admit(input), probeAtMs, signal);
  await mendProof(question, records, proved, signal);
  return { ...told, ...watched };
}

/** For a peer, when a beat is due. The record is put again as it is, which shows whether the table takes writes. */
async function toldToPeer(
  question: Question,
  control: OwnControl,
  previous: StateRecord,
  probeAtMs: number | null,
  signal: Cancellation,
): Promise<Told> {
  const { clock, constants, table } = question;
  question.entering('table-write');
  if (control.stored) await table.put({ ...control.stored }, placeOf(control.stored, undefined, 0).condition, signal);
  const [nowMs, routerWorks] = [clock.wallMs(), await question.routerWorks()];
  if (nowMs - previous.beatAtMs <= constants.freshMs) return seen(previous, probeAtMs, routerWorks, nowMs, constants);
  return unbeaten(previous, provedBy(question, control.records, nowMs), probeAtMs, routerWorks, nowMs, constants);
}

/**
 * Of a region whose record is older than F, which an absence may have followed: it says what it said while its table last throttled, or that
 * it is in trouble.
 */
function unbeaten(
  previous: StateRecord,
  presence: Presence | null,
  probeAtMs: number | null,
  routerWorks: boolean,
  nowMs: number,
  constants: AdmissionConstants,
): Told {
  const hasThrottled = presence !== null && nowMs - presence.untilMs <= constants.freshMs;
  const reached = hasThrottled && isReached(routerWorks, probeAtMs ?? 0, nowMs, constants);
  return { state: previous.state, record: previous, reached, ...(hasThrottled ? { throttled: true } : {}) };
}

interface OwnControl {
  readonly records: Control;
  /** This region's own record, in its own time; null at the first start. */
  readonly previous: StateRecord | null;
  /** A peer's backup of it, newer than what this environment remembers. */
  readonly isBackup: boolean;
  /** It as it is in the table. */
  readonly stored: StateRecord | undefined;
  /** It is there and cannot be read. */
  readonly spoiled: BadRecord | undefined;
}

async function readOwn(question: Question, signal: Cancellation): Promise<OwnControl> {
  const { clock, region, peers, table, lastKnown, memory } = question;
  const now = (): number => clock.wallMs();
  const records = await readControl(table, region, [region, ...peers.map(({ name }) => name)], now, signal);
  const stored = records.states.find((state) => state.region === region);
  const spoiled = records.badAt(stateKey(region));
  const known = spoiled ? bestKnown(region, lastKnown, records.states) : undefined;
  const own = stored ?? known;
  const isBackup = known !== undefined && known !== lastKnown;
  const held = own && inOwnTime(own, now());
  memory.tellBad([...records.bad, ...(stored && held ? held.bad : [])]);
  return { records, previous: held?.record ?? null, isBackup, stored, spoiled };
}

async function write(
  question: Question,
  { stored, spoiled }: OwnControl,
  decision: AdmissionDecision,
  probeAtMs: number | null,
  signal: Cancellation,
): Promise<Told> {
  const { next } = decision;
  const { condition, version } = placeOf(stored, spoiled, next.version);
  const record = recounted({ ...next, version });
  if ((await question.table.put({ ...record }, condition, signal)) === 'written') {
    return { state: record.state, record, reached: record.reached, decision };
  }
  // Another environment of this region has just decided. Its decision counts, and it shows that the table takes writes.
  const theirs = (await readOwn(question, signal)).previous ?? record;
  return seen(theirs, probeAtMs, await question.routerWorks(), question.clock.wallMs(), question.constants);
}

const seen = (
  record: StateRecord,
  probeAtMs: number | null,
  routerWorks: boolean,
  nowMs: number,
  constants: AdmissionConstants,
): { state: AdmissionState; record: StateRecord; reached: boolean } => ({
  state: record.state,
  record,
  reached: answersReached(record, routerWorks, probeAtMs, nowMs, constants),
});

/** What other environments proved while the table throttled has replicated back from a peer. */
function provedBy({ presence, region, constants }: Question, records: Control, nowMs: number): Presence | null {
  const told = records.presences.find((record) => record.region === region) ?? null;
  const arrived = (peer: string): number | undefined => records.states.find((state) => state.region === peer)?.sequence;
  return foundHere(joined(presence, told, constants), arrived, nowMs);
}

/** An environment that does not know of the throttling would decide at once, and take the region for one that was away. */
async function share(
  { table, region }: Question,
  { presences, badAt }: Control,
  proved: Presence | null,
  signal: Cancellation,
): Promise<void> {
  const told = presences.find((record) => record.region === region);
  const isNews = Object.entries(proved?.sights ?? {}).some(
    ([peer, { found }]) => found && found.atMs !== told?.sights?.[peer]?.found?.atMs,
  );
  if (proved && isNews) await keep(table, region, proved, told, badAt(presenceKey(region)), signal);
}

/** A proof that cannot be trusted is written over by what is proved, which may be nothing. */
async function mendProof(
  { table, region }: Question,
  { badAt }: Control,
  proved: Presence | null,
  signal: Cancellation,
): Promise<void> {
  const spoiled = badAt(presenceKey(region));
  if (spoiled) await keep(table, region, proved ?? { sinceMs: 0, untilMs: 0 }, undefined, spoiled, signal);
}

/**
 * A spoiled record cannot tell what the region did since this environment last saw it. That is no proof of an absence, so the region
 * leaves only to a peer that says that it serves.
 */
function withSpoiled(
  proved: Presence | null,
  { previous, spoiled }: OwnControl,
  nowMs: number,
  constants: AdmissionConstants,
): Presence | null {
  return spoiled && previous ? joined(proved, { sinceMs: previous.beatAtMs, untilMs: nowMs }, constants) : proved;
}

function isValidated({ runs }: Control, region: string, previous: StateRecord | null): boolean {
  const run = runs.find((record) => record.region === region);
  return run !== undefined && run.passed && run.startedAtMs >= (previous?.stateSinceMs ?? 0);
}
