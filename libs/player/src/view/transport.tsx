// Play, step, speed, the clock, and the whole run with the window that the timeline shows.
import { useMemo, useRef } from 'preact/hooks';
import { useWidth } from '../adapters/browser';
import type { RunLog } from '../log/run-log';
import { after, plainSeconds, seconds } from '../words/figures';
import type { Window } from '../words/windows';
import { at, inverse, round, stairs, type Scale } from './scale';

export const SPEEDS = [0.1, 0.5, 1, 2, 5, 10, 20, 50, 100] as const;

interface Props {
  readonly log: RunLog;
  readonly window: Window;
  readonly atMs: number;
  readonly playing: boolean;
  readonly speed: number;
  onPlay(): void;
  onStep(by: 1 | -1): void;
  onSpeed(speed: number): void;
  onMoment(atMs: number): void;
}

export function Transport({ log, window, atMs, playing, speed, onPlay, onStep, onSpeed, onMoment }: Props) {
  const startMs = log.firstFaultMs;
  // What they do is asked for anew when they are pressed.
  const latest = useRef({ onPlay, onStep, onSpeed });
  latest.current = { onPlay, onStep, onSpeed };
  const buttons = useMemo(() => <Buttons {...{ playing, speed, latest }} />, [playing, speed]);
  return (
    <footer class="transport">
      {buttons}
      <p class="now" role="timer" aria-label="Cursor">
        <b>{seconds(atMs)}</b>
        <span>{startMs === undefined ? 'no fault' : `${after(atMs - startMs)} since the fault`}</span>
      </p>
      <Scrubber log={log} window={window} atMs={atMs} onMoment={onMoment} />
    </footer>
  );
}

interface ButtonsProps extends Pick<Props, 'playing' | 'speed'> {
  readonly latest: { readonly current: Pick<Props, 'onPlay' | 'onStep' | 'onSpeed'> };
}

function Buttons({ playing, speed, latest }: ButtonsProps) {
  return (
    <div class="buttons" role="group" aria-label="Playback">
      <button type="button" class="button" aria-label="Previous event" onClick={() => latest.current.onStep(-1)}>
        <svg class="icon solid" viewBox="0 0 14 14" aria-hidden="true">
          <path d="M3 2h2v10H3zM12 2v10L5.5 7z" />
        </svg>
      </button>
      <button
        type="button"
        class="button"
        aria-label={playing ? 'Pause' : 'Play'}
        onClick={() => latest.current.onPlay()}
      >
        <svg class="icon solid" viewBox="0 0 14 14" aria-hidden="true">
          <path d={playing ? 'M3 2h3v10H3zM8 2h3v10H8z' : 'M3 1.5v11L12.5 7z'} />
        </svg>
      </button>
      <button type="button" class="button" aria-label="Next event" onClick={() => latest.current.onStep(1)}>
        <svg class="icon solid" viewBox="0 0 14 14" aria-hidden="true">
          <path d="M9 2h2v10H9zM2 2v10l6.5-5z" />
        </svg>
      </button>
      <label>
        <span class="hidden">Speed</span>
        <select
          class="button"
          value={speed}
          onChange={(event) => latest.current.onSpeed(Number(event.currentTarget.value))}
        >
          {SPEEDS.map((one) => (
            <option key={one} value={one}>
              {one} x
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

const HEIGHT = 40;
const BASE = 24;

function Scrubber({ log, window, atMs, onMoment }: Pick<Props, 'log' | 'window' | 'atMs' | 'onMoment'>) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const scale: Scale = { from: 0, to: Math.max(1, log.endMs), px: Math.max(1, width) };
  const background = useMemo(() => <WholeRun log={log} scale={scale} />, [log, width]);
  const seek = (event: PointerEvent): void => {
    if (event.buttons !== 1) return;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    onMoment(Math.round(inverse(scale, event.clientX - box.left)));
  };
  const x = at(scale, atMs);
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
      <svg width={width} height={HEIGHT} aria-hidden="true">
        {background}
        <rect
          class="window"
          x={round(at(scale, window.fromMs))}
          y={1}
          width={round(at(scale, window.toMs) - at(scale, window.fromMs))}
          height={BASE}
        />
        <path class="handle" d={`M${round(x)} 0v${BASE + 2}M${round(x) - 4} 0h8v5l-4 4l-4-4z`} />
      </svg>
    </div>
  );
}

function WholeRun({ log, scale }: { log: RunLog; scale: Scale }) {
  const curve = log.clients.downCurve;
  const changes = curve.changes();
  const most = Math.max(1, ...changes.map((ms) => curve.at(ms)));
  const points = changes.map((ms) => [at(scale, ms), BASE - (curve.at(ms) / most) * (BASE - 4)] as const);
  return (
    <g>
      <rect class="run" y={3} width={scale.px} height={BASE - 3} />
      {log.faults.map(({ fault, startMs, endMs }) => (
        <g key={`${fault.kind} ${startMs} ${fault.region}`}>
          <rect
            class="under-fault"
            x={round(at(scale, startMs))}
            y={3}
            width={round(at(scale, Math.min(endMs, log.endMs)) - at(scale, startMs))}
            height={BASE - 3}
          />
        </g>
      ))}
      {points.length > 0 ? <path class="down-solid" d={stairs(points, BASE, points.at(-1)?.[0] ?? 0)} /> : null}
      <text class="axis" x={0} y={HEIGHT - 3}>
        0 s
      </text>
      {log.firstFaultMs === undefined ? null : (
        <text class="axis" x={round(at(scale, log.firstFaultMs))} y={HEIGHT - 3} text-anchor="middle">
          fault {plainSeconds(log.firstFaultMs)}
        </text>
      )}
      <text class="axis" x={scale.px} y={HEIGHT - 3} text-anchor="end">
        {plainSeconds(log.endMs)}
      </text>
    </g>
  );
}
