// Clients down over time, counted from the fault: its axis is the clock of the recovery time.
import { useMemo } from 'preact/hooks';
import { useWidth } from '../adapters/browser';
import type { RunLog } from '../log/run-log';
import { after, counted, seconds, whole } from '../words/figures';
import { felt, noticed, worstOf } from '../words/verdict';
import { useLabel } from './labels';
import { at, round, stairs, ticks, type Scale } from './scale';

const HEIGHT = 116;
const TOP = 34;
const BOTTOM = 20;
const LEFT = 34;

interface Mark {
  readonly ms: number;
  readonly label: string;
  readonly strong?: boolean;
}

export function RtoChart({ log, atMs }: { log: RunLog; atMs: number }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const startMs = log.firstFaultMs;
  const picture = useMemo(
    () => (startMs === undefined || width === 0 ? null : draw(log, startMs, width)),
    [log, width],
  );
  const clock = clockOf(log, atMs);
  return (
    <section class="card hero" aria-label={useLabel('Recovery time')}>
      <header>
        <span class="clock">
          {clock.figure}
          {clock.figure === 'none' ? null : <small> s</small>}
        </span>
        <span class="clock-state">
          <b>RTO clock</b> {clock.state}
        </span>
        <span class="axis-name">Clients down, seconds since the fault</span>
      </header>
      <div ref={ref} class="plot">
        {picture && startMs !== undefined ? (
          <svg width={width} height={HEIGHT} role="img" aria-label={summary(log)}>
            {picture.vnode}
            {atMs >= startMs && atMs - startMs <= picture.scale.to ? (
              <g transform={`translate(${round(LEFT + at(picture.scale, atMs - startMs))} 0)`} class="hand">
                <line y1={TOP - 4} y2={HEIGHT - BOTTOM} />
                <path d={`M0 ${HEIGHT - BOTTOM}l-5 7h10z`} />
              </g>
            ) : null}
          </svg>
        ) : (
          <p class="quiet">{startMs === undefined ? 'No fault, so no clock.' : ''}</p>
        )}
      </div>
    </section>
  );
}

/** Running while somebody is down; it stops at the last client. */
function clockOf(log: RunLog, atMs: number): { figure: string; state: string } {
  const startMs = log.firstFaultMs;
  const worst = worstOf(log);
  if (startMs === undefined || !worst) return { figure: 'none', state: 'no client failed' };
  if (atMs < startMs) return { figure: '0.0', state: 'starts with the fault' };
  const down = log.clients.downCurve.at(atMs);
  const stopsMs = Math.min(worst.atMs, log.endMs);
  const figure = ((Math.min(atMs, stopsMs) - startMs) / 1000).toFixed(1);
  if (atMs < worst.atMs) {
    const least = atMs >= log.endMs ? 'at least, ' : '';
    return { figure, state: `running, ${least}${whole(down)} of ${counted(felt(log).length, 'client')} down` };
  }
  return { figure, state: `stopped: the last of ${counted(felt(log).length, 'client')} is back` };
}

function summary(log: RunLog): string {
  const worst = worstOf(log);
  if (!worst) return 'No client was down.';
  const ms = worst.atMs - (log.firstFaultMs ?? 0);
  const last = ms === Infinity ? 'some never recovered' : `the last one was back after ${seconds(ms)}`;
  return `${counted(felt(log).length, 'client')} went down; ${last}.`;
}

function draw(log: RunLog, startMs: number, width: number) {
  const { objective, predicted } = log.header;
  const worst = worstOf(log);
  const seen = noticed(log);
  const since = (ms: number | undefined, label: string): Mark[] =>
    ms === undefined || ms < startMs
      ? []
      : [{ ms: ms - startMs, label: `${label} ${after(ms - startMs).replace('\u00a0s', '')}` }];
  const lastMs = worst && worst.atMs < Infinity ? worst.atMs - startMs : log.endMs - startMs;
  const marks: Mark[] = [
    ...since(seen.probeMs, 'first failing probe'),
    ...since(seen.messageMs, 'first message'),
    ...since(seen.movedMs, 'DNS moved'),
    ...(worst && worst.atMs < Infinity
      ? [{ ms: lastMs, label: `worst client ${(lastMs / 1000).toFixed(1)}`, strong: true }]
      : []),
    ...(predicted
      ? [{ ms: predicted.worstClientSeconds * 1000, label: `predicted ${predicted.worstClientSeconds.toFixed(1)}` }]
      : []),
    ...(objective
      ? [{ ms: objective.rtoSeconds * 1000, label: `objective ${objective.rtoSeconds.toFixed(1)}`, strong: true }]
      : []),
  ];
  const scale: Scale = {
    from: 0,
    to: Math.max(lastMs, ...marks.slice(-2).map(({ ms }) => ms)) * 1.17,
    px: width - LEFT - 8,
  };
  const curve = log.clients.downCurve;
  const times = [startMs, ...curve.changes(startMs, startMs + scale.to)];
  const most = Math.max(1, ...times.map((ms) => curve.at(ms)));
  const y = (count: number): number => HEIGHT - BOTTOM - (count / most) * (HEIGHT - BOTTOM - TOP - 8);
  const points = times.map((ms) => [LEFT + at(scale, ms - startMs), y(curve.at(ms))] as const);
  return {
    scale,
    vnode: <Drawn {...{ scale, points, marks, most, y, width }} over={objective && objective.rtoSeconds * 1000} />,
  };
}

interface DrawnProps {
  readonly scale: Scale;
  readonly points: readonly (readonly [number, number])[];
  readonly marks: readonly Mark[];
  readonly most: number;
  readonly width: number;
  readonly over: number | undefined;
  y(count: number): number;
}

function Drawn({ scale, points, marks, most, y, width, over }: DrawnProps) {
  const base = HEIGHT - BOTTOM;
  const x = (ms: number): number => LEFT + at(scale, ms);
  return (
    <g>
      {[most, Math.round(most / 2)].map((count) => (
        <g key={count}>
          <line class="grid-line" x1={LEFT} x2={width - 8} y1={y(count)} y2={y(count)} />
          <text class="axis" x={LEFT - 5} y={y(count) + 4} text-anchor="end">
            {count}
          </text>
        </g>
      ))}
      {over !== undefined && over < scale.to ? (
        <rect class="over" x={x(over)} y={TOP} width={Math.max(0, width - 8 - x(over))} height={base - TOP} />
      ) : null}
      <path class="down-area" d={stairs(points, base, width - 8)} />
      <line class="axis-line" x1={LEFT} x2={width - 8} y1={base} y2={base} />
      {ticks(scale, 48, 1000).map((ms) => (
        <text key={ms} class="axis" x={x(ms)} y={HEIGHT - 6} text-anchor="middle">
          {ms === 0 ? 'fault' : ms / 1000}
        </text>
      ))}
      {placed(marks, x, width).map(({ mark, row, anchor }) => (
        <g key={mark.label} class={mark.strong ? 'mark strong' : 'mark'}>
          <line x1={x(mark.ms)} x2={x(mark.ms)} y1={6 + row * 13} y2={base} />
          <text x={x(mark.ms) + (anchor === 'end' ? -4 : 4)} y={11 + row * 13} text-anchor={anchor}>
            {mark.label}
          </text>
        </g>
      ))}
    </g>
  );
}

const CHARACTER_PX = 5.9;

/** Labels take the first of three rows where they do not cover another one. */
function placed(marks: readonly Mark[], x: (ms: number) => number, width: number) {
  const taken: [number, number][][] = [[], [], []];
  return marks.map((mark) => {
    const px = mark.label.length * CHARACTER_PX + 6;
    const spans = (['start', 'end'] as const).map((anchor) => {
      const from = anchor === 'start' ? x(mark.ms) : x(mark.ms) - px;
      return { anchor, from, to: from + px };
    });
    for (const [row, used] of taken.entries()) {
      for (const { anchor, from, to } of spans) {
        if (from < 0 || to > width || used.some(([a, b]) => from < b && a < to)) continue;
        used.push([from, to]);
        return { mark, row, anchor };
      }
    }
    return { mark, row: 2, anchor: x(mark.ms) > width / 2 ? ('end' as const) : ('start' as const) };
  });
}
