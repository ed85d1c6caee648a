// Figures as people read them: one decimal for seconds, thousands with a comma, a no-break space before the unit.

const SPACE = '\u00a0';

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)}${SPACE}s`;
/** Without the decimal where there is none. */
export const plainSeconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))}${SPACE}s`;
export const after = (ms: number): string => `${ms < 0 ? '\u2212' : '+'}${(Math.abs(ms) / 1000).toFixed(1)}${SPACE}s`;
const THOUSANDS = new Intl.NumberFormat('en-US');
export const whole = (count: number): string => THOUSANDS.format(count);
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${whole(count)} ${count === 1 ? one : many}`;
/** `mumbai` -> `Mumbai`; an AWS id stays as it is. */
export const titled = (name: string): string => (/\d/.test(name) ? name : name.charAt(0).toUpperCase() + name.slice(1));
export const listed = (names: readonly string[]): string => names.map(titled).join(' and ') || 'nobody';
