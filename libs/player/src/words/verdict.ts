// The verdict of a run in one sentence and four facts, for every way a run can end.
import { cached } from '../log/cached';
import { recoveries, type Recovery } from '../log/down';
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

export function verdictOf(log: RunLog): Verdict {
  const { end } = log;
  const base = { reasons: end?.reasons ?? [], facts: factsOf(log) };
  if (log.events.length === 0)
    return { ...base, passed: undefined, tag: 'Empty', headline: 'No events yet. Start a drill or open a log.' };
  if (!end) return { ...base, passed: undefined, tag: 'Incomplete', headline: cutOff(log) };
  return { ...base, passed: end.passed, tag: end.passed ? 'Passed' : 'Failed', headline: headlineOf(log) };
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
  return survive.holds ? 'No acknowledged write was lost.' : 'Acknowledged writes were lost.';
}

/** Clients that a fault hurt, from the first one to the end of the last one. */
export const felt = cached((log): readonly Recovery[] => {
  const startMs = log.firstFaultMs;
  if (startMs === undefined) return [];
  return recoveries(log, { startMs, endMs: Math.max(...log.faults.map(({ endMs }) => endMs)) });
});

export const worstOf = (log: RunLog): Recovery | undefined => felt(log).at(-1);

function factsOf(log: RunLog): Fact[] {
  const [first] = log.faults;
  if (!first) return [];
  return [whatBroke(log, first), whoNoticed(log, first.startMs), howLong(log, first.startMs), whatWasLost(log)];
}

function whatBroke(log: RunLog, { fault, startMs, endMs }: RunLog['faults'][number]): Fact {
  const until = endMs === Infinity ? 'on' : `to ${plainSeconds(endMs)}`;
  return {
    name: 'What broke',
    value: fault.kind === 'us-east-1-down' ? 'us-east-1' : titled(fault.region),
    notes: [
      { text: `${fault.kind}, ${Number((startMs / 1000).toFixed(1))} ${until}` },
      { text: `hit ${whole(felt(log).length)} of ${counted(log.clients.all.length, 'client')}` },
    ],
  };
}

function whoNoticed(log: RunLog, startMs: number): Fact {
  const { probeMs, messageMs, movedMs } = noticed(log);
  const since = (ms: number | undefined, what: string) =>
    ms === undefined ? [] : [{ text: `${what} ${after(ms - startMs)}` }];
  return {
    name: 'Who noticed',
    value: probeMs === undefined ? 'Nobody' : `Checker, ${after(probeMs - startMs)}`,
    notes: [...since(messageMs, 'first message'), ...since(movedMs, 'DNS moved')],
  };
}

interface Noticed {
  readonly probeMs?: number;
  readonly messageMs?: number;
  readonly movedMs?: number;
}

/** Since the first fault: the first failing probe, the first message to a person, the first change of an answer. */
export const noticed = cached((log): Noticed => {
  const startMs = log.firstFaultMs ?? Infinity;
  const first = (times: readonly number[]): number | undefined =>
    times.filter((ms) => ms >= startMs).sort((a, b) => a - b)[0];
  const probeMs = first(
    log.regions.flatMap(({ checkers }) =>
      [...checkers.values()].flatMap(({ probes }) => probes.times.filter((_, index) => probes.values[index] === false)),
    ),
  );
  // That an alarm is over, or has its first data, is no news of a fault.
  const news = log.regions.flatMap(({ messages }) => messages.filter(({ subject }) => !subject.startsWith('OK')));
  const messageMs = first(news.map(({ atMs }) => atMs));
  const movedMs = first([...log.answers.values()].flatMap(({ times }) => times.slice(1)));
  return {
    ...(probeMs === undefined ? {} : { probeMs }),
    ...(messageMs === undefined ? {} : { messageMs }),
    ...(movedMs === undefined ? {} : { movedMs }),
  };
});

function howLong(log: RunLog, startMs: number): Fact {
  const { objective, predicted } = log.header;
  const worst = worstOf(log);
  const ms = worst ? worst.atMs - startMs : 0;
  const held = (limit: number | undefined, text: string) =>
    limit === undefined ? [] : [{ text: `${text} ${seconds(limit * 1000)}`, met: ms <= limit * 1000 }];
  return {
    name: 'Down, worst client',
    value: !worst ? 'none' : ms === Infinity ? 'never back' : seconds(ms),
    notes: [...held(objective?.rtoSeconds, 'objective'), ...held(predicted?.worstClientSeconds, 'predicted at most')],
  };
}

function whatWasLost({ end, header }: RunLog): Fact {
  const report = end?.report;
  if (!report) return { name: 'Writes lost', value: 'not said', notes: [] };
  const { rpo, invariants } = report;
  const survive = invariants.find(({ id }) => id === 'acknowledged-writes-survive');
  const atRisk = `${whole(rpo.writesAtRisk)} at risk, oldest ${seconds(rpo.oldestAtRiskSeconds * 1000)}`;
  const limit = header.objective?.rpoSeconds;
  return {
    name: 'Writes lost',
    value: survive?.holds ? 'none' : 'some',
    notes: [
      { text: atRisk },
      ...(limit === undefined
        ? []
        : [{ text: `objective ${seconds(limit * 1000)}`, met: rpo.oldestAtRiskSeconds <= limit }]),
    ],
  };
}
