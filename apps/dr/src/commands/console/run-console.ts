// A console from its first socket to Ctrl-C: what it says meanwhile, and what it leaves.
import { InputError, type PopulationReport } from '@dr/contracts';
import { currentKey, renderPopulations, type Conclusion, type LiveRun, type RunningStack } from '@dr/drills';
import { fileLines, headerLine, lastLine, type LogEnd, type LogHeader } from '@dr/event-log';
import { livePageOf } from '@dr/player';
import type { Graph } from '@dr/terraform-json';
import pc from 'picocolors';
import type { Context } from '../../context';
import { liveLine } from '../../terminal/live-line';
import { assumptionLines } from '../report/assumptions';
import { addressText, choicesFor } from './endpoints';
import { Feed } from './feed';
import { pageApi } from './page-api';
import { paceInWords, type Session } from './session';
import { openSockets, type Sockets } from './sockets';

export interface ConsoleRun {
  readonly context: Context;
  readonly stack: RunningStack;
  readonly graph: Graph;
  readonly live: LiveRun;
  readonly session: Session;
  readonly header: Omit<LogHeader, 'kind' | 'schema'>;
  readonly port: number;
  readonly speed: number;
  readonly events?: string;
  readonly open?: true;
  readonly json?: true;
}

/** What was written last reaches its readers; pages that are far behind are not waited for. */
const PARTING_MS = 50;
const PARTINGS = 40;
const LINE_EVERY_MS = 15_000;
const NOT_WRITTEN = 2;

/** Resolves to the exit code: that of the signal that ended it. Rejects with InputError when there is no port. */
export async function runConsole(run: ConsoleRun): Promise<number> {
  const { context, session, live } = run;
  const feed = feedOf(run);
  const held = context.console.holdInterruptions();
  let sockets: Sockets | undefined;
  try {
    sockets = await open(run, feed);
    if (held.code === undefined) greet(run, sockets);
    await session.run(() => held.code !== undefined, looking(run, feed));
    // From here on, a second signal ends it at once.
    held.release();
    const isWatched = run.events !== undefined || feed.hasReaders;
    const ended = isWatched ? await live.conclude() : undefined;
    await part(run, feed, ended);
    const kept = run.events === undefined || keep(run, run.events, ended);
    return kept ? (held.code ?? 0) : NOT_WRITTEN;
  } finally {
    held.release();
    await sockets?.close();
  }
}

function feedOf({ stack, session, header }: ConsoleRun): Feed {
  const { events, scheduler } = stack.world;
  return new Feed({
    header: headerLine(header).trimEnd(),
    events,
    clock: () => ({ atMs: scheduler.now(), ...session.pace, events: events.length }),
    given: () => session.given(),
  });
}

function open(run: ConsoleRun, feed: Feed): Promise<Sockets> {
  const { context, stack, session } = run;
  const page = livePageOf(context.player(), { assumptions: assumptionLines() });
  return openSockets(context.console, {
    ...run,
    apiKey: currentKey(stack.operator) ?? null,
    page: (endpoints) =>
      pageApi({
        page,
        endpoints: { ...endpoints, choices: choicesFor(stack.system.functions) },
        open: feed.open,
        log: () => linesOf(run, undefined),
        controls: session.controls,
      }),
  });
}

function greet({ context, json, speed, open: shows }: ConsoleRun, { endpoints, moved }: Sockets): void {
  for (const { what, from, to } of moved) context.err(`Port ${from} is taken: ${what} is at ${to}.\n`);
  context.out(json ? `${JSON.stringify({ schema: 1, ...endpoints })}\n` : addressText(endpoints, speed));
  if (!shows) return;
  void context.console.browse(`${endpoints.page}/`).then((shown) => {
    if (!shown) context.err(`There is no browser to show ${endpoints.page}/ in: open it yourself.\n`);
  });
}

/** Ten times a second: pages get what is new, and the terminal a line that says how far the run is and how far behind. */
function looking({ context, stack, session, live }: ConsoleRun, feed: Feed): () => void {
  const line = liveLine(context, LINE_EVERY_MS);
  let isSaid = false;
  return () => {
    feed.tick();
    line.show(describe(session, live));
    if (!live.isFull || isSaid) return;
    isSaid = true;
    const why = `${stack.world.events.length.toLocaleString('en-US')} events are in the log, and no more are kept`;
    context.err(`Time stands still: ${why}. Save the log (/log, or --events), and begin anew.\n`);
    feed.end({ kind: 'cut', why });
  };
}

function describe(session: Session, { nowMs, watch: { latest } }: LiveRun): string {
  return [`${(nowMs / 1_000).toFixed(0)} s`, paceInWords(session.pace), session.inForce, latest]
    .filter((text) => text !== '')
    .join('  ');
}

/** Pages get the rest of the log and how it ended. */
async function part({ context, stack }: ConsoleRun, feed: Feed, ended: Conclusion | undefined): Promise<void> {
  for (let times = 0; times < PARTINGS && !feed.isCaughtUp; times += 1) {
    feed.tick();
    await context.console.sleep(PARTING_MS);
  }
  if (ended)
    feed.end('cut' in ended ? { kind: 'cut', why: ended.cut } : lastLine(stack.world.events, endOf(stack, ended)));
  feed.close();
  await context.console.sleep(PARTING_MS);
  liveLine(context).end();
  const virtual = `${(stack.world.scheduler.now() / 1_000).toFixed(0)} s of virtual time`;
  context.err(`Ended after ${virtual}${ended === undefined ? '' : `. ${howItEnded(ended)}`}.\n`);
  if (ended && 'populations' in ended && ended.populations) context.err(otherClients(ended.populations));
}

const howItEnded = (ended: Conclusion): string =>
  'cut' in ended
    ? `No verdict: ${ended.cut}`
    : ended.passed
      ? 'PASSED: all that was promised was kept'
      : `FAILED: ${ended.reasons.join('; ')}`;

const otherClients = (populations: readonly PopulationReport[]): string =>
  `Other clients, whom the promise is not about:\n${renderPopulations(populations, pc.createColors(false))}\n`;

const endOf = (
  { world }: RunningStack,
  { passed, reasons }: Exclude<Conclusion, { cut: string }>,
): Omit<LogEnd, 'kind' | 'events' | 'sha256'> => ({ atMs: world.scheduler.now(), passed, reasons });

/** A run that nobody can judge has no last line. */
const linesOf = ({ stack, header }: ConsoleRun, ended: Conclusion | undefined): Iterable<string> =>
  fileLines(header, stack.world.events, ended && !('cut' in ended) ? endOf(stack, ended) : undefined);

/** False, and said on stderr: it could not be written. */
function keep(run: ConsoleRun, path: string, ended: Conclusion | undefined): boolean {
  try {
    run.context.writeFile(path, linesOf(run, ended));
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    run.context.err(`--events ${error.message}. The log of this run is lost.\n`);
    return false;
  }
}
