// Clients down over time, counted from the fault: its axis is the clock of the recovery time.
import { useMemo } from 'preact/hooks';
import { useWidth } from '../adapters/browser';
import { noticedIn, type Episode } from '../log/episodes';
import type { Clients } from '../log/clients';
import type { DownCurve } from '../log/down-curve';
import type { RunLog } from '../log/run-log';
import { after, counted, seconds, whole } from '../words/figures';
import { useLabel } from './labels';
import { at, round, stairLine, stairs, ticks, type Scale } from './scale';
import { Whose } from './whose';

const HEIGHT = 116;
const TOP = 34;
const BOTTOM = 20;
const LEFT = 34;

interface Mark {
  readonly ms: number;
  readonly label: string;
  readonly strong?: boolean;
}

interface Props {
  readonly log: RunLog;
  readonly atMs: number;
  readonly episode: Episode | undefined;
}

export function RtoChart({ log, atMs, episode }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const startMs = episode?.startMs;
  const picture = useMemo(
    () => (episode === undefined || width === 0 ? null : draw(log, episode, width)),
    [log, log.version, width, startMs],
  );
  const clock = clockOf(log, episode, atMs);
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
      <Whose log={log} />
      <div ref={ref} class="plot">
        {picture && startMs !== undefined ? (
          <>
            {picture.vnode}
            {atMs >= startMs && atMs - startMs <= picture.scale.to ? (
              <Hand x={LEFT + at(picture.scale, atMs - startMs)} />
            ) : null}
          </>
        ) : (
          <p class="quiet">{startMs === undefined ? 'No fault, so no clock.' : ''}</p>
        )}
      </div>
    </section>
  );
}

const HAND = 5;

/** A drawing of its own: it moves, and nothing of the chart is laid out anew. */
const Hand = ({ x }: { x: number }) => (
  <svg
    class="hand"
    width={2 * HAND}
    height={HEIGHT}
    style={{ transform: `translateX(${round(x - HAND)}px)` }}
    aria-hidden="true"
  >
    <line x1={HAND} x2={HAND} y1={TOP - 4} y2={HEIGHT - BOTTOM} />
    <path d={`M${HAND} ${HEIGHT - BOTTOM}l-5 7h10z`} />
  </svg>
);

/** Running while somebody is down; it stops at the last client. */
function clockOf(log: RunLog, episode: Episode | undefined, atMs: number): { figure: string; state: string } {
  if (!episode) return { figure: 'none', state: 'no client failed' };
  const { startMs, endMs, felt } = episode;
  const since = (ms: number): string => ((ms - startMs) / 1000).toFixed(1);
  const worst = felt.at(-1);
  if (worst && atMs < startMs) return { figure: '0.0', state: 'starts with the fault' };
  if (!worst) {
    const mayCome = log.state === 'running' && endMs === Infinity;
    return mayCome
      ? { figure: since(atMs), state: 'running, no client down yet' }
      : { figure: 'none', state: 'no client failed' };
  }
  const figure = since(Math.min(atMs, worst.atMs, log.endMs));
  const clients = counted(felt.length, 'client');
  if (atMs >= worst.atMs) return { figure, state: `stopped: the last of ${clients} is back` };
  const least = atMs >= log.endMs && log.state !== 'running' ? 'at least, ' : '';
  return { figure, state: `running, ${least}${whole(log.clients.downCurve.at(atMs))} of ${clients} down` };
}

function summary({ felt, startMs }: Episode): string {
  const worst = felt.at(-1);
  if (!worst) return 'No client was down.';
  const ms = worst.atMs - startMs;
  const last = ms === Infinity ? 'some are not back' : `the last one was back after ${seconds(ms)}`;
  return `${counted(felt.length, 'client')} went down; ${last}.`;
}

/** While it runs, the axis grows in steps. */
const STEP_MS = 15_000;

function draw(log: RunLog, episode: Episode, width: number) {
  const { startMs } = episode;
  const { objective, predicted } = log.header;
  const worst = episode.felt.at(-1);
  const seen = noticedIn(log, episode);
  const since = (ms: number | undefined, label: string): Mark[] =>
    ms === undefined || ms < startMs
      ? []
      : [{ ms: ms - startMs, label: `${label} ${after(ms - startMs).replace('\u00a0s', '')}` }];
  const soFarMs = Math.min(log.endMs, episode.untilMs) - startMs;
  const openMs = log.state === 'running' ? Math.ceil(soFarMs / STEP_MS) * STEP_MS : soFarMs;
  const lastMs = worst && worst.atMs < Infinity ? worst.atMs - startMs : openMs;
  const limits: Mark[] = [
    ...(predicted
      ? [{ ms: predicted.worstClientSeconds * 1000, label: `predicted ${predicted.worstClientSeconds.toFixed(1)}` }]
      : []),
    ...(objective
      ? [{ ms: objective.rtoSeconds * 1000, label: `objective ${objective.rtoSeconds.toFixed(1)}`, strong: true }]
      : []),
  ];
  const marks: Mark[] = [
    ...since(seen.probeMs, 'first failing probe'),
    ...since(seen.messageMs, 'first message'),
    ...since(seen.movedMs, 'DNS moved'),
    ...(worst && worst.atMs < Infinity
      ? [{ ms: lastMs, label: `worst that honours the TTL ${(lastMs / 1000).toFixed(1)}`, strong: true }]
      : []),
    ...limits,
  ];
  const scale: Scale = {
    from: 0,
    to: Math.max(1000, lastMs, ...limits.map(({ ms }) => ms)) * 1.17,
    px: width - LEFT - 8,
  };
  const most = Math.max(1, ...[log.clients, ...log.clients.apart.values()].map(mostDown(startMs, scale)));
  const y = (count: number): number => HEIGHT - BOTTOM - (count / most) * (HEIGHT - BOTTOM - TOP - 8);
  const pointsOf = (curve: DownCurve) =>
    changesOf(curve, startMs, scale).map((ms) => [LEFT + at(scale, ms - startMs), y(curve.at(ms))] as const);
  const others = [...log.clients.apart].map(([name, { downCurve }]) => ({ name, points: pointsOf(downCurve) }));
  return {
    scale,
    vnode: (
      <svg width={width} height={HEIGHT} role="img" aria-label={summary(episode)}>
        <Drawn
          {...{ scale, marks, most, y, width, others }}
          points={pointsOf(log.clients.downCurve)}
          over={objective && objective.rtoSeconds * 1000}
          known={LEFT + at(scale, Math.min(scale.to, soFarMs))}
        />
      </svg>
    ),
  };
}

/** Instants at which a curve changes within the chart, from the fault on. */
const changesOf = (curve: DownCurve, startMs: number, { to }: Scale): readonly number[] => [
  startMs,
  ...curve.changes(startMs, startMs + to),
];

const mostDown =
  (startMs: number, scale: Scale) =>
  ({ downCurve }: Pick<Clients, 'downCurve'>): number =>
    Math.max(...changesOf(downCurve, startMs, scale).map((ms) => downCurve.at(ms)));

type Points = readonly (readonly [number, number])[];

interface DrawnProps {
  readonly scale: Scale;
  readonly points: Points;
  /** Clients that the promise is not about: a line a population. */
  readonly others: readonly { readonly name: string; readonly points: Points }[];
  readonly marks: readonly Mark[];
  readonly most: number;
  readonly width: number;
  readonly over: number | undefined;
  /** Nothing is known of what is right of it. */
  readonly known: number;
  y(count: number): number;
}

function Drawn({ scale, points, others, marks, most, y, width, over, known }: DrawnProps) {
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
      <path class="down-area" d={stairs(points, base, known)} />
      {others.map(({ name, points: own }) => (
        <path key={name} class={`apart apart-${name}`} d={stairLine(own, known)} />
      ))}
      <line class="axis-line" x1={LEFT} x2={width - 8} y1={base} y2={base} />
      {ticks(scale, 48, 1000).map((ms) => (
        <text key={ms} class="axis" x={x(ms)} y={HEIGHT - 6} text-anchor="middle">
          {ms === 0 ? 'fault' : ms / 1000}
        </text>
      ))}
      {placed(marks, x, width).map(({ mark, row, anchor, label }) => (
        <g key={mark.label} class={mark.strong ? 'mark strong' : 'mark'}>
          <line x1={x(mark.ms)} x2={x(mark.ms)} y1={6 + row * 13} y2={base} />
          <text x={x(mark.ms) + (anchor === 'end' ? -4 : 4)} y={11 + row * 13} text-anchor={anchor}>
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Of the widest of the fonts that the page asks for; strong labels are bold. */
const CHARACTER_PX = 6.8;
const STRONG_CHARACTER_PX = 7.4;

/** Labels take the first of three rows where they do not cover another one, the strong ones first; one that finds no place has its line alone. */
function placed(marks: readonly Mark[], x: (ms: number) => number, width: number) {
  const taken: [number, number][][] = [[], [], []];
  return [...marks]
    .sort((a, b) => Number(b.strong ?? false) - Number(a.strong ?? false))
    .map((mark) => {
      const px = mark.label.length * (mark.strong ? STRONG_CHARACTER_PX : CHARACTER_PX) + 6;
      const spans = (['start', 'end'] as const).map((anchor) => {
        const from = anchor === 'start' ? x(mark.ms) : x(mark.ms) - px;
        return { anchor, from, to: from + px };
      });
      for (const [row, used] of taken.entries()) {
        for (const { anchor, from, to } of spans) {
          if (from < 0 || to > width || used.some(([a, b]) => from < b && a < to)) continue;
          used.push([from, to]);
          return { mark, row, anchor, label: mark.label };
        }
      }
      return { mark, row: 2, anchor: 'start' as const, label: '' };
    });
}
