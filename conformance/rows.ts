// All rows of docs/twin.md that an account can be asked about, and what became of them.
import { REGIONAL_ROWS } from './regional';
import { ROUTE53_ROWS } from './route53';
import { Differs, type Row } from './row';
import type { Sandbox } from './sandbox';

export const ROWS: readonly Row[] = [...ROUTE53_ROWS, ...REGIONAL_ROWS];

export interface RowResult {
  readonly id: string;
  /** `open`: what went wrong says nothing of the rule. */
  readonly outcome: 'holds' | 'differs' | 'open';
  readonly why?: string;
}

export interface Asked {
  readonly results: readonly RowResult[];
  /** What could not be removed. */
  readonly left: readonly string[];
}

/** One after the other; what each has made is removed before the next. */
export async function ask(rows: readonly Row[], sandbox: Sandbox): Promise<Asked> {
  const results: RowResult[] = [];
  const left: string[] = [];
  for (const row of rows) {
    sandbox.world.say(`${row.id}: ${row.says}`);
    results.push(await resultOf(row, sandbox));
    left.push(...(await sandbox.removeAll()));
  }
  return { results, left };
}

async function resultOf(row: Row, sandbox: Sandbox): Promise<RowResult> {
  try {
    await row.run(sandbox);
    return { id: row.id, outcome: 'holds' };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return error instanceof Differs
      ? { id: row.id, outcome: 'differs', why: `AWS ${error.message}` }
      : { id: row.id, outcome: 'open', why };
  }
}
