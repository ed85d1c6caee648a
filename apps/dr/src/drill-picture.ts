// docs/pictures/drill-*.svg, made from docs/pictures/drill.json: what a terminal shows of a drill, as text in a picture.
import type { DrillReport } from '@dr/contracts';
import { renderText } from '@dr/drills';
import { fitted } from './terminal/fitted';

export const THEMES = {
  light: {
    ...{ ground: '#ffffff', line: '#d8dce2', ink: '#12161c', dim: '#5c6675', onBadge: '#12161c' },
    ...{ red: '#b3340a', green: '#1a6f33', yellow: '#835400', passed: '#6fd08c', failed: '#ff8d62' },
  },
  dark: {
    ...{ ground: '#14181e', line: '#2b323c', ink: '#eaeef3', dim: '#8f99a8', onBadge: '#0d1014' },
    ...{ red: '#ff8d62', green: '#6fd08c', yellow: '#e3b155', passed: '#6fd08c', failed: '#ff8d62' },
  },
} as const;
type Theme = keyof typeof THEMES;
type Paint = keyof (typeof THEMES)[Theme];

const COMMAND = '$ npm run -s drill';
const COLUMNS = 100;
/** Sections that are shown whole; of the timeline, what comes before the last client is back. */
const SHOWN = ['Recovery time', 'Data at risk', 'Repeat it'];
const LAST_ROW = 'last-client-recovered';

/** In pixels. A character of a monospaced font is as wide as 0.6 of its size. */
const FONT = 13;
const CHARACTER = FONT * 0.6;
const LINE = 19;
const MARGIN = 20;

/** The lines of the picture, with the colours of a terminal: those of the report that are shown, and how many are left out between. */
export function pictureLines(report: DrillReport): string[] {
  // How long the machine took differs from run to run.
  const text = renderText(report, { color: true }).replace(/; [\d,]+ s simulated in .*? invocations/, '');
  const [heading = '', timeline = '', ...others] = text.trimEnd().split('\n\n');
  const rows = timeline.split('\n');
  const shownRows = 1 + rows.findIndex((row) => row.includes(LAST_ROW));
  const folded = (section: string): string[] => fitted(section, COLUMNS).split('\n');
  const lines = [COMMAND, ...folded(heading), '', ...rows.slice(0, shownRows).flatMap(folded)];
  let hidden = rows.slice(shownRows).flatMap(folded).length;
  others.forEach((section, at) => {
    const isShown = at === others.length - 1 || SHOWN.some((title) => section.includes(title));
    if (!isShown) hidden += folded(section).length;
    else {
      if (hidden > 0) lines.push(...(at === 0 ? [] : ['']), leftOut(hidden));
      hidden = 0;
      lines.push('', ...folded(section));
    }
  });
  return lines;
}

const leftOut = (count: number): string => `\u001b[2m  \u22ef ${count} lines more\u001b[22m`;

/** The same whenever the report is. */
export function drillPicture(report: DrillReport, theme: Theme): string {
  const lines = pictureLines(report);
  const colours = THEMES[theme];
  const width = COLUMNS * CHARACTER + 2 * MARGIN;
  const height = lines.length * LINE + 2 * MARGIN;
  const paints = Object.entries(colours).map(([name, colour]) => `.${name}{fill:${colour}}`);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">A drill in a terminal. ${escaped(report.judgement)}</title>`,
    `<style>text{font:${FONT}px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}.bold{font-weight:700}${paints.join('')}</style>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="7" class="ground" stroke="${colours.line}"/>`,
    ...drawn(lines),
    '</svg>',
  ].join('\n')}\n`;
}

interface Style {
  readonly paint: Paint;
  readonly badge?: Paint | undefined;
  readonly isBold: boolean;
}

/** What the colours of picocolors do; 22, 39 and 49 take back. */
const CODES: Readonly<Record<string, (style: Style) => Style>> = {
  1: (style) => ({ ...style, isBold: true }),
  2: (style) => ({ ...style, paint: 'dim' }),
  22: (style) => ({ ...style, isBold: false, paint: 'ink' }),
  30: (style) => ({ ...style, paint: 'onBadge' }),
  31: (style) => ({ ...style, paint: 'red' }),
  32: (style) => ({ ...style, paint: 'green' }),
  33: (style) => ({ ...style, paint: 'yellow' }),
  37: (style) => ({ ...style, paint: 'onBadge' }),
  39: (style) => ({ ...style, paint: 'ink' }),
  41: (style) => ({ ...style, badge: 'failed' }),
  42: (style) => ({ ...style, badge: 'passed' }),
  49: (style) => ({ ...style, badge: undefined }),
};

/** The elements of all lines. A colour lasts beyond the end of its line. */
function drawn(lines: readonly string[]): string[] {
  let style: Style = { paint: 'ink', isBold: false };
  return lines.flatMap((line, row) => {
    let column = 0;
    return line.split(/\u001b\[(\d+)m/).flatMap((part, at) => {
      if (at % 2 === 1) {
        style = CODES[part]?.(style) ?? style;
        return [];
      }
      const begins = column;
      column += part.length;
      return textAt(part, begins, MARGIN + row * LINE, style);
    });
  });
}

/** Each word stands in its own column, whatever font draws it. */
function textAt(text: string, column: number, top: number, { paint, badge, isBold }: Style): string[] {
  const place = (at: number): string => (MARGIN + at * CHARACTER).toFixed(1);
  const wide = (length: number): string => (length * CHARACTER).toFixed(1);
  const box = badge
    ? [`<rect x="${place(column)}" y="${top}" width="${wide(text.length)}" height="${LINE}" rx="3" class="${badge}"/>`]
    : [];
  const words = [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: word, index }) => {
    const classes = `${paint}${isBold ? ' bold' : ''}`;
    const length = word.length > 1 ? ` textLength="${wide(word.length)}" lengthAdjust="spacingAndGlyphs"` : '';
    return `<text x="${place(column + index)}" y="${top + 14}" class="${classes}"${length}>${escaped(word)}</text>`;
  });
  return [...box, ...words];
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
