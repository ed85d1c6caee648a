// Times in a region's own records, as its clock has them now: no record may hold up what waits for a time to pass, or prove what is to come.
import { CLOCK_SKEW_MS } from '../clock';
import type { AdmissionMemory, PresenceRecord, StateRecord } from './control-readers';
import type { BadRecord, ControlRecords } from './control-records';
import { MAX_COUNT } from './readers';

/** A record as it may be gone on with, and what in it had to be put right: named, as nobody can have written it. */
export interface Held<R> {
  readonly record: R;
  readonly bad: readonly BadRecord[];
}

/** Is that time later than any clock can have written it? */
export type IsAhead = (name: string, ms: number | null | undefined) => boolean;

interface Keyed {
  readonly timestamp: string;
  readonly version: number;
}

/** The record as `hold` makes it of times that lie ahead of `latestMs`; the same object where none does. */
export function heldTo<R extends Keyed, H>(record: R, latestMs: number, hold: (isAhead: IsAhead) => H): Held<R | H> {
  const names = new Set<string>();
  const held = hold((name, ms) => {
    const isAhead = (ms ?? 0) > latestMs;
    if (isAhead) names.add(name);
    return isAhead;
  });
  if (names.size === 0) return { record, bad: [] };
  const why = `${[...names].join(', ')} lies in times to come`;
  return { record: held, bad: [{ key: record.timestamp, why, version: record.version }] };
}

/**
 * Times that lie ahead were written by a clock that has gone back since, or by somebody else. They are taken to be now: what waits
 * for time to pass then waits as long again, and not until a time that may never come.
 */
export const inOwnTime = (record: StateRecord, nowMs: number): Held<StateRecord> =>
  heldTo(record, nowMs + CLOCK_SKEW_MS, (isAhead) => {
    const at = (name: string, ms: number): number => (isAhead(name, ms) ? nowMs : ms);
    const orNull = (name: string, ms: number | null): number | null => (ms === null ? null : at(name, ms));
    const { memory, stateSinceMs, wait, unreachedSinceMs } = record;
    return {
      ...record,
      beatAtMs: at('beatAtMs', record.beatAtMs),
      leavingSinceMs: orNull('leavingSinceMs', record.leavingSinceMs),
      lastProbeAtMs: at('lastProbeAtMs', record.lastProbeAtMs),
      ...(stateSinceMs === undefined ? {} : { stateSinceMs: at('stateSinceMs', stateSinceMs) }),
      ...(wait ? { wait: { ...wait, sinceMs: at('wait.sinceMs', wait.sinceMs) } } : {}),
      ...(unreachedSinceMs === undefined ? {} : { unreachedSinceMs: at('unreachedSinceMs', unreachedSinceMs) }),
      ...(memory ? { memory: memoryAt(memory, at, orNull) } : {}),
    };
  });

const memoryAt = (
  { atMs, aloneSinceMs, peers }: AdmissionMemory,
  at: (name: string, ms: number) => number,
  orNull: (name: string, ms: number | null) => number | null,
): AdmissionMemory => ({
  atMs: at('atMs', atMs),
  aloneSinceMs: orNull('aloneSinceMs', aloneSinceMs),
  peers: Object.fromEntries(
    Object.entries(peers).map(([name, peer]) => [
      name,
      {
        ...peer,
        heardAtMs: orNull('heardAtMs', peer.heardAtMs),
        freshSinceMs: orNull('freshSinceMs', peer.freshSinceMs),
        answeredAtMs: orNull('answeredAtMs', peer.answeredAtMs),
        silentSinceMs: at('silentSinceMs', peer.silentSinceMs),
        ...(peer.soundAtMs === undefined ? {} : { soundAtMs: at('soundAtMs', peer.soundAtMs) }),
      },
    ]),
  ),
});

/** What a region has proved or validated in times to come is no proof: without those of its own, which are bad records. */
export function withoutProofsAhead(records: ControlRecords, own: string, nowMs: number): ControlRecords {
  const bad: BadRecord[] = [];
  const past = <R extends Keyed & { readonly region: string }>(all: readonly R[], timesOf: (one: R) => Times): R[] =>
    all.filter((one) => {
      if (one.region !== own) return true;
      const held = heldTo(one, nowMs + CLOCK_SKEW_MS, (isAhead) =>
        timesOf(one).filter(([name, ms]) => isAhead(name, ms)),
      );
      bad.push(...held.bad);
      return held.bad.length === 0;
    });
  const presences = past(records.presences, timesOfPresence);
  const runs = past(records.runs, ({ startedAtMs, finishedAtMs }) => [
    ['startedAtMs', startedAtMs],
    ['finishedAtMs', finishedAtMs],
  ]);
  return { ...records, presences, runs, bad: [...records.bad, ...bad] };
}

type Times = readonly (readonly [name: string, ms: number | undefined])[];

const timesOfPresence = ({ sinceMs, untilMs, sights = {} }: PresenceRecord): Times => [
  ['sinceMs', sinceMs],
  ['untilMs', untilMs],
  ...Object.values(sights).flatMap((sight): Times => [
    ['sinceMs', sight.sinceMs],
    ['atMs', sight.atMs],
    ['atMs', sight.found?.atMs],
  ]),
];

/** The record as it may be written: a count that somebody has put at its end begins anew. */
export const recounted = (record: StateRecord): StateRecord => ({
  ...record,
  version: record.version > MAX_COUNT ? 1 : record.version,
  sequence: record.sequence > MAX_COUNT ? 1 : record.sequence,
  closed: record.closed > MAX_COUNT ? 0 : record.closed,
});
