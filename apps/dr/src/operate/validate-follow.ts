// A validation run from its start to its end: each call lets the function work for one invocation's time and says how far it is.
import type { ValidationReport } from '@dr/consistency';
import { orRefused, Refused, Unavailable } from './operator';

export interface Validator {
  /** Short name. */
  readonly region: string;
  /** Rejects with Unavailable when nobody has answered. */
  invoke(event: object): Promise<ValidationReport>;
  /** Milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

const SOURCE = { source: 'dr validate' };
/** While another invocation works on the run, and while it waits for a replica. */
const BUSY_MS = 2_000;
const WAITING_MS = 5_000;
/** The run goes on by its schedule whatever becomes of us: only one that does not get on is given up. */
const NO_PROGRESS_MS = 600_000;

/** Starts a run and resolves with its report once it is finished. */
export async function followRun(
  validator: Validator,
  onProgress: (report: ValidationReport) => void,
): Promise<ValidationReport> {
  let report = await begin(validator);
  const { run } = report;
  let movedMs = validator.now();
  let moved = '';
  for (;;) {
    if (report.run !== run || report.status === 'idle') throw replaced(validator.region, run, report);
    if (report.status === 'finished') return report;
    onProgress(report);
    const { items, pages, open } = report.progress;
    if (moved !== `${items} ${pages} ${open}`) {
      moved = `${items} ${pages} ${open}`;
      movedMs = validator.now();
    } else if (validator.now() - movedMs > NO_PROGRESS_MS) throw stuck(validator.region, report);
    if (report.busy) await validator.sleep(BUSY_MS);
    if (report.progress.waitingFor !== undefined) await validator.sleep(WAITING_MS);
    report = await goOn(validator, report);
  }
}

const begin = (validator: Validator): Promise<ValidationReport> =>
  orRefused(
    validator.invoke(SOURCE),
    '. Where the function was reached, a run has begun and goes on by itself; nothing else has happened. Try again, or let ' +
      'another region compare with --region.',
  );

/** The last report again while nobody answers. */
async function goOn(validator: Validator, report: ValidationReport): Promise<ValidationReport> {
  try {
    return await validator.invoke({ ...SOURCE, run: report.run });
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    await validator.sleep(WAITING_MS);
    return report;
  }
}

const replaced = (region: string, run: string | null, { run: other, startedAt }: ValidationReport): Refused =>
  new Refused(
    `Run ${run ?? ''} of ${region} was given up for run ${other ?? '(none)'}, which began at ${startedAt ?? 'no time'}: a recovery, ` +
      'a deployment or somebody else has asked for one that begins later. Its outcome goes to the alert topic; run dr validate again for one of your own.',
  );

const stuck = (region: string, { run, progress }: ValidationReport): Refused =>
  new Refused(
    `Run ${run ?? ''} of ${region} has not got on for ${NO_PROGRESS_MS / 60_000} minutes` +
      `${progress.waitingFor === undefined ? '' : ` (${progress.waitingFor})`}. It goes on by its schedule when it can; look at the ` +
      "function's log.",
  );
