// What a report is made of: an event log, a former report that holds one, a search's result, a game day's record. A file says itself what it is.
import { InputError } from '@dr/contracts';
import { readLog } from '@dr/event-log';
import type { DrillsResult, GameDayRecord, NamedLog } from '@dr/player';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type * as z from 'zod';
import type { FilesContext } from '../../context';
import { DRILLS_RESULT, GAME_DAY_RECORD } from './results';

export type Source =
  | { readonly of: 'log'; readonly named: NamedLog }
  | { readonly of: 'drills'; readonly result: DrillsResult }
  | { readonly of: 'game-day'; readonly record: GameDayRecord };

/** A drill of an hour has 60 MB. */
const MAX_BYTES = 256 << 20;

/** Throws InputError. */
export function sourceIn({ processes }: Pick<FilesContext, 'processes'>, path: string): Source {
  const content = processes.readFile('log', path, MAX_BYTES);
  const what = `log "${path}"`;
  const name = basename(path);
  const logged = (text: string): Source => ({ of: 'log', named: { name, log: readLog(text, what) } });
  if (/^\s*<!doctype html>/i.test(content.slice(0, 200))) return inPage(content, what, logged);
  const firstLine = objectIn(content.slice(0, content.indexOf('\n') + 1 || undefined));
  if (firstLine?.['kind'] === 'log') return logged(content);
  const whole = firstLine && content.trimEnd().includes('\n') ? undefined : (firstLine ?? objectIn(content));
  return (whole && resultIn(whole, what)) ?? logged(content);
}

/** The log in a file, or in the page of a former report. Throws InputError. */
export function loggedIn(context: Pick<FilesContext, 'processes'>, path: string): NamedLog {
  const source = sourceIn(context, path);
  if (source.of === 'log') return source.named;
  const what = source.of === 'drills' ? 'the result of many runs' : 'the record of a game day';
  throw new InputError(`log "${path}"`, `is ${what}, and has no events`, GIVE_A_LOG);
}

const GIVE_A_LOG = 'Give a log that `dr drill --events` wrote, or the HTML file that `--report` wrote';

/** Two runs can be held against each other only where they are of the same regions. Throws InputError. */
export function checkComparable(
  former: NamedLog,
  now: { readonly name: string; readonly regions: readonly { readonly name: string; readonly awsRegion: string }[] },
): void {
  const said = (regions: typeof now.regions): string =>
    regions
      .map(({ name, awsRegion }) => `${name} (${awsRegion})`)
      .sort()
      .join(', ');
  const [was, is] = [said(former.log.header.regions), said(now.regions)];
  if (was === is) return;
  throw new InputError(
    `log "${former.name}" beside ${now.name}`,
    `they are of different regions, ${was} and ${is}, so no figure of one can be held against the other`,
    'Give two runs of the same regions',
  );
}

/** What AWS has shown stands beside what the twin has only where both lost the same. Throws InputError. */
export function checkSameFault({ name, log }: NamedLog, { region, twin, name: day }: GameDayRecord): void {
  const [fault, second] = log.header.faults;
  if (fault && !second && fault.kind === twin.fault && fault.region === region) return;
  const has = log.header.faults.map((one) => `${one.kind} in ${one.region}`).join(', ') || 'no fault';
  throw new InputError(
    `game day "${day}" beside log "${name}"`,
    `it is of ${twin.fault} in ${region}, and the log of ${has}`,
    `Give the log that this writes: ${twin.replay} --events events.jsonl`,
  );
}

const LOG_IN_PAGE = /<script type="text\/plain" data-log="[^"]*">([^<]*)<\/script>/g;
const REPORT_IN_PAGE = /<script type="application\/json" id="report">([^<]*)<\/script>/;

/** Of a page with two logs, the later one: the run that the page is about. */
function inPage(page: string, what: string, logged: (text: string) => Source): Source {
  const packed = [...page.matchAll(LOG_IN_PAGE)].at(-1)?.[1];
  if (packed !== undefined) return logged(unpacked(packed, what));
  const report = objectIn(REPORT_IN_PAGE.exec(page)?.[1] ?? '');
  const source = report && resultIn(report, what);
  if (source) return source;
  throw new InputError(what, 'is a page that holds no report of dr, or was cut off', GIVE_A_LOG);
}

/** The lines of the log, from which its SHA-256 is worked out anew. */
function unpacked(base64: string, what: string): string {
  try {
    const json = gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: MAX_BYTES }).toString();
    const { header, events, end } = JSON.parse(json) as { header: unknown; events: unknown[]; end: unknown };
    const lines = [header, ...events, ...(end === null ? [] : [end])];
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  } catch (cause) {
    throw new InputError(what, 'holds a log that cannot be unpacked: it was cut off or changed', GIVE_A_LOG, { cause });
  }
}

/** undefined: it is no result. Throws InputError for one that is not whole, or holds no figures to make a report of. */
function resultIn(value: Readonly<Record<string, unknown>>, what: string): Source | undefined {
  const { kind, of } = value;
  if (kind === 'report' && of !== 'run')
    return resultIn((value[of === 'drills' ? 'drills' : 'gameDay'] ?? {}) as Record<string, unknown>, what);
  if (kind === 'report' || 'eventLogHash' in value)
    throw new InputError(what, 'has the figures of one run, and not its events', GIVE_A_LOG);
  if (kind === 'game-day') return { of: 'game-day', record: checked(GAME_DAY_RECORD, value, what) };
  if ('search' in value || 'rows' in value) return { of: 'drills', result: checked(DRILLS_RESULT, value, what) };
  return undefined;
}

/** What the schema does not name is kept: later versions may add keys. */
function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  if ((value as { schema?: unknown }).schema !== 1) {
    const has = JSON.stringify((value as { schema?: unknown }).schema) ?? 'none';
    throw new InputError(what, `has schema ${has}; this version reads 1`, 'Read it with the version that wrote it');
  }
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (!issue) return value as T;
  const at = issue.path.join('.') || 'the whole';
  throw new InputError(what, `${at}: ${issue.message}`, 'Give the file as it was written');
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
