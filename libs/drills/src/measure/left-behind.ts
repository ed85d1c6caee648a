// What a region that is gone for good takes with it: acknowledged writes that some or all of the others never got.
import {
  clientItems,
  faultStartMs,
  goneRegions,
  lackedBy,
  ofKind,
  partsOf,
  regionsLeft,
  versionKey,
  type FaultRun,
} from '../run/run-record';
import type { RunRecord, VersionName } from '../system-under-drill';
import { acknowledgedOf } from './measure';

export interface LeftBehind {
  /** Acknowledged, and in no region that is left. */
  readonly lost: readonly (VersionName & { readonly ageSeconds: number })[];
  /** Acknowledged, and in some of the regions that are left: nobody brings them to the others. */
  readonly apart: readonly VersionName[];
}

/** Keys of versions that were written in a region that is gone, and that a region that is left never got and does not have. */
export function leftBehindKeys(run: RunRecord): ReadonlySet<string> {
  const gone = goneRegions(run);
  if (gone.length === 0) return new Set();
  const got = ofKind(run.events, 'item-replicated').where(({ applied }) => applied);
  const sent = ofKind(run.events, 'item-written').where(
    (event) => gone.includes(event.region) && run.system.isClientData(event),
  );
  const behind = new Set<string>();
  for (const isIn of partsOf(run)) {
    const written = sent.where(({ id }) => isIn(id)).setOf(versionKey);
    for (const region of regionsLeft(run)) {
      const lacked = lackedBy(clientItems(run, region), written);
      for (const key of lackedBy(
        got.where((event) => event.region === region),
        lacked,
      ))
        behind.add(key);
    }
  }
  return behind;
}

/** Ages are those at the loss. */
export function leftBehind(run: FaultRun): LeftBehind {
  const behind = leftBehindKeys(run);
  const written = ofKind(run.events, 'item-written').filter(
    (event) => event.region === run.fault.region && behind.has(versionKey(event)),
  );
  const acknowledged = acknowledgedOf(run, written);
  const told = written.filter((event) => acknowledged.has(versionKey(event)));
  const nowhere = regionsLeft(run).reduce((lacked, region) => lackedBy(clientItems(run, region), lacked), acknowledged);
  return {
    lost: told
      .filter((event) => nowhere.has(versionKey(event)))
      .map(({ id, timestamp, atMs }) => ({ id, timestamp, ageSeconds: (faultStartMs(run) - Math.round(atMs)) / 1000 })),
    apart: told.filter((event) => !nowhere.has(versionKey(event))).map(({ id, timestamp }) => ({ id, timestamp })),
  };
}
