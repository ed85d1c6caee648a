// What a region that is gone for good takes with it: acknowledged writes that some or all of the others never got.
import {
  clientItems,
  faultStartMs,
  goneRegions,
  ofKind,
  regionsLeft,
  versionKey,
  type FaultRun,
} from '../run/run-record';
import type { RunRecord, VersionName } from '../system-under-drill';
import { acknowledgedVersions } from './measure';

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
  const got = ofKind(run.events, 'item-replicated').filter(({ applied }) => applied);
  const left = regionsLeft(run).map(
    (region) =>
      new Set([...clientItems(run, region), ...got.filter((event) => event.region === region)].map(versionKey)),
  );
  return new Set(
    ofKind(run.events, 'item-written')
      .filter((event) => gone.includes(event.region) && run.system.isClientData(event))
      .map(versionKey)
      .filter((key) => left.some((replica) => !replica.has(key))),
  );
}

/** Ages are those at the loss. */
export function leftBehind(run: FaultRun): LeftBehind {
  const behind = leftBehindKeys(run);
  const acknowledged = acknowledgedVersions(run);
  const left = regionsLeft(run).map((region) => new Set(clientItems(run, region).map(versionKey)));
  const written = ofKind(run.events, 'item-written').filter((event) => {
    const key = versionKey(event);
    return event.region === run.fault.region && behind.has(key) && acknowledged.has(key);
  });
  const isNowhere = (event: VersionName): boolean => left.every((replica) => !replica.has(versionKey(event)));
  return {
    lost: written
      .filter(isNowhere)
      .map(({ id, timestamp, atMs }) => ({ id, timestamp, ageSeconds: (faultStartMs(run) - Math.round(atMs)) / 1000 })),
    apart: written.filter((event) => !isNowhere(event)).map(({ id, timestamp }) => ({ id, timestamp })),
  };
}
