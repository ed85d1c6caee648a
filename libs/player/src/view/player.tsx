// The player: verdict, stage, timeline, events, and the transport below them all. Of a run that goes on: the console's panel as well.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { showAddress, prefersLessMotion, useSettled } from '../adapters/browser';
import { episodeAt } from '../log/episodes';
import type { RunLog } from '../log/run-log';
import { clientOrder, momentOf } from '../moment/moment';
import { rowsOf, type Chip } from '../words/story';
import { windowsOf, windowUpTo, type Window, type WindowName } from '../words/windows';
import { addressOf } from './address';
import { ConsolePanel } from './console-panel';
import { useCursor, type Kept } from './cursor';
import { Events } from './events';
import { useKeys } from './keys';
import { Lanes } from './lanes';
import { useConsole } from './of-console';
import { OtherClientsNow } from './other-clients-now';
import { Stage, spoken } from './stage';
import { nextInstant } from './steps-of';
import { Transport } from './transport';
import { VerdictBand } from './verdict';

const SETTLED_MS = 500;

export function Player({ log, kept }: { log: RunLog; kept: { current: Kept } }) {
  const calm = useMemo(prefersLessMotion, []);
  const console = useConsole();
  const cursor = useCursor(log, kept, console?.run);
  const { isPlaying, isFollowing, seek } = cursor;
  // Less motion: one second at a time.
  const atMs = calm && (isPlaying || isFollowing) ? Math.floor(cursor.atMs / 1000) * 1000 : cursor.atMs;
  const { version } = log;
  const isRunning = log.state === 'running';
  const episode = episodeAt(log, atMs);
  const order = useMemo(() => clientOrder(log), [log, version]);
  const rows = useMemo(() => rowsOf(log), [log, version]);
  const [chip, setChip] = useState<Chip>(kept.current.chip ?? 'Story');
  const { windows, window, open } = useWindows(log, atMs, kept.current.window, isFollowing);
  kept.current = { ...kept.current, chip, window: window.name };

  const step = (by: 1 | -1): void => seek(nextInstant(rows[chip], atMs, by) ?? atMs);
  const play = (): void => {
    if (isFollowing && console)
      void console.send({ do: console.run.clock?.paused ? 'resume' : 'pause' }).catch(() => undefined);
    else cursor.play();
  };
  useKeys({
    ...{ play, step, seek, atMs, endMs: log.endMs, live: isRunning ? cursor.follow : undefined },
    window: (index) => open(windows[index]?.name ?? window.name),
  });
  const said = useSaid(log, atMs, isFollowing, window, rows.Story.at(-1)?.text ?? '');
  const moment = momentOf(log, order, atMs);
  return (
    <>
      <main>
        <VerdictBand log={log} atMs={atMs} episode={episode} />
        {console && isRunning ? <ConsolePanel console={console} settings={console.run.settings} /> : null}
        {log.header.run === 'live' ? <OtherClientsNow log={log} /> : null}
        <div class="layout">
          <div class="column">
            <Stage log={log} moment={moment} calm={calm} />
            <Lanes {...{ log, windows, window, atMs }} onWindow={open} onMoment={seek} />
          </div>
          <Events {...{ log, rows, chip, calm, atMs }} onChip={setChip} onMoment={seek} />
        </div>
        <p class="hidden" aria-live="polite">
          {isPlaying ? '' : said}
        </p>
      </main>
      <Transport {...{ log, window, cursor, atMs, episode }} onPlay={play} onStep={step} />
    </>
  );
}

/** The windows that there are, the one that is open, and how another one is opened. */
function useWindows(log: RunLog, atMs: number, first: WindowName | undefined, isFollowing: boolean) {
  const episode = episodeAt(log, atMs);
  const isRunning = log.state === 'running';
  // While one looks back, it stands until the cursor leaves it.
  const latest = useRef(windowUpTo(atMs));
  const stays = !isFollowing && latest.current.fromMs <= atMs && atMs <= latest.current.toMs;
  const moved = stays ? latest.current : windowUpTo(isFollowing ? atMs : atMs + 60_000);
  if (moved.toMs !== latest.current.toMs) latest.current = moved;
  const now = latest.current;
  const windows = useMemo(
    () => [...(isRunning ? [now] : []), ...windowsOf(log, episode)],
    [log, log.version, isRunning, now, episode?.startMs],
  );
  const [name, open] = useState<WindowName>(() => first ?? windowAround(windows, atMs).name);
  const window = windows.find((one) => one.name === name) ?? (windows.at(-1) as Window);
  return { windows, window: useSame(window), open };
}

/** The former object as long as it says the same, so that what hangs on it stands. */
function useSame(window: Window): Window {
  const kept = useRef(window);
  const { name, fromMs, toMs } = kept.current;
  if (name !== window.name || fromMs !== window.fromMs || toMs !== window.toMs) kept.current = window;
  return kept.current;
}

/** What is read out: the instant at which the cursor has come to rest; of a run that goes on, what has happened last. */
function useSaid(log: RunLog, atMs: number, isFollowing: boolean, window: Window, last: string): string {
  const settledMs = useSettled(atMs, SETTLED_MS);
  const settledLast = useSettled(last, SETTLED_MS);
  useEffect(
    () => showAddress(isFollowing ? '#live' : addressOf({ view: 'player', atMs: settledMs, window: window.name })),
    [settledMs, window.name, isFollowing],
  );
  const instant = useMemo(
    () => (isFollowing ? '' : spoken(log, momentOf(log, clientOrder(log), settledMs))),
    [log, settledMs, isFollowing],
  );
  return isFollowing ? settledLast : instant;
}

/** The narrowest window that holds the instant. */
const windowAround = (windows: readonly Window[], atMs: number): Window =>
  windows.find(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs) ?? (windows.at(-1) as Window);
