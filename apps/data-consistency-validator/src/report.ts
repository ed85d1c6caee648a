// What a stored run says: how far it is, and what it has found so far.
import { OpenKeys, ValidationRun, type RunHead, type RunProgress, type ValidationReport } from '@dr/consistency';

/** `busy`: another invocation is at work on it. */
export function reportOf(head: RunHead, busy: boolean): ValidationReport {
  const { run, region, finishedAtMs, passed } = head;
  const time = (ms: number | null | undefined): string | null =>
    ms === null || ms === undefined ? null : new Date(ms).toISOString();
  const finished = run !== null && finishedAtMs !== null;
  return {
    schema: 2,
    region,
    status: run === null ? 'idle' : finished ? 'finished' : 'open',
    busy,
    run: run?.id ?? null,
    startedAt: time(run?.startedAtMs),
    finishedAt: time(run && finishedAtMs),
    passed: finished && passed,
    newer: run?.here.newer ?? 0,
    progress: progressOf(head, finished),
    peers: run ? new ValidationRun(run, new OpenKeys()).reports() : [],
  };
}

function progressOf({ run, invocations, openKeys, waitingFor, lastItems }: RunHead, finished: boolean): RunProgress {
  const items = run?.here.items ?? 0;
  // The table only grows: a run that has read more than the last one did is nearly through.
  const share = finished ? 1 : lastItems === null || lastItems === 0 ? null : Math.min(0.99, items / lastItems);
  return {
    items,
    pages: run?.pages ?? 0,
    invocations,
    share,
    open: openKeys,
    ...(waitingFor === null ? {} : { waitingFor }),
  };
}
