// Lambda's queue of asynchronous events (FN-04): throttles, a concurrency of 0, long queues and events that come twice.
import { AsyncQueue, type AsyncResult, type FailedEvent } from '../services/lambda/async';
import { functionArn, functionWorld } from './function-fixtures';
import { worldOf, type PlainResource } from './fixtures';

const TOPIC = 'arn:aws:sns:ap-south-1:123456789012:failed';
const QUEUE = 'arn:aws:sqs:ap-south-1:123456789012:dead';
const HOUR_MS = 3_600_000;

/** A queue alone, with a function that answers as given. */
function queueOf(answer: (n: number) => AsyncResult, maxAgeMs = 6 * HOUR_MS) {
  const world = worldOf();
  const calls: { readonly n: number; readonly atMs: number }[] = [];
  const failed: FailedEvent[] = [];
  const queue = new AsyncQueue(world, 'ap-south-1', {
    run: ({ payload }) => {
      calls.push({ n: Number(payload), atMs: world.scheduler.now() });
      return Promise.resolve(answer(Number(payload)));
    },
    onFailed: (event) => failed.push(event),
  });
  const config = { maxRetries: 2, maxAgeMs, onFailureArn: undefined };
  const add = (n: number): void => queue.add({ functionArn: functionArn('f'), payload: n, trigger: 'test', config });
  const pass = (ms: number): Promise<void> => world.scheduler.runUntil(world.scheduler.now() + ms);
  /** Seconds between the attempts at that event. */
  const pauses = (n: number): number[] =>
    calls
      .filter((call) => call.n === n)
      .map(({ atMs }, i, all) => Math.round((atMs - (all[i - 1]?.atMs ?? atMs)) / 1_000))
      .slice(1);
  return { add, pass, calls, failed, pauses };
}

test('FN-04 throttles are tried again after 1 s, then ever longer up to 5 minutes, for 6 hours', async () => {
  const { add, pass, pauses, failed } = queueOf(() => ({ kind: 'throttled' }));
  add(1);
  await pass(5.9 * HOUR_MS);
  expect(pauses(1).slice(0, 12)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  expect(failed).toEqual([]);
  await pass(0.2 * HOUR_MS);
  expect(failed).toMatchObject([{ condition: 'EventAgeExceeded', message: 'throttled' }]);
});

test('FN-04 a long queue stretches the pauses, and a short one does not', async () => {
  const crowd = async (size: number): Promise<number[]> => {
    const { add, pass, pauses } = queueOf(() => ({ kind: 'throttled' }));
    for (let n = 0; n < size; n += 1) add(n);
    await pass(120_000);
    return pauses(0).slice(0, 4);
  };
  expect(await crowd(50)).toEqual([1, 2, 4, 8]);
  expect(await crowd(500)).toEqual([5, 10, 20, 40]);
});

test('FN-04 an event rarely comes twice, though the function has done it', async () => {
  const { add, pass, calls } = queueOf(() => ({ kind: 'ok', payload: null }));
  for (let n = 0; n < 100_000; n += 1) {
    add(n);
    // Not all at once: each event is taken off the queue before the next comes.
    if (n % 1_000 === 999) await pass(1_000);
  }
  await pass(120_000);
  const twice = calls.length - 100_000;
  expect(twice).toBeGreaterThan(0);
  expect(twice).toBeLessThan(40);
  const seen = new Set(calls.map(({ n }) => n));
  expect(seen.size).toBe(100_000);
});

test('FN-04 with a reserved concurrency of 0 an event goes to the destination and the dead-letter queue, with no attempt', async () => {
  const settings: PlainResource = {
    type: 'aws_lambda_function_event_invoke_config',
    name: 'async',
    awsRegion: 'ap-south-1',
    values: {
      ...{ function_name: 'f', qualifier: 'live' },
      destination_config: [{ on_failure: [{ destination: TOPIC }] }],
    },
  };
  const world = functionWorld({
    code: { f: 'exports.handler = async () => 1;' },
    values: { reserved_concurrent_executions: 0, dead_letter_config: [{ target_arn: QUEUE }] },
    resources: [settings],
  });
  world.functions.invokeAsync(`${functionArn('f')}:live`, { n: 1 }, 'sns');
  await world.pass(1_000);
  const record = JSON.parse(world.published[0]?.body ?? '{}') as Record<string, unknown>;
  expect(record).toMatchObject({
    requestContext: { condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 },
    requestPayload: { n: 1 },
  });
  expect(record).not.toHaveProperty('responsePayload');
  expect(world.queued).toEqual([QUEUE]);
  expect(world.world.events.ofKind('invocation')).toEqual([]);
  await world.pass(6 * HOUR_MS);
  expect([world.published.length, world.queued.length]).toEqual([1, 1]);
  // Who waits for the answer is throttled, as before.
  expect((await world.call('f')).kind).toBe('throttled');
});

test('FN-04 while the region is dark such an event waits, as every other', async () => {
  const world = functionWorld({
    code: { f: 'exports.handler = async () => 1;' },
    values: { reserved_concurrent_executions: 0, dead_letter_config: [{ target_arn: QUEUE }] },
  });
  const dark = { kind: 'region-dark', region: 'mumbai', startSeconds: 0, durationSeconds: 60 } as const;
  world.world.faults.start(dark);
  world.functions.invokeAsync(functionArn('f'), {}, 'sns');
  await world.pass(60_000);
  expect(world.queued).toEqual([]);
  world.world.faults.end(dark);
  await world.pass(64_000);
  expect(world.queued).toEqual([QUEUE]);
});
