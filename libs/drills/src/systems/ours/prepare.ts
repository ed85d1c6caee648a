// What the stack needs before it runs: a key for the API, and records of a system that has been in service for long.
import { newHead, newRun, type RunHead } from '@dr/consistency';
import type { StateRecord } from '@dr/contracts/system';
import { newStateRecord } from '@dr/failover';
import type { Twin } from '@dr/twin';
import { issueApiKey } from './api-key';
import { plantBadRecords } from './bad-records';

export async function prepare(twin: Twin, { inService }: { readonly inService: readonly string[] }): Promise<void> {
  plantBadRecords(twin);
  issueApiKey(twin);
  await enterService(twin, inService);
}

/**
 * The region's own record says that it serves. Without it a drill would begin with the first start of a new system, in
 * which the second region waits until it has caught up with the first: minutes that say nothing of a loss.
 */
async function enterService({ world, dynamodb }: Twin, inService: readonly string[]): Promise<void> {
  const nowMs = world.scheduler.epochNow();
  for (const { name, awsRegion } of world.regions.filter((region) => inService.includes(region.name))) {
    const record: StateRecord = { ...newStateRecord(name, nowMs), state: 'serving', stateSinceMs: nowMs };
    // Its replicas were last compared just now: the next run is not due before the drill is over.
    const peers = world.regions.flatMap((peer) => (peer.name === name ? [] : [peer.name]));
    const run = newRun({ id: `${name}-1`, startedAtMs: nowMs, settleMs: 0, peers });
    const compared: RunHead = { ...newHead(name), version: 1, run, finishedAtMs: nowMs, passed: true };
    // A stack without a table, or a region without its replica, is what the drill is to find.
    for (const item of [record, compared]) await dynamodb.put(awsRegion, { ...item }).catch(() => false);
  }
}
