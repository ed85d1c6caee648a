// Can the table of a region that is in service be restored to an earlier time? Only then can a bad write be undone.
import type { Fact } from '../fact';
import type { TableRecoveryState } from './reader';
import { judgedRow, ok, warn, type Row } from './row';

export const recoveryRow = (awsRegion: string, table: string, state: Fact<TableRecoveryState>): Row =>
  judgedRow('point-in-time recovery', awsRegion, state, (known) => {
    if (known === 'on') return ok(`on for ${table}`);
    if (known === 'none') return ok(`${table} is not there yet; the stack turns it on`);
    return warn(
      `off for ${table}: no bad write can be undone there`,
      'Apply the stack, which turns it on (node scripts/plan.mjs --drift shows it); what was before then is lost',
    );
  });
