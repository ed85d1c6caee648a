// The player: verdict, stage, timeline, events, and the transport below them all.
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { showAddress, prefersLessMotion, useFrames, useSettled } from '../adapters/browser';
import { wholeEpisode } from '../log/episodes';
import type { RunLog } from '../log/run-log';
import { clientOrder, momentOf } from '../moment/moment';
import { rowsOf, type Chip } from '../words/story';
import { verdictOf } from '../words/verdict';
import { openingMs, windowsOf, type Window, type WindowName } from '../words/windows';
import { addressOf, type Address } from './address';
import { Events } from './events';
import { useKeys } from './keys';
import { Lanes } from './lanes';
import { Stage, spoken } from './stage';
import { nextInstant } from './steps-of';
import { Transport } from './transport';
import { VerdictBand } from './verdict';

const SETTLED_MS = 500;

export function Player({ log, address }: { log: RunLog; address: Address }) {
  const calm = useMemo(prefersLessMotion, []);
  const windows = useMemo(() => windowsOf(log, wholeEpisode(log)), [log]);
  const order = useMemo(() => clientOrder(log), [log]);
  const verdict = useMemo(() => verdictOf(log), [log]);
  const rows = useMemo(() => rowsOf(log), [log]);
  const [chip, setChip] = useState<Chip>('Story');
  const [atMs, setAtMs] = useState(() => Math.min(log.endMs, address.atMs ?? openingMs(log)));
  const [name, setName] = useState<WindowName>(address.window ?? windowAround(windows, atMs).name);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(5);
  const window = windows.find((one) => one.name === name) ?? (windows.at(-1) as Window);

  const goTo = useCallback((ms: number) => setAtMs(Math.min(log.endMs, Math.max(0, ms))), [log]);
  const seek = useCallback((ms: number) => {
    setPlaying(false);
    goTo(ms);
  }, []);
  const step = (by: 1 | -1): void => seek(nextInstant(rows[chip], atMs, by) ?? atMs);
  const play = (): void => {
    if (!playing && atMs >= log.endMs) goTo(0);
    setPlaying(!playing);
  };
  useFrames(playing, (elapsedMs) => {
    const next = atMs + elapsedMs * speed;
    goTo(next);
    if (next >= log.endMs) setPlaying(false);
  });
  useKeys({ play, step, seek, atMs, endMs: log.endMs, window: (index) => setName(windows[index]?.name ?? name) });

  const settledMs = useSettled(atMs, SETTLED_MS);
  useEffect(
    () => showAddress(addressOf({ view: 'player', atMs: settledMs, window: window.name })),
    [settledMs, window],
  );
  const said = useMemo(() => spoken(log, momentOf(log, order, settledMs)), [log, settledMs]);
  // Less motion: one second at a time.
  const shownMs = calm && playing ? Math.floor(atMs / 1000) * 1000 : atMs;
  const moment = momentOf(log, order, shownMs);
  return (
    <>
      <main>
        <VerdictBand log={log} verdict={verdict} atMs={shownMs} />
        <div class="layout">
          <div class="column">
            <Stage log={log} moment={moment} calm={calm} />
            <Lanes {...{ log, windows, window }} atMs={shownMs} onWindow={setName} onMoment={seek} />
          </div>
          <Events {...{ log, rows, chip, calm }} atMs={shownMs} onChip={setChip} onMoment={seek} />
        </div>
        <p class="hidden" aria-live="polite">
          {playing ? '' : said}
        </p>
      </main>
      <Transport
        {...{ log, window, playing, speed }}
        atMs={shownMs}
        onPlay={play}
        onStep={step}
        onSpeed={setSpeed}
        onMoment={seek}
      />
    </>
  );
}

/** The narrowest window that holds the instant. */
const windowAround = (windows: readonly Window[], atMs: number): Window =>
  windows.find(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs) ?? (windows.at(-1) as Window);
