// Registers: which writes were overwritten by one that was made without knowing of them.
import { acknowledgedVersions } from '../../measure/measure';
import { clientItems, versionKey } from '../../run/run-record';
import type { RunRecord, VersionName } from '../../system-under-drill';

/** A write is kept if it is what an item holds at the end in one of `regions`, or if that was written upon it, directly or through others. */
export function keptVersions(run: RunRecord, regions = run.regions): ReadonlySet<string> {
  const upon = writtenUpon(run);
  const kept = new Set<string>();
  const open = regions.flatMap((region) => clientItems(run, region).map(versionKey));
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (kept.has(key)) continue;
    kept.add(key);
    open.push(...(upon.get(key) ?? []));
  }
  return kept;
}

/** Of each write, what its region's replica held then of the item. More than one where a client has sent it again. */
function writtenUpon({ events }: RunRecord): ReadonlyMap<string, ReadonlySet<string>> {
  const held = new Map<string, string>();
  const upon = new Map<string, Set<string>>();
  for (const event of events) {
    if (event.kind !== 'item-written' && event.kind !== 'item-replicated') continue;
    const place = `${event.region}\n${event.id}`;
    const key = versionKey(event);
    if (event.kind === 'item-written') {
      const before = held.get(place);
      const known = upon.get(key) ?? new Set();
      upon.set(key, before === undefined ? known : known.add(before));
    }
    if (event.kind === 'item-written' || event.applied) held.set(place, key);
  }
  return upon;
}

/** Acknowledged writes that are not kept. */
export function lostUpdates(run: RunRecord): VersionName[] {
  const kept = keptVersions(run);
  return [...acknowledgedVersions(run)]
    .filter((key) => !kept.has(key))
    .map((key) => {
      const [id = '', timestamp = ''] = key.split('\n');
      return { id, timestamp };
    });
}
