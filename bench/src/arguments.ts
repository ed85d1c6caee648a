// The arguments of `npm run bench`.
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Names of rows; all, when none was given. */
  readonly rows: readonly string[];
  /** Turns of each row. @default what the row says */
  readonly runs: number | undefined;
  readonly against: string | undefined;
  /** A checkout of the commit that the drills are held against, ready to run. @default one is made */
  readonly baseline: string | undefined;
  /** Where --against writes its comment. */
  readonly comment: string | undefined;
  readonly list: boolean;
}

export type Parsed = BenchOptions | { readonly wrong: string };

export const USAGE =
  'Usage: npm run bench -- [ROW...] [--runs N] [--baseline DIR] | --against COMMIT [ROW...] [--runs N] [--comment FILE] | --list';
const MAX_RUNS = 100;
const OPTIONS = {
  runs: { type: 'string', multiple: true },
  against: { type: 'string', multiple: true },
  baseline: { type: 'string', multiple: true },
  comment: { type: 'string', multiple: true },
  list: { type: 'boolean', default: false },
} as const;

export function parseBench(argv: readonly string[], known: readonly string[]): Parsed {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
    const { list, ...texts } = values;
    const twice = Object.entries(texts).find(([, given]) => given.length > 1)?.[0];
    if (twice !== undefined) return { wrong: `--${twice} is given twice, and takes one value: give it once` };
    const [runs, against, baseline, comment] = [texts.runs, texts.against, texts.baseline, texts.comment].map(
      (given) => given?.[0],
    );
    const unknown = positionals.find((name) => !known.includes(name));
    if (unknown !== undefined) return { wrong: `"${unknown}" is no row; it must be of ${known.join(', ')}` };
    if (runs !== undefined && !(/^\d{1,3}$/.test(runs) && Number(runs) >= 1 && Number(runs) <= MAX_RUNS))
      return { wrong: `--runs "${runs}" is not a whole number from 1 to ${MAX_RUNS}` };
    if (against === undefined && comment !== undefined)
      return { wrong: '--comment says what differs from another commit: name it with --against' };
    if (against !== undefined && baseline !== undefined)
      return {
        wrong:
          '--baseline is of the rows that are held against a commit of their own, and --against of any: give one of them',
      };
    return {
      rows: known.filter((name) => positionals.length === 0 || positionals.includes(name)),
      runs: runs === undefined ? undefined : Number(runs),
      against,
      baseline,
      comment,
      list,
    };
  } catch (error) {
    return { wrong: (error as Error).message.replaceAll('\n', ' ').replace(/\.$/, '') };
  }
}
