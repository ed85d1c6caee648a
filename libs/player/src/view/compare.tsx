// Two logs, their clocks aligned at the fault: the verdicts, the figures and their difference, the stages side by side.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { wholeEpisode } from '../log/episodes';
import type { RunLog } from '../log/run-log';
import { clientOrder, momentOf } from '../moment/moment';
import { differencesOf, type Difference } from '../words/differences';
import { after } from '../words/figures';
import { verdictOf } from '../words/verdict';
import { openingMs } from '../words/windows';
import { prefersLessMotion, showAddress, useFrames, useSettled } from '../adapters/browser';
import { addressOf } from './address';
import type { Kept } from './cursor';
import { useKeys } from './keys';
import { OfRun } from './labels';
import { DifferenceRows } from './report/differences';
import { RtoChart } from './rto-chart';
import { Stage } from './stage';
import { VerdictTag } from './verdict';

const SETTLED_MS = 500;

type Two<T> = readonly [T, T];

interface Props {
  readonly logs: Two<RunLog>;
  readonly names: Two<string>;
  /** Its moment is one of the latter log. */
  readonly kept: { current: Kept };
}

export function Compare({ logs, names, kept }: Props) {
  const calm = useMemo(prefersLessMotion, []);
  const [before, now] = logs;
  const endMs = Math.max(...logs.map((log) => log.endMs - (log.firstFaultMs ?? 0)));
  const startMs = -Math.max(...logs.map((log) => log.firstFaultMs ?? 0));
  /** Since the fault: the one clock of both. */
  const faultMs = now.firstFaultMs ?? 0;
  const [atMs, setAtMs] = useState(() => (kept.current.atMs ?? openingMs(now)) - faultMs);
  kept.current = { ...kept.current, atMs: atMs + faultMs };
  const settledMs = useSettled(atMs + faultMs, SETTLED_MS);
  useEffect(
    () =>
      showAddress(addressOf({ view: 'compare', atMs: Math.max(0, settledMs), window: kept.current.window ?? 'all' })),
    [settledMs],
  );
  const [playing, setPlaying] = useState(false);
  const goTo = (ms: number): void => setAtMs(Math.min(endMs, Math.max(startMs, ms)));
  useFrames(playing, (elapsedMs) => goTo(atMs + elapsedMs * 5));
  const step = (by: 1 | -1): void => goTo(atMs + by * 1000);
  useKeys({ play: () => setPlaying(!playing), step, seek: (ms) => goTo(ms), atMs, endMs, window: () => undefined });
  const differences = useMemo(() => differencesOf(before, now), logs);
  return (
    <main class="compare">
      <h1 class="hidden">Two runs compared</h1>
      <Figures differences={differences} names={names} />
      <p class="clock-row">
        <button type="button" class="button" onClick={() => setPlaying(!playing)}>
          {playing ? 'Pause' : 'Play'}
        </button>
        <label>
          Since the fault <b>{after(atMs)}</b>
          <input
            type="range"
            min={startMs}
            max={endMs}
            step={100}
            value={atMs}
            aria-valuetext={`${after(atMs)} since the fault`}
            onInput={(event) => goTo(Number(event.currentTarget.value))}
          />
        </label>
      </p>
      <div class="two">
        {logs.map((log, index) => (
          <OfRun.Provider key={index} value={names[index] ?? ''}>
            <One log={log} name={names[index] ?? ''} atMs={atMs + (log.firstFaultMs ?? 0)} calm={calm} />
          </OfRun.Provider>
        ))}
      </div>
    </main>
  );
}

function One({ log, name, atMs, calm }: { log: RunLog; name: string; atMs: number; calm: boolean }) {
  const order = useMemo(() => clientOrder(log), [log]);
  const verdict = useMemo(() => verdictOf(log), [log]);
  const shown = Math.min(log.endMs, Math.max(0, atMs));
  const { intervalSeconds, failureThreshold, ttlSeconds } = log.header.settings;
  return (
    <section class="column" aria-label={name}>
      <p class="tagline">
        <VerdictTag verdict={verdict} /> <b>{name}</b> {intervalSeconds} s x {failureThreshold}, TTL {ttlSeconds} s
      </p>
      <h2 class="headline">{verdict.headline}</h2>
      <RtoChart log={log} atMs={shown} episode={wholeEpisode(log)} />
      <Stage log={log} moment={momentOf(log, order, shown)} calm={calm} />
    </section>
  );
}

function Figures({ differences, names }: { differences: readonly Difference[]; names: Two<string> }) {
  return (
    <section class="card figures" tabIndex={0} aria-label="Figures of both runs">
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">{names[0]}</th>
            <th scope="col">{names[1]}</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          <DifferenceRows differences={differences} />
        </tbody>
      </table>
    </section>
  );
}
