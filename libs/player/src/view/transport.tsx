// Play, step, speed, the clock, and the whole run with the window that the timeline shows.
import { useMemo, useRef } from 'preact/hooks';
import { useWidth } from '../adapters/browser';
import type { Episode } from '../log/episodes';
import type { RunLog } from '../log/run-log';
import { after, plainSeconds, seconds } from '../words/figures';
import type { Window } from '../words/windows';
import type { Cursor } from './cursor';
import { useConsole } from './of-console';
import { at, inverse, round, stairs, type Scale } from './scale';

export const SPEEDS = [0.1, 0.5, 1, 2, 5, 10, 20, 50, 100] as const;

interface Props {
  readonly log: RunLog;
  readonly window: Window;
  readonly cursor: Cursor;
  /** What is shown; with less motion it lags behind the cursor. */
  readonly atMs: number;
  readonly episode: Episode | undefined;
  onPlay(): void;
  onStep(by: 1 | -1): void;
}

export function Transport({ log, window, cursor, atMs, episode, onPlay, onStep }: Props) {
  const { isPlaying, isFollowing, speed, setSpeed, follow, seek } = cursor;
  const run = useConsole()?.run;
  // What they do is asked for anew when they are pressed.
  const latest = useRef({ onPlay, onStep, onSpeed: setSpeed, onLive: follow });
  latest.current = { onPlay, onStep, onSpeed: setSpeed, onLive: follow };
  const isRunning = log.state === 'running';
  const goesOn = isFollowing ? run?.clock?.paused !== true : isPlaying;
  const buttons = useMemo(
    () => <Buttons {...{ goesOn, isFollowing, isRunning, speed, latest }} />,
    [goesOn, isFollowing, isRunning, speed],
  );
  return (
    <footer class="transport">
      {buttons}
      <p class="now" role="timer" aria-label="Cursor">
        <b>{seconds(atMs)}</b>
        <span>{episode ? `${after(atMs - episode.startMs)} since the fault` : 'no fault'}</span>
      </p>
      <Scrubber log={log} window={window} atMs={atMs} onMoment={seek} />
    </footer>
  );
}

interface ButtonsProps {
  /** What the cursor stands for: the run where it follows one, else the recording. */
  readonly goesOn: boolean;
  readonly isFollowing: boolean;
  readonly isRunning: boolean;
  readonly speed: number;
  readonly latest: {
    readonly current: Pick<Props, 'onPlay' | 'onStep'> & { onSpeed(speed: number): void; onLive(): void };
  };
}

function Buttons({ goesOn, isFollowing, isRunning, speed, latest }: ButtonsProps) {
  const play = isFollowing ? (goesOn ? 'Pause the run' : 'Let the run go on') : goesOn ? 'Pause' : 'Play';
  return (
    <div class="buttons" role="group" aria-label="Playback">
      <button type="button" class="button" aria-label="Previous event" onClick={() => latest.current.onStep(-1)}>
        <svg class="icon solid" viewBox="0 0 14 14" aria-hidden="true">
          <path d="M3 2h2v10H3zM12 2v10L5.5 7z" />
        </svg>
      </button>
      <button type="button" class="button" aria-label={play} onClick={() => latest.current.onPlay()}>
        <svg class="icon solid" viewBox="0 0 14 14" aria-hidden="true">
          <path d={goesOn ? 'M3 2h3v10H3zM8 2h3v10H8z' : 'M3 1.5v11L12.5 7z'} />
        </svg>
      </button>
      <button type="button" class="button" aria-label="Next event" onClick={() => latest.current.onStep(1)}>
        <svg class="icon solid" viewBox="0 0 14 14" aria-hidden="true">
          <path d="M9 2h2v10H9zM2 2v10l6.5-5z" />
        </svg>
      </button>
      {isFollowing ? <Tag /> : <Speed speed={speed} onSpeed={(one) => latest.current.onSpeed(one)} />}
      {isRunning && !isFollowing ? (
        <button type="button" class="button strong" onClick={() => latest.current.onLive()}>
          Back to now
        </button>
      ) : null}
    </div>
  );
}

const Tag = () => <span class="tag live">Live</span>;

function Speed({ speed, onSpeed }: { speed: number; onSpeed(speed: number): void }) {
  return (
    <label>
      <span class="hidden">Speed of the recording</span>
      <select class="button" value={speed} onChange={(event) => onSpeed(Number(event.currentTarget.value))}>
        {SPEEDS.map((one) => (
          <option key={one} value={one}>
            {one} x
          </option>
        ))}
      </select>
    </label>
  );
}

const HEIGHT = 40;
const BASE = 24;

/** While a run goes on, the axis ends at the next of these, so that it stands for a while. */
const ENDS_MS = [1, 2, 5, 10, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 2880].map((minutes) => minutes * 60_000);
const endOf = ({ state, endMs, plannedEndMs }: RunLog): number =>
  state === 'running' ? (ENDS_MS.find((ms) => ms >= endMs) ?? endMs) : Math.max(1, plannedEndMs);

function Scrubber({
  log,
  window,
  atMs,
  onMoment,
}: Pick<Props, 'log' | 'window' | 'atMs'> & { onMoment(atMs: number): void }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const scale: Scale = { from: 0, to: endOf(log), px: Math.max(1, width) };
  // A pixel more of a run that goes on, or something that turns.
  const known = Math.floor(at(scale, log.endMs));
  const background = useMemo(
    () => (
      <svg width={width} height={HEIGHT} aria-hidden="true">
        <WholeRun log={log} scale={scale} />
      </svg>
    ),
    [log, log.state, log.changes, known, scale.to, width],
  );
  const seek = (event: PointerEvent): void => {
    if (event.buttons !== 1) return;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    onMoment(Math.round(inverse(scale, event.clientX - box.left)));
  };
  const x = at(scale, atMs);
  const windowX = round(at(scale, window.fromMs));
  // While a run goes on, the window may reach beyond what is drawn here.
  const windowEndX = Math.min(scale.px, at(scale, window.toMs));
  return (
    <div
      ref={ref}
      class="scrubber"
      role="slider"
      tabIndex={0}
      aria-label="Moment of the run"
      aria-valuemin={0}
      aria-valuemax={Math.round(log.endMs / 1000)}
      aria-valuenow={Math.round(atMs / 1000)}
      aria-valuetext={seconds(atMs)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seek(event);
      }}
      onPointerMove={seek}
    >
      {background}
      <svg class="over-run" width={width} height={HEIGHT} aria-hidden="true">
        <rect class="window" x={windowX} y={1} width={round(windowEndX - windowX)} height={BASE} />
        <path class="handle" d={`M${round(x)} 0v${BASE + 2}M${round(x) - 4} 0h8v5l-4 4l-4-4z`} />
      </svg>
    </div>
  );
}

function WholeRun({ log, scale }: { log: RunLog; scale: Scale }) {
  const known = round(at(scale, log.endMs));
  const isCut = log.state === 'cut' && log.plannedEndMs > log.endMs;
  return (
    <g>
      <rect class="run" y={3} width={known} height={BASE - 3} />
      {isCut ? <rect class="unknown" x={known} y={3} width={round(scale.px - known)} height={BASE - 3} /> : null}
      {log.faults.map(({ fault, startMs, endMs }) => (
        <rect
          key={`${fault.kind} ${startMs} ${fault.region}`}
          class="under-fault"
          x={round(at(scale, startMs))}
          y={3}
          width={round(at(scale, Math.min(endMs, log.endMs)) - at(scale, startMs))}
          height={BASE - 3}
        />
      ))}
      <path class="down-solid" d={downPath(log, scale, known)} />
      <Bounds log={log} scale={scale} isCut={isCut} />
    </g>
  );
}

/** One point a pixel is as much as can be seen: of those in it the highest. */
function downPath({ clients: { downCurve } }: RunLog, scale: Scale, endX: number): string {
  const highest = new Map<number, number>();
  let last = 0;
  for (const ms of downCurve.changes()) {
    const x = Math.floor(at(scale, ms));
    last = downCurve.at(ms);
    highest.set(x, Math.max(highest.get(x) ?? 0, last));
  }
  if (highest.size === 0) return '';
  const most = Math.max(1, ...highest.values());
  const points = [...highest].map(([x, count]) => [x, BASE - (count / most) * (BASE - 4)] as const);
  const lastX = points.at(-1)?.[0] ?? 0;
  return stairs(
    [...points, [lastX + 1, BASE - (last / most) * (BASE - 4)]],
    BASE,
    Math.max(lastX + 1, last > 0 ? endX : 0),
  );
}

function Bounds({ log, scale, isCut }: { log: RunLog; scale: Scale; isCut: boolean }) {
  return (
    <>
      <text class="axis" x={0} y={HEIGHT - 3}>
        0 s
      </text>
      {log.firstFaultMs === undefined ? null : (
        <text class="axis" x={round(Math.max(60, at(scale, log.firstFaultMs)))} y={HEIGHT - 3} text-anchor="middle">
          fault {plainSeconds(log.firstFaultMs)}
        </text>
      )}
      <text class="axis" x={scale.px} y={HEIGHT - 3} text-anchor="end">
        {isCut ? `known to ${plainSeconds(log.endMs)}` : plainSeconds(scale.to)}
      </text>
    </>
  );
}
