// docs/pictures/performance-*.svg: what is reached of each bar, and how a drill grows.
import { grouped, withUnit } from './figures';
import { limitText } from './page';
import { figuresOf, reachedBy, type Case, type Reached, type Result } from './results';
import { spreadOf, type Spread } from './statistics';

/** Those of all pictures of the pages, of one theme: apps/dr/src/drill-picture.ts has them. */
export type Colours = Readonly<Record<'ground' | 'line' | 'ink' | 'dim' | 'red' | 'green', string>>;

const FONT = "13px system-ui,-apple-system,'Segoe UI',sans-serif";
const WIDTH = 860;
const MARGIN = 20;

interface Drawn {
  readonly title: string;
  readonly height: number;
  readonly elements: readonly string[];
}

function svg(colours: Colours, { title, height, elements }: Drawn): string {
  const paints = Object.entries(colours).map(
    ([name, colour]) => `.${name}{fill:${colour}}.s-${name}{stroke:${colour}}`,
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(title)}</title>`,
    `<style>text{font:${FONT};paint-order:stroke;stroke:${colours.ground};stroke-width:3px}${paints.join('')}</style>`,
    `<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="7" class="ground s-line"/>`,
    ...elements,
    '</svg>',
  ].join('\n')}\n`;
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const px = (value: number): string => value.toFixed(1);
const text = (x: number, y: number, paint: string, words: string, anchor = 'start'): string =>
  `<text x="${px(x)}" y="${px(y)}" class="${paint}" text-anchor="${anchor}">${escaped(words)}</text>`;
const line = (x1: number, y1: number, x2: number, y2: number, paint: string, more = ''): string =>
  `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" class="s-${paint}"${more}/>`;

const ROW = 24;
const LABELS = 380;
const VALUES = 190;
/** Characters of a label: as many as find room in {@link LABELS}. */
const MOST = 54;
/** Shares of a bar that are drawn; what is beyond ends there. */
const SHARES = 2;

/** One bar a line: its length is what was reached as a share of the limit. */
export function barsPicture(results: readonly Result[], colours: Colours): string {
  const all = results.flatMap((result) => reachedBy(result).map((reached) => ({ name: result.name, reached })));
  const span = WIDTH - LABELS - VALUES - 2 * MARGIN;
  const top = MARGIN + ROW;
  const height = top + all.length * ROW + MARGIN;
  const limitAt = MARGIN + LABELS + span / SHARES;
  const rows = all.flatMap(({ name, reached }, at) => {
    const y = top + at * ROW;
    const share = Math.min(SHARES, shareOf(reached));
    const words = [name, reached.bar.title, reached.of].filter(Boolean).join(', ');
    return [
      text(MARGIN, y + 16, 'ink', words.length > MOST ? `${words.slice(0, MOST - 1)}…` : words),
      `<rect x="${MARGIN + LABELS}" y="${y + 5}" width="${px(share * (span / SHARES))}" height="${ROW - 10}" rx="2" class="${reached.isMet ? 'green' : 'red'}"/>`,
      text(
        WIDTH - MARGIN,
        y + 16,
        'dim',
        `${withUnit(reached.median, reached.bar.unit)}, bar ${limitText(reached.bar)}`,
        'end',
      ),
    ];
  });
  const limit = [
    line(limitAt, top - 4, limitAt, height - MARGIN, 'ink', ' stroke-dasharray="3 3"'),
    text(limitAt, top - 8, 'dim', 'the bar', 'middle'),
  ];
  const met = all.filter(({ reached }) => reached.isMet).length;
  return svg(colours, { title: `${met} of ${all.length} bars are met.`, height, elements: [...rows, ...limit] });
}

const shareOf = ({ median, bar: { atMost, atLeast } }: Reached): number =>
  atLeast !== undefined ? atLeast / median : median / (atMost ?? median);

const GROWTH = 'cpuMsPerThousand';
const HEIGHT = 340;
const LEFT = 70;
const BOTTOM = 60;
const GAP = 50;

interface Point extends Spread {
  readonly label: string;
}

interface Group {
  readonly title: string;
  readonly points: readonly Point[];
}

/** CPU for 1,000 invocations: by requests a second, by time, by regions. Without a result: the empty chart. */
export function growthPicture(result: Result | undefined, colours: Colours): string {
  const groups = groupsOf(result?.cases ?? []).filter(({ points }) => points.length > 0);
  const highest = Math.max(1, ...groups.flatMap(({ points }) => points.map(({ high }) => high)));
  const ceiling = Math.ceil((highest * 1.1) / 200) * 200;
  const y = (value: number): number => HEIGHT - BOTTOM - (value / ceiling) * (HEIGHT - BOTTOM - 2 * MARGIN);
  const count = groups.reduce((sum, { points }) => sum + points.length, 0);
  const step = (WIDTH - LEFT - MARGIN - GAP * (groups.length - 1)) / Math.max(1, count);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * ceiling);
  const axis = ticks.flatMap((tick) => [
    line(LEFT, y(tick), WIDTH - MARGIN, y(tick), 'line'),
    text(LEFT - 8, y(tick) + 4, 'dim', grouped(tick, 0), 'end'),
  ]);
  let from = LEFT;
  const drawn = groups.flatMap(({ title, points }) => {
    const begin = from;
    const places = points.map((point, at) => ({ ...point, x: begin + (at + 0.5) * step }));
    from += points.length * step + GAP;
    const path = places.map(({ x, median }) => `${px(x)},${px(y(median))}`).join(' ');
    return [
      `<polyline points="${path}" fill="none" class="s-green" stroke-width="2"/>`,
      ...places.flatMap(({ x, median, low, high, label }) => [
        line(x, y(low), x, y(high), 'ink'),
        `<circle cx="${px(x)}" cy="${px(y(median))}" r="4" class="green"/>`,
        text(x, y(high) - 9, 'ink', grouped(median, 0), 'middle'),
        text(x, HEIGHT - BOTTOM + 20, 'ink', label, 'middle'),
      ]),
      text(begin + (points.length * step) / 2, HEIGHT - BOTTOM + 42, 'dim', title, 'middle'),
    ];
  });
  const title = 'Milliseconds of CPU that a drill takes for 1,000 invocations.';
  return svg(colours, {
    title,
    height: HEIGHT,
    elements: [text(MARGIN, MARGIN + 4, 'dim', 'ms of CPU'), ...axis, ...drawn],
  });
}

/** The default drill is the first of the times, and the one with two regions. */
function groupsOf(cases: readonly Case[]): Group[] {
  const pointsOf = (pattern: RegExp): Point[] =>
    cases
      .filter(({ name }) => pattern.test(name))
      .map(({ name, sides: [drill] }) => ({
        label: /\d+/.exec(name)?.[0] ?? name,
        ...spreadOf(figuresOf(drill, GROWTH)),
      }));
  const rates = pointsOf(/requests a second$/);
  const times = pointsOf(/^a fault of/);
  const usual = times.slice(0, 1).map((point) => ({ ...point, label: '2' }));
  return [
    { title: 'requests a second', points: rates },
    { title: 'seconds of the fault', points: times },
    { title: 'regions', points: [...usual, ...pointsOf(/regions$/)] },
  ];
}
