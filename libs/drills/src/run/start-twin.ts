// The twin of a stack behind the port that drills use: standing as after a long time in service, or just being applied.
import { CONTROL_ID, LIVE_ALIAS, stateKey, type FunctionName, type StateRecord } from '@dr/contracts/system';
import { newHead, newRun, type RunHead } from '@dr/consistency';
import type { Graph } from '@dr/terraform-json';
import { Twin as StackTwin } from '@dr/twin';
import { versionKey } from './run-record';
import type { OperableTwin, ReplicaItem, Twin, UnreplicatedWrite } from './twin-port';

/** Throws InputError on what the stack gets wrong. No time passes before `start()`. */
export async function startTwin(options: { readonly graph: Graph; readonly seed: number }): Promise<OperableTwin> {
  return inService(new StackTwin(options));
}

/** The same of a twin already made, for those who look inside it as well. */
export async function inService(twin: StackTwin): Promise<OperableTwin> {
  await enterService(twin);
  return behindPort(twin);
}

/** Of an empty account in which Terraform has just begun to apply the stack. Throws InputError as startTwin does. */
export const beingApplied = (options: { readonly graph: Graph; readonly seed: number }): Twin =>
  behindPort(new StackTwin({ ...options, firstApply: true }));

function behindPort(twin: StackTwin): OperableTwin {
  const { world, internet, shape, notModelled, apiKey, dynamodb } = twin;
  return {
    world,
    internet,
    ...shape,
    notModelled,
    apiKey,
    start: () => twin.start(),
    replicas: {
      items: (region) => orNothing(() => dynamodb.items(region) as unknown as readonly ReplicaItem[]),
      unreplicated: (region) => orNothing(() => onNoOther(twin, region)),
    },
    control: {
      read: (region) => dynamodb.query(region, CONTROL_ID) as Promise<readonly ReplicaItem[] | undefined>,
      put: (region, record) => dynamodb.put(region, { ...record }),
    },
    invoke: (region, functionName, payload) => invoke(twin, region, functionName, payload),
    setApiKeys: (keys) => {
      for (const name of twin.secrets.names()) twin.secrets.setSecret(name, JSON.stringify(keys));
    },
  };
}

/**
 * Every region's own record says that it serves. Without it a drill would begin with the first start of a new system, in
 * which the second region waits until it has caught up with the first: minutes that say nothing of a loss.
 */
async function enterService({ world, dynamodb }: StackTwin): Promise<void> {
  const nowMs = world.scheduler.epochNow();
  for (const { name } of world.regions) {
    const record: StateRecord = {
      id: CONTROL_ID,
      timestamp: stateKey(name),
      region: name,
      version: 1,
      sequence: 1,
      beatAtMs: nowMs,
      state: 'serving',
      leaving: null,
      leavingSinceMs: null,
      closed: 0,
      reached: true,
      lastProbeAtMs: nowMs,
      grants: {},
      stateSinceMs: nowMs,
    };
    // Its replicas were last compared just now: the next run is not due before the drill is over.
    const peers = world.regions.flatMap((peer) => (peer.name === name ? [] : [peer.name]));
    const run = newRun({ id: `${name}-1`, startedAtMs: nowMs, settleMs: 0, peers });
    const compared: RunHead = { ...newHead(name), version: 1, run, finishedAtMs: nowMs, passed: true };
    // A stack without a table, or a region without its replica, is what the drill is to find.
    for (const item of [record, compared]) await dynamodb.put(name, { ...item }).catch(() => false);
  }
}

const STEP_MS = 100;

/** Time passes until the function has answered. */
async function invoke(
  { world, lambda }: StackTwin,
  region: string,
  functionName: FunctionName,
  payload: unknown,
): Promise<unknown> {
  const { scheduler } = world;
  const service = lambda.in(world.regions.find(({ name }) => name === region)?.awsRegion ?? region);
  const arn = service?.arnOf(functionName, LIVE_ALIAS);
  if (!service || !arn) throw new Error(`${region} has no function ${functionName}`);
  let result: Awaited<ReturnType<typeof service.invoke>> | undefined;
  void service.invoke(arn, payload, 'operator').then((answer) => (result = answer));
  while (!result) await scheduler.runUntil(scheduler.now() + STEP_MS);
  if (result.kind === 'ok') return result.payload;
  throw new Error(`${functionName} of ${region}: ${'message' in result ? result.message : result.kind}`);
}

/** A region without a replica holds nothing. */
function orNothing<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch {
    return [];
  }
}

/** Writes of the region that every other one still lacks. */
function onNoOther({ world, dynamodb }: StackTwin, region: string): readonly UnreplicatedWrite[] {
  const [first = [], ...others] = world.regions
    .filter(({ name }) => name !== region)
    .map(({ name }) => dynamodb.unreplicated(region, name));
  const lacking = others.map((writes) => new Set(writes.map(versionKey)));
  return first.filter((write) => lacking.every((keys) => keys.has(versionKey(write))));
}
