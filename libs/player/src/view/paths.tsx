// Which region the clients of each home hold: a band as wide as they are many, and their requests on the way.
import { useWidth } from '../adapters/browser';
import type { Moment, Path } from '../moment/moment';
import { round } from './scale';

/** Heights of the middles of the panels, px from the top of the stage. */
export interface Ends {
  readonly homes: ReadonlyMap<string, number>;
  readonly regions: ReadonlyMap<string, number>;
}

const WIDEST_PX = 16;

/** `calm`: packets are counted, and not drawn. */
export function Paths({ moment, ends, calm }: { moment: Moment; ends: Ends; calm: boolean }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const dark = new Set(moment.regions.filter(({ tag }) => tag.kind === 'dark').map(({ region }) => region.name));
  const most = Math.max(1, ...moment.homes.map(({ states }) => states.length));
  return (
    <div class="paths" ref={ref} aria-hidden="true">
      {width > 0 ? (
        <svg width={width} height="100%">
          {moment.paths.map((path) => {
            const [from, to] = [ends.homes.get(path.home), ends.regions.get(path.region)];
            if (from === undefined || to === undefined) return null;
            const line = { width, from, to, band: 2 + (path.clients / most) * WIDEST_PX };
            return (
              <OnePath
                key={`${path.home} ${path.region}`}
                path={path}
                line={line}
                dark={dark.has(path.region)}
                calm={calm}
              />
            );
          })}
        </svg>
      ) : null}
    </div>
  );
}

interface Line {
  readonly width: number;
  readonly from: number;
  readonly to: number;
  readonly band: number;
}

function OnePath({ path, line, dark, calm }: { path: Path; line: Line; dark: boolean; calm: boolean }) {
  const { width, from, to, band } = line;
  const middle = width / 2;
  const d = `M0 ${round(from)}C${middle} ${round(from)} ${middle} ${round(to)} ${width} ${round(to)}`;
  const [x, y] = pointOn(line, 0.5);
  const waiting = path.packets.filter(({ fails }) => fails).length;
  const moved = path.home !== path.region;
  return (
    <g class={`path${dark ? ' dark' : ''}${moved ? ' moved' : ''}`}>
      <path class="band" d={d} stroke-width={round(band)} />
      <path class="line" d={d} />
      {dark ? <path class="stop" d={`M${width - 14} ${round(to) - 5}l10 10m0 -10l-10 10`} /> : null}
      {calm
        ? null
        : [false, true].map((fails) => (
            <path
              key={String(fails)}
              class={fails ? 'packet fails' : 'packet'}
              d={path.packets
                .filter((packet) => packet.fails === fails)
                .map(({ at }) => dotAt(line, at))
                .join('')}
            />
          ))}
      {path.clients > 0 || waiting > 0 ? (
        <text x={round(x)} y={round(y) - band / 2 - 5} text-anchor="middle">
          {path.clients}
        </text>
      ) : null}
      {waiting > 0 ? (
        <text class="fail" x={round(x)} y={round(y) + band / 2 + 14} text-anchor="middle">
          {waiting} waiting
        </text>
      ) : null}
    </g>
  );
}

const DOT = 2.6;

/** A full circle: all packets of a path are one shape, which is drawn at once. */
function dotAt(line: Line, at: number): string {
  const [x, y] = pointOn(line, at);
  return `M${round(x - DOT)} ${round(y)}a${DOT} ${DOT} 0 1 0 ${2 * DOT} 0a${DOT} ${DOT} 0 1 0 ${-2 * DOT} 0`;
}

/** On the curve of a path: its control points stand half-way across. */
function pointOn({ width, from, to }: Line, at: number): [number, number] {
  const rest = 1 - at;
  const x = 3 * rest * rest * at * (width / 2) + 3 * rest * at * at * (width / 2) + at ** 3 * width;
  const y = (rest ** 3 + 3 * rest * rest * at) * from + (3 * rest * at * at + at ** 3) * to;
  return [x, y];
}
