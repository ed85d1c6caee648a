// The verdict of a run in one sentence and four facts, for every way a run can end.
import { PROMISED_CLIENT, shareOf, PROMISED_CLIENTS } from '@dr/contracts';
import { cached } from '../log/cached';
import { apartRecoveries, type Recovery } from '../log/down';
import { episodesOf, noticedIn, wholeEpisode, type Episode, type Noticed } from '../log/episodes';
import type { RunLog } from '../log/run-log';
import { whatHappened } from './fault';
import { counted, plainSeconds, seconds, titled, whole, after } from './figures';

export interface Verdict {
  /** undefined: there is none, since the log ends before the run did. */
  readonly passed: boolean | undefined;
  readonly tag: string;
  readonly headline: string;
  readonly facts: readonly Fact[];
  /** Why it did not pass. */
  readonly reasons: readonly string[];
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly notes: readonly { readonly text: string; readonly met?: boolean }[];
}

export const SIMULATED = 'Simulated, not measured on AWS. Clients honour the TTL and open a new connection.';

export const verdictOf = cached((log): Verdict => {
  const { end } = log;
  const base = { reasons: end?.reasons ?? [], facts: factsOf(log) };
  if (log.state === 'running') return { ...base, passed: undefined, tag: 'Live', headline: liveHeadline(log) };
  if (log.events.length === 0)
    return { ...base, passed: undefined, tag: 'Empty', headline: 'No events yet. Start a drill or open a log.' };
  if (!end) return { ...base, passed: undefined, tag: 'Incomplete', headline: cutOff(log) };
  return { ...base, passed: end.passed, tag: end.passed ? 'Passed' : 'Failed', headline: headlineOf(log) };
});

/** What is so now. */
function liveHeadline(log: RunLog): string {
  const episode = episodesOf(log).at(-1);
  if (!episode) return 'Running. Nothing is broken: lose a region, and watch.';
  const { faults, felt: hit, startMs } = episode;
  const down = hit.filter(({ atMs }) => atMs === Infinity).length;
  const on = faults.filter(({ endMs }) => endMs === Infinity);
  const [struck] = on;
  const what = struck
    ? `${whatHappened(struck.fault)} ${seconds(log.endMs - struck.startMs)} ago${on.length > 1 ? `, and ${counted(on.length - 1, 'more fault')} on` : ''}.`
    : `${whatHappened((faults[0] as (typeof faults)[number]).fault)} at ${plainSeconds(startMs)}, for ${seconds(episode.endMs - startMs)}.`;
  if (down > 0) return `${what} ${counted(down, 'client is', 'clients are')} down.`;
  const last = hit.at(-1);
  if (!last) return `${what} No client has failed.`;
  const all = hit.length === 1 ? 'The client that it hit is' : `All ${counted(hit.length, 'client')} that it hit are`;
  return `${what} ${all} back since ${after(last.atMs - startMs)}.`;
}

function cutOff(log: RunLog): string {
  const during = log.faults.some(({ endMs }) => endMs === Infinity) ? ' in the middle of a fault' : '';
  return `The log ends at ${seconds(log.endMs)}${during}. Nothing after that is known.`;
}

function headlineOf(log: RunLog): string {
  const [first, ...others] = log.faults;
  if (!first) return log.header.run === 'first-start' ? firstStart(log) : 'Nothing broke.';
  const at = `at ${plainSeconds(first.startMs)}`;
  const what =
    others.length === 0
      ? `${whatHappened(first.fault)} ${at}.`
      : `${whatHappened(first.fault)} ${at}, and ${counted(others.length, 'more fault')} followed.`;
  return [what, hurt(log), lost(log)].filter(Boolean).join(' ');
}

const firstStart = ({ end }: RunLog): string =>
  end?.passed ? 'The first apply paged nobody.' : 'The first apply paged somebody, or never served.';

function hurt(log: RunLog): string {
  const worst = worstOf(log);
  if (!worst) return 'No client failed.';
  const [first] = log.faults;
  // While requests fail now and then, the time since the first failure says nothing.
  if (first && log.faults.length === 1 && shareOf(first.fault) < 1) {
    const gap = log.end?.report?.rto?.worstSeconds;
    return `A share of its requests failed${gap === undefined ? '' : `; no ${PROMISED_CLIENT} was without service for longer than ${seconds(gap * 1000)}`}.`;
  }
  if (worst.atMs === Infinity) {
    const still = felt(log).filter(({ atMs }) => atMs === Infinity).length;
    return `${counted(still, 'client')} never recovered.`;
  }
  const ms = worst.atMs - (log.firstFaultMs ?? 0);
  const objectiveMs = (log.header.objective?.rtoSeconds ?? Infinity) * 1000;
  const over = ms > objectiveMs ? `, ${seconds(ms - objectiveMs)} over the objective` : '';
  return `${whoseClients(log)} were down for ${seconds(ms)} at worst${over}.`;
}

const whoseClients = (log: RunLog): string => (log.faults.length === 1 ? 'Its clients' : 'Clients');

function lost({ end }: RunLog): string {
  const survive = end?.report?.invariants.find(({ id }) => id === 'acknowledged-writes-survive');
  if (!survive) return '';
  const gone = end?.report?.aftermath?.lost.writes ?? 0;
  if (gone > 0) return `${counted(gone, 'acknowledged write')} went with it for good.`;
  return survive.holds ? 'No acknowledged write was lost.' : 'Acknowledged writes were lost.';
}

/** Clients that a fault hurt, from the first one to the end of the last one. */
export const felt = (log: RunLog): readonly Recovery[] => wholeEpisode(log)?.felt ?? [];

export const worstOf = (log: RunLog): Recovery | undefined => felt(log).at(-1);

/** Since the first fault: the first failing probe, the first message to a person, the first change of an answer. */
export const noticed = cached((log): Noticed => {
  const whole = wholeEpisode(log);
  return whole ? noticedIn(log, whole) : {};
});

/** Of the last episode: a planned run has only one. */
function factsOf(log: RunLog): Fact[] {
  const episode = episodesOf(log).at(-1);
  if (!episode) return [];
  return [whatBroke(log, episode), whoNoticed(log, episode), howLong(log, episode), whatWasLost(log)];
}

function whatBroke(log: RunLog, { faults, felt: hit }: Episode): Fact {
  const { fault, startMs, endMs } = faults[0] as Episode['faults'][number];
  const from = Number((startMs / 1000).toFixed(1));
  return {
    name: 'What broke',
    value: fault.kind === 'us-east-1-down' ? 'us-east-1' : titled(fault.region),
    notes: [
      {
        text: `${fault.kind}, ${endMs === Infinity ? `since ${plainSeconds(startMs)}` : `${from} to ${plainSeconds(endMs)}`}`,
      },
      { text: `hit ${whole(hit.length)} of ${counted(log.header.clients ?? log.clients.all.length, 'client')}` },
    ],
  };
}

function whoNoticed(log: RunLog, episode: Episode): Fact {
  const { startMs } = episode;
  const { probeMs, messageMs, movedMs } = noticedIn(log, episode);
  const since = (ms: number | undefined, what: string) =>
    ms === undefined ? [] : [{ text: `${what} ${after(ms - startMs)}` }];
  return {
    name: 'Who noticed',
    value:
      probeMs === undefined
        ? log.state === 'running'
          ? 'Nobody yet'
          : 'Nobody'
        : `Checker, ${after(probeMs - startMs)}`,
    notes: [...since(messageMs, 'first message'), ...since(movedMs, 'DNS moved')],
  };
}

function howLong(log: RunLog, { startMs, endMs, felt: hit }: Episode): Fact {
  const { objective, predicted } = log.header;
  const worst = hit.at(-1);
  const isOpen = log.state !== 'ended' && worst?.atMs === Infinity;
  const ms = !worst ? 0 : isOpen ? log.endMs - startMs : worst.atMs - startMs;
  const held = (limit: number | undefined, text: string) => {
    if (limit === undefined) return [];
    const note = { text: `${text} ${seconds(limit * 1000)}` };
    // As long as it goes on, a limit can be missed and not be met.
    const isOpenStill = (isOpen || log.state === 'running') && ms <= limit * 1000;
    return [isOpenStill ? note : { ...note, met: ms <= limit * 1000 }];
  };
  const least = log.state === 'running' ? ' so far' : ' at least';
  const value = !worst ? 'none' : ms === Infinity ? 'never back' : `${seconds(ms)}${isOpen ? least : ''}`;
  return {
    name: 'Down at worst',
    value,
    notes: [
      { text: PROMISED_CLIENTS },
      ...held(objective?.rtoSeconds, 'objective'),
      ...held(predicted?.worstClientSeconds, 'predicted at most'),
      ...apart(log, startMs, endMs),
    ],
  };
}

/** Who is no part of the promise, in one note: the worst of each population. */
function apart(log: RunLog, startMs: number, endMs: number): Fact['notes'] {
  const words = apartRecoveries(log, { startMs, endMs }).map(({ population, clients, felt: own }) => {
    const worst = own.at(-1);
    if (!worst) return `${population} none of ${whole(clients)}`;
    const until = worst.atMs === Infinity ? 'not back' : seconds(worst.atMs - startMs);
    return `${population} ${until} (${whole(own.length)} of ${whole(clients)})`;
  });
  return words.length === 0 ? [] : [{ text: `counted apart: ${words.join(', ')}` }];
}

/** Versions that a region has not got yet. */
function onTheirWay({ own, replication, endMs }: RunLog): Fact {
  const links = own.flatMap(({ name: from }) =>
    own.flatMap(({ name: to }) => (from === to ? [] : [replication.at(from, to, endMs)])),
  );
  const count = links.reduce((sum, link) => sum + link.count, 0);
  const oldestMs = Math.max(0, ...links.map((link) => link.oldestMs));
  return {
    name: 'Writes on their way',
    value: whole(count),
    notes: [{ text: count === 0 ? 'every region has all' : `the oldest for ${seconds(oldestMs)}` }],
  };
}

function whatWasLost(log: RunLog): Fact {
  const { end, header } = log;
  if (log.state === 'running') return onTheirWay(log);
  const report = end?.report;
  if (!report) return { name: 'Writes lost', value: 'not said', notes: [] };
  const { rpo, invariants } = report;
  const survive = invariants.find(({ id }) => id === 'acknowledged-writes-survive');
  const atRisk = `${whole(rpo.writesAtRisk)} at risk, oldest ${seconds(rpo.oldestAtRiskSeconds * 1000)}`;
  const limit = header.objective?.rpoSeconds;
  return {
    name: 'Writes lost',
    value: report.aftermath ? whole(report.aftermath.lost.writes) : survive?.holds ? 'none' : 'some',
    notes: [
      { text: atRisk },
      ...(limit === undefined
        ? []
        : [{ text: `objective ${seconds(limit * 1000)}`, met: rpo.oldestAtRiskSeconds <= limit }]),
    ],
  };
}
