// From time or count to pixels, and axes that people can read.

export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly px: number;
}

export const at = ({ from, to, px }: Scale, value: number): number => ((value - from) / Math.max(1e-9, to - from)) * px;
export const inverse = ({ from, to, px }: Scale, x: number): number => from + (x / Math.max(1, px)) * (to - from);
export const round = (px: number): number => Math.round(px * 10) / 10;

const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** Whole multiples of a round number within the scale, at least `leastPx` apart. `unit`: what one counts in. */
export function ticks(scale: Scale, leastPx: number, unit = 1): number[] {
  const perStep = (scale.px * unit) / Math.max(1e-9, scale.to - scale.from);
  const step = (STEPS.find((one) => one * perStep >= leastPx) ?? 7200) * unit;
  const found: number[] = [];
  for (let tick = Math.ceil(scale.from / step) * step; tick <= scale.to; tick += step) found.push(tick);
  return found;
}

/** The line of a stair through `[x, y]` points, each holding until the next, and no area below it. */
export function stairLine(points: readonly (readonly [number, number])[], endX: number): string {
  const [first] = points;
  if (!first) return '';
  const path = points.map(([x, y], index) => (index === 0 ? `M${round(x)} ${round(y)}` : `H${round(x)}V${round(y)}`));
  return `${path.join('')}H${round(endX)}`;
}

/** A stair through `[x, y]` points, each holding until the next, down to `base` at both ends. */
export function stairs(points: readonly (readonly [number, number])[], base: number, endX: number): string {
  const [first] = points;
  if (!first) return '';
  const path = points.map(([x, y], index) =>
    index === 0 ? `M${round(x)} ${base}V${round(y)}` : `H${round(x)}V${round(y)}`,
  );
  return `${path.join('')}H${round(endX)}V${base}Z`;
}
