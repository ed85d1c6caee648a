// The timeline: lanes with one axis and one cursor. The label of each lane says its value at the cursor.
import { useMemo, useState } from 'preact/hooks';
import { useWidth } from '../adapters/browser';
import type { RunLog } from '../log/run-log';
import {
  binMsOf,
  lanesOf,
  tableOf,
  valueAt,
  type BarLane,
  type Lane,
  type LineLane,
  type PieceLane,
} from '../moment/lanes';
import type { Window, WindowName } from '../words/windows';
import { at, inverse, round, ticks, type Scale } from './scale';

interface Props {
  readonly log: RunLog;
  readonly windows: readonly Window[];
  readonly window: Window;
  readonly atMs: number;
  onWindow(name: WindowName): void;
  onMoment(atMs: number): void;
}

const SCALE_PX = 44;
const PIECE_PX = 22;
const CHART_PX = 56;

export function Lanes({ log, windows, window, atMs, onWindow, onMoment }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const scale: Scale = { from: window.fromMs, to: window.toMs, px: Math.max(1, width - SCALE_PX) };
  const knownMs = Math.min(window.toMs, log.endMs);
  // Of a run that goes on, a part of a bin is not drawn before it is full, unless something turns.
  const bins = Math.floor(knownMs / binMsOf(window.fromMs, window.toMs));
  const { lanes, toMs } = useMemo(
    () => ({ lanes: lanesOf(log, window.fromMs, knownMs), toMs: knownMs }),
    [log, log.state, log.changes, bins, window],
  );
  const valueMs = atMs > window.toMs ? atMs : Math.min(atMs, toMs);
  const drawn = useMemo(() => lanes.map((lane) => <Drawn key={lane.name} lane={lane} scale={scale} />), [lanes, width]);
  const table = useMemo(() => <AsTable lanes={lanes} />, [lanes]);
  const axis = useMemo(() => <Axis log={log} scale={scale} />, [log, log.faults.length, window, width]);
  const head = useMemo(() => <Head {...{ windows, window, onWindow }} />, [windows, window.name]);
  const seek = (event: PointerEvent): void => {
    if (event.buttons !== 1) return;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    onMoment(Math.round(inverse(scale, event.clientX - box.left)));
  };
  const cursor = atMs >= window.fromMs && atMs <= window.toMs ? at(scale, atMs) : undefined;
  return (
    <section class="card lanes" aria-label="Timeline">
      {head}
      <div class="lane-grid">
        <div class="labels" aria-hidden="true">
          <p class="axis-label" />
          {lanes.map((lane) => (
            <Label key={lane.name} lane={lane} value={valueAt(lane, valueMs)} />
          ))}
        </div>
        <div class="plots" ref={ref} onPointerDown={seek} onPointerMove={seek}>
          {axis}
          {drawn}
          {log.state === 'cut' && log.endMs < window.toMs ? (
            <Unknown fromX={at(scale, log.endMs)} toX={scale.px} />
          ) : null}
          {cursor === undefined ? null : (
            <div class="cursor" style={{ transform: `translateX(${round(cursor)}px)` }}>
              <span>{(atMs / 1000).toFixed(1)}</span>
            </div>
          )}
        </div>
      </div>
      {table}
    </section>
  );
}

function Head({ windows, window, onWindow }: Pick<Props, 'windows' | 'window' | 'onWindow'>) {
  return (
    <header>
      <h2>Timeline</h2>
      <span class="sub">Full: served at home. Open: served by another region. Hatched: failed.</span>
      <span class="end buttons" role="group" aria-label="Window">
        {windows.map(({ name, label }) => (
          <button
            key={name}
            type="button"
            class="button"
            aria-pressed={name === window.name}
            onClick={() => onWindow(name)}
          >
            {label}
          </button>
        ))}
      </span>
    </header>
  );
}

/** The lane's name, and its value at the cursor. */
function Label({ lane: { name, kind }, value }: { lane: Lane; value: string }) {
  return useMemo(
    () => (
      <p class={kind === 'pieces' ? 'label' : 'label tall'}>
        <span>{name}</span> <b>{value}</b>
      </p>
    ),
    [name, kind, value],
  );
}

/** What a log that was cut off does not know. */
function Unknown({ fromX, toX }: { fromX: number; toX: number }) {
  const x = Math.max(0, fromX);
  return (
    <div class="unknown" style={{ left: `${round(x)}px`, width: `${round(toX - x)}px` }}>
      <span>not known</span>
    </div>
  );
}

function Axis({ log, scale }: { log: RunLog; scale: Scale }) {
  return (
    <svg class="lane-axis" width={scale.px + SCALE_PX} height={22} aria-hidden="true">
      {ticks(scale, 56, 1000).map((ms) => (
        <text key={ms} class="axis" x={round(at(scale, ms))} y={14} text-anchor="middle">
          {ms / 1000}
        </text>
      ))}
      {log.faults.flatMap(({ startMs, endMs }) =>
        [startMs, endMs]
          .filter((ms) => ms >= scale.from && ms <= scale.to)
          .map((ms) => <path key={ms} class="fault-tick" d={`M${round(at(scale, ms))} 17v5`} />),
      )}
    </svg>
  );
}

function Drawn({ lane, scale }: { lane: Lane; scale: Scale }) {
  if (lane.kind === 'pieces') return <Pieces lane={lane} scale={scale} />;
  return lane.kind === 'bars' ? <Bars lane={lane} scale={scale} /> : <Line lane={lane} scale={scale} />;
}

function Pieces({ lane, scale }: { lane: PieceLane; scale: Scale }) {
  return (
    <svg class="lane" width={scale.px + SCALE_PX} height={PIECE_PX} role="img" aria-label={lane.name}>
      {lane.pieces.map(({ fromMs, toMs, text, tone }) => {
        const x = at(scale, fromMs);
        const width = at(scale, toMs) - x;
        return (
          <g key={fromMs} class={`piece ${tone}`}>
            <title>{text}</title>
            <rect x={round(x)} y={3} width={round(Math.max(1, width - 1))} height={PIECE_PX - 7} />
            {width > text.length * 6.2 + 10 ? (
              <text x={round(x) + 6} y={15}>
                {text}
              </text>
            ) : null}
          </g>
        );
      })}
    </svg>
  );
}

function Bars({ lane, scale }: { lane: BarLane; scale: Scale }) {
  const most = Math.max(1, ...lane.bins.map(([home, elsewhere, failed]) => home + elsewhere + failed));
  const height = (count: number): number => (count / most) * (CHART_PX - 6);
  const wide = Math.max(1, at(scale, lane.fromMs + lane.binMs) - 1);
  const paths = ['', '', ''];
  lane.bins.forEach((bin, index) => {
    const x = round(at(scale, lane.fromMs + index * lane.binMs));
    let y = CHART_PX - 1;
    bin.forEach((count, part) => {
      if (count === 0) return;
      y -= height(count);
      paths[part] += `M${x} ${round(y)}h${round(wide)}v${round(height(count))}h-${round(wide)}z`;
    });
  });
  return (
    <svg class="lane" width={scale.px + SCALE_PX} height={CHART_PX} role="img" aria-label={lane.name}>
      {(['home', 'elsewhere', 'failed'] as const).map((part, index) => (
        <path key={part} class={`bars-${part}`} d={paths[index] ?? ''} />
      ))}
      <text class="axis" x={scale.px + 6} y={12}>
        {Math.round(most)}
      </text>
    </svg>
  );
}

function Line({ lane, scale }: { lane: LineLane; scale: Scale }) {
  const y = (value: number): number => CHART_PX - 1 - (value / Math.max(1, lane.most)) * (CHART_PX - 8);
  const stair = lane.steps.times.map((atMs, index) => {
    const [x, level] = [round(at(scale, atMs)), round(y(lane.steps.values[index] ?? 0))];
    return index === 0 ? `M${x} ${level}` : `H${x}V${level}`;
  });
  return (
    <svg class="lane" width={scale.px + SCALE_PX} height={CHART_PX} role="img" aria-label={lane.name}>
      {lane.limit === undefined ? null : <line class="limit" x2={scale.px} y1={y(lane.limit)} y2={y(lane.limit)} />}
      <path class={`curve ${lane.tone}`} d={`${stair.join('')}H${round(at(scale, lane.toMs))}`} />
      <text class="axis" x={scale.px + 6} y={12}>
        {lane.most}
      </text>
    </svg>
  );
}

/** Its rows are made when it is opened. */
function AsTable({ lanes }: { lanes: readonly Lane[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Timeline as a table</summary>
      {isOpen ? lanes.map((lane) => <LaneTable key={lane.name} lane={lane} />) : null}
    </details>
  );
}

function LaneTable({ lane }: { lane: Lane }) {
  return (
    <table>
      <caption>{lane.name}</caption>
      <thead>
        <tr>
          <th scope="col">from</th>
          <th scope="col">to</th>
          <th scope="col">what</th>
        </tr>
      </thead>
      <tbody>
        {tableOf(lane).map(({ from, to, text }, index) => (
          <tr key={index}>
            <td>{from}</td>
            <td>{to}</td>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
