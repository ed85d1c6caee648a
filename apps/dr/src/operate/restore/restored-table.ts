// The table with the earlier state: made beside the one in use, or found from an earlier run of the same restore.
import { InputError } from '@dr/contracts';
import type { Context } from '../../context';
import { Refused } from '../operator';
import { patiently } from './patience';
import type { RestoredTable, TableRecovery, Window } from './ports';
import type { RestoreRequest } from './request';

const POLL_EVERY_MS = 5_000;
/** [A] AWS says that the time varies, and not with the size alone (developer guide, "Restoring a table to a point in time"). */
const MAX_WAIT_MS = 24 * 3_600_000;
const SECOND_MS = 1_000;

export interface Made {
  /** An earlier run has asked for it. */
  readonly found: boolean;
  /** How long this run waited for it. */
  readonly seconds: number;
}

type Say = (line: string) => void;

/** Resolves once the table can be read. Throws InputError before anything is made. */
export async function restoredTable(
  { operator, wallMs }: Pick<Context, 'operator' | 'wallMs'>,
  recovery: TableRecovery,
  request: RestoreRequest,
  say: Say,
): Promise<Made> {
  const startedMs = wallMs();
  const source = await patiently(operator, () => recovery.window());
  const known = await patiently(operator, () => recovery.restored(request.into));
  if (known) refuseOther(known, source.arn, request);
  else {
    checkWindow(source, request);
    const begun = await patiently(operator, () => recovery.restore(request.into, request.toMs));
    say(`${request.into} is being made`);
    // Somebody else was faster, or the answer to a first try was lost.
    if (begun === 'taken')
      refuseOther(await patiently(operator, () => recovery.restored(request.into)), source.arn, request);
  }
  for (;;) {
    const table = await patiently(operator, () => recovery.restored(request.into));
    const seconds = Math.round((wallMs() - startedMs) / SECOND_MS);
    if (table?.status === 'ACTIVE') return { found: known !== undefined, seconds };
    if (table?.status !== 'CREATING') throw notMade(request, table);
    if (wallMs() - startedMs > MAX_WAIT_MS) throw notMade(request, table);
    say(`${request.into} is being made, ${seconds} s; AWS takes minutes, at times hours`);
    await operator.sleep(POLL_EVERY_MS);
  }
}

const isoOf = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

function refuseOther(
  known: RestoredTable | undefined,
  arn: string,
  { into, toMs, region, table }: RestoreRequest,
): void {
  if (!known) return;
  const { sourceArn, toMs: madeToMs } = known;
  const isOurs = sourceArn === arn && madeToMs !== null && Math.floor(madeToMs / SECOND_MS) * SECOND_MS === toMs;
  if (isOurs) return;
  const why =
    sourceArn === null || madeToMs === null
      ? 'is there already, and was not made by a restore'
      : sourceArn === arn
        ? `has the state of ${isoOf(madeToMs)}, not of ${isoOf(toMs)}`
        : `was restored from ${sourceArn}, not from ${table}`;
  throw new InputError(
    `table ${into} in ${region.awsRegion}`,
    why,
    `Name another one with --into, or delete it once nobody needs it (${deletion(region.awsRegion, into)})`,
  );
}

export const deletion = (awsRegion: string, table: string): string =>
  `aws dynamodb delete-table --region ${awsRegion} --table-name ${table}`;

function checkWindow({ enabled, earliestMs, latestMs }: Window, { table, region, toMs }: RestoreRequest): void {
  if (!enabled || earliestMs === null || latestMs === null)
    throw new InputError(
      `table ${table} in ${region.awsRegion}`,
      'has no point-in-time recovery, so no earlier state of it is kept',
      "Apply the stack, which turns it on (dr preflight shows it); what was before then is lost. Another region's replica may have it: --region",
    );
  if (toMs >= earliestMs && toMs <= latestMs) return;
  throw new InputError(
    `--to ${isoOf(toMs)}`,
    `is outside the recovery window of ${table} in ${region.awsRegion}, ${isoOf(earliestMs)} to ${isoOf(latestMs)}`,
    toMs > latestMs
      ? 'Give a time in it, or wait: the window ends about 5 minutes ago'
      : 'Give a time in it: DynamoDB keeps at most 35 days, and nothing from before recovery was turned on',
  );
}

const notMade = ({ into, region }: RestoreRequest, table: RestoredTable | undefined): Refused =>
  new Refused(
    `The table ${into} in ${region.awsRegion} was not restored: ${table ? `its state is ${table.status}` : 'it is gone'}. ` +
      'Nothing was written to the table in use. Look at it in the DynamoDB console, delete it and run the command again.',
  );
