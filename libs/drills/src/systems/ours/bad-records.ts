// Control records that somebody else writes into a region's table: forged, broken, or in the place of the system's own.
import { CONTROL_ID, failoverKey, orderKey, presenceKey, stateKey, validationKey } from '@dr/contracts/system';
import type { RegionId, Twin } from '@dr/twin';

const EVERY_MS = 4_000;

/** One of them every few seconds while the fault lasts, the first at once. */
export function plantBadRecords({ world, dynamodb }: Twin): void {
  world.faults.onStart((fault) => {
    if (fault.kind !== 'bad-records') return;
    const records = forgedFor(fault.region, world.regions);
    const awsRegion = world.regionNames.awsRegionOf(fault.region);
    const plant = (at: number): void => {
      if (!world.faults.hits('bad-records', awsRegion)) return;
      const record = records[at % records.length];
      // Where the region does not answer, nobody writes.
      if (record) void dynamodb.put(awsRegion, { id: CONTROL_ID, planted: true, ...record }).catch(() => false);
      world.scheduler.after(EVERY_MS, () => plant(at + 1));
    };
    world.scheduler.after(0, () => plant(0));
  });
}

function forgedFor(region: string, regions: readonly RegionId[]): readonly Readonly<Record<string, unknown>>[] {
  const peer = regions.find(({ name }) => name !== region)?.name ?? region;
  const order = { writer: peer, target: region, kind: 'evacuate' };
  return [
    { timestamp: stateKey(region), region, version: '7', state: ['serving'] },
    { timestamp: orderKey(peer, region), ...order, number: 1e100, expiresAtMs: 1e100 },
    { timestamp: failoverKey(region), writer: region, version: null, regions: 'none' },
    { timestamp: stateKey('atlantis'), region: 'atlantis', version: 1, sequence: 1, state: 'serving', reached: true },
    { timestamp: stateKey(region), region, version: 1e100, sequence: -1, beatAtMs: 9e15 },
    { timestamp: orderKey('\u001b[31m', region), ...order, number: Number.MAX_SAFE_INTEGER, expiresAtMs: 8e15 },
    { timestamp: presenceKey(region), region, version: {}, sinceMs: -1 },
    { timestamp: validationKey(region), region, passed: 'yes', startedAtMs: 1e300 / 1e200 },
    { timestamp: 'state#constructor', region: 'constructor', version: true },
    { timestamp: failoverKey(peer), writer: peer, version: 1e100, regions: { [region]: { incident: 1e100 } } },
  ];
}
