// What belongs together: a fault, those that began while it lasted, and what clients felt of them. A planned run is one episode.
import { cached } from './cached';
import { recoveries, type Recovery } from './down';
import type { RunLog, StruckBy } from './run-log';
import { countUpTo } from './steps';

export interface Episode {
  /** In order; at least one. */
  readonly faults: readonly StruckBy[];
  readonly startMs: number;
  /** When the last fault was over; Infinity while one lasts. */
  readonly endMs: number;
  /** When the next one begins; Infinity for the last. */
  readonly untilMs: number;
  /** Of every client that it hurt, in order of recovery. */
  readonly felt: readonly Recovery[];
}

/** A failed request is in the log this long after it was sent, at most. */
const LATEST_MS = 60_000;

function of(log: RunLog, faults: readonly StruckBy[], untilMs: number): Episode {
  const startMs = faults[0]?.startMs ?? 0;
  const endMs = Math.max(...faults.map((fault) => fault.endMs));
  return { faults, startMs, endMs, untilMs, felt: recoveries(log, { startMs, endMs }) };
}

const isSettled = ({ endMs, felt }: Episode, atMs: number): boolean =>
  Math.max(endMs, felt.at(-1)?.atMs ?? 0) + LATEST_MS < atMs;

/** Episodes of long runs that nothing will change any more, in order. */
const settled = new WeakMap<RunLog, Episode[]>();

/** From the first fault to the end of the last one; undefined where nothing was struck. */
export const wholeEpisode = cached((log): Episode | undefined =>
  log.faults.length === 0 ? undefined : of(log, log.faults, Infinity),
);

/** In order. Only who plays by hand strikes, waits until all is well, and strikes anew. */
export const episodesOf = cached((log): readonly Episode[] => {
  if (log.header.run !== 'live') return [wholeEpisode(log) ?? []].flat();
  const groups: StruckBy[][] = [];
  let endMs = -Infinity;
  for (const fault of log.faults) {
    if (fault.startMs < endMs) groups.at(-1)?.push(fault);
    else groups.push([fault]);
    endMs = Math.max(endMs, fault.endMs);
  }
  const known = settled.get(log) ?? [];
  settled.set(log, known);
  return groups.map((faults, index) => {
    const untilMs = groups[index + 1]?.[0]?.startMs ?? Infinity;
    if (known[index]) return known[index];
    const episode = of(log, faults, untilMs);
    if (known.length === index && untilMs < Infinity && isSettled(episode, log.endMs)) known.push(episode);
    return episode;
  });
});

/** The one that an instant belongs to: the last that has begun, or the first if none has. */
export function episodeAt(log: RunLog, atMs: number): Episode | undefined {
  const episodes = episodesOf(log);
  return episodes.findLast(({ startMs }) => startMs <= atMs) ?? episodes[0];
}

export interface Noticed {
  readonly probeMs?: number;
  readonly messageMs?: number;
  readonly movedMs?: number;
}

/** In an episode: the first failing probe, the first message to a person, the first change of an answer. */
export function noticedIn(log: RunLog, { startMs, untilMs }: Pick<Episode, 'startMs' | 'untilMs'>): Noticed {
  const first = (all: readonly (readonly number[])[]): number | undefined => {
    const found = all.flatMap((times) => times[firstFrom(times, startMs)] ?? []).filter((ms) => ms < untilMs);
    return found.length === 0 ? undefined : Math.min(...found);
  };
  const probeMs = first(log.regions.map(({ failingProbes }) => failingProbes));
  const messageMs = first(log.regions.map(({ newsTimes }) => newsTimes));
  // The first answer is no change.
  const movedMs = first(
    [...log.answers.values()].map(({ times }) => times.slice(Math.max(1, firstFrom(times, startMs)))),
  );
  return {
    ...(probeMs === undefined ? {} : { probeMs }),
    ...(messageMs === undefined ? {} : { messageMs }),
    ...(movedMs === undefined ? {} : { movedMs }),
  };
}

/** Position of the first time that is not before an instant. */
function firstFrom(times: readonly number[], atMs: number): number {
  let index = countUpTo(times, atMs);
  while (index > 0 && times[index - 1] === atMs) index -= 1;
  return index;
}
