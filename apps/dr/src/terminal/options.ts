// Parsers of option values: a wrong value is an InputError that says what is allowed.
import { InputError, WORST_CLIENT } from '@dr/contracts';

export const numberOption =
  (option: string) =>
  (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value)) return value;
    throw new InputError(`--${option} "${text}"`, 'is not a number', `Give a number such as --${option} 60`);
  };

/** What --rto says of itself: the promise names its clients. */
export const OBJECTIVE = `objective: seconds for the ${WORST_CLIENT} (default: dr.config.ts)`;

/** Whole numbers that fit in 32 bits. */
export const seedOption = (text: string): number => {
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value <= 0xffffffff) return value;
  throw new InputError(`--seed "${text}"`, 'is not a seed', 'Give a whole number from 0 to 4294967295');
};

/** The parser carries `allowed`: completion and the manual read it. */
export const oneOf = <T extends string>(option: string, allowed: readonly T[]) =>
  Object.assign(
    (text: string): T => {
      const found = allowed.find((value) => value === text);
      if (found !== undefined) return found;
      throw new InputError(`--${option} "${text}"`, 'is not known', `Use one of ${allowed.join(', ')}`);
    },
    { allowed },
  );

/** The values that an option is limited to; undefined where it takes others too. */
export const allowedOf = (parser: unknown): readonly string[] | undefined =>
  typeof parser === 'function' && 'allowed' in parser ? (parser.allowed as readonly string[]) : undefined;

/** Where a command works. */
export const targetOption = oneOf('target', ['aws', 'twin']);

/** Of an option that may be given more than once. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** `stopAfter` as it is typed. */
export const typed = (option: string): string =>
  `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

export function checkCount(option: string, value: number | undefined, most: number, least = 1): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw new InputError(`--${option} ${value}`, 'is out of range', `Give a whole number from ${least} to ${most}`);
}

const MAX_RTO_SECONDS = 3_600;

/** As dr.config.ts has it; a synthesis would say so, but with --stack there is none. */
export function checkRto(rto: number | undefined): void {
  if (rto === undefined || (rto > 0 && rto <= MAX_RTO_SECONDS)) return;
  throw new InputError(`--rto ${rto}`, 'is out of range', `Give seconds above 0, up to ${MAX_RTO_SECONDS}`);
}
