// Lambda: one test per rule (FN-01 to FN-04), faults, and what a bundle sees of the world around it.
import { InputError, type FaultKind } from '@dr/contracts';
import { EPOCH_MS } from '../kernel/scheduler';
import { COLD_START_MS, IDLE_LIFETIME_MS } from '../services/lambda/lambda';
import { Concurrency } from '../services/lambda/concurrency';
import { functionArn, functionWorld, oneHost, type FunctionWorld } from './function-fixtures';
import type { PlainResource } from './fixtures';

const fault = (kind: FaultKind, functionName?: string) => ({
  kind,
  region: 'mumbai',
  startSeconds: 0,
  durationSeconds: 1,
  ...(functionName ? { functionName } : {}),
});

const WAIT = 'const wait = (ms) => new Promise((r) => setTimeout(r, ms));';
/** Tells its environment by a number drawn at its start, and how often it was called. */
const COUNTER = `${WAIT} const me = Math.random(); let calls = 0;
  exports.handler = async (event) => { calls += 1; await wait(event.ms ?? 0); return { me, calls }; };`;
const THROWS = `exports.handler = async () => { throw new TypeError('no'); };`;

const payloadOf = async (world: FunctionWorld, name: string, payload?: unknown): Promise<Counted> => {
  const result = await world.call(name, payload);
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result));
  return result.payload as Counted;
};
type Counted = { me: number; calls: number } & Record<string, unknown>;

const outcomes = (world: FunctionWorld): string[] =>
  world.world.events.ofKind('invocation').map(({ outcome }) => outcome);
const sum = (world: FunctionWorld, name: string): number =>
  world.metrics.filter((datum) => datum.name === name).reduce((total, { value }) => total + value, 0);

describe('environments', () => {
  test('FN-01 an environment takes one request at a time, and its state lives on', async () => {
    const world = functionWorld({ code: { f: COUNTER } });
    const both = [world.start('f', { ms: 500 }), world.start('f', { ms: 500 })];
    await world.pass(2_000);
    const payloads = both.map(({ result }) => (result() as { payload: Counted }).payload);
    expect(new Set(payloads.map(({ me }) => me)).size).toBe(2);
    const third = await payloadOf(world, 'f');
    expect(payloads.map(({ me }) => me)).toContain(third.me);
    expect(third.calls).toBe(2);
    expect(world.world.events.ofKind('invocation').map(({ cold }) => cold)).toEqual([true, true, false]);
  });

  test('FN-01 the most recently used environment is taken first; an idle one goes in the end', async () => {
    const world = functionWorld({ code: { f: COUNTER } });
    world.start('f', { ms: 500 });
    world.start('f', { ms: 900 });
    await world.pass(3_000);
    const latest = world.world.events.ofKind('invocation').at(-1)?.environment;
    await payloadOf(world, 'f');
    expect(world.world.events.ofKind('invocation').at(-1)?.environment).toBe(latest);
    await world.pass(IDLE_LIFETIME_MS + 1);
    expect((await payloadOf(world, 'f')).calls).toBe(1);
  });

  test('FN-01 frozen between invocations: a timer that falls due then fires at the next one', async () => {
    const code = `let firedAt = []; exports.handler = async () => {
      setTimeout(() => firedAt.push(Date.now()), 1000); await null; return { now: Date.now(), firedAt: [...firedAt] }; };`;
    const world = functionWorld({ code: { f: code } });
    await payloadOf(world, 'f');
    await world.pass(60_000);
    const second = (await payloadOf(world, 'f')) as unknown as { now: number; firedAt: number[] };
    expect(second.firedAt).toEqual([second.now]);
    expect(second.now).toBeGreaterThan(EPOCH_MS + 60_000);
  });

  test('FN-01 a cold start takes its time, a warm one a few milliseconds', async () => {
    const world = functionWorld({ code: { f: COUNTER } });
    for (let i = 0; i < 200; i += 1) {
      world.start('f');
      await world.pass(IDLE_LIFETIME_MS + 1_000);
    }
    for (let i = 0; i < 200; i += 1) await world.call('f');
    const took = world.world.events
      .ofKind('invocation')
      .map(({ atMs, startedMs, cold }) => ({ ms: atMs - startedMs, cold }));
    const median = (cold: boolean): number => {
      const times = took.filter((one) => one.cold === cold).map(({ ms }) => ms);
      return times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
    };
    expect(Math.abs(median(true) - COLD_START_MS.median)).toBeLessThan(25);
    expect(median(false)).toBeLessThan(5);
  });

  test('metrics count an invocation and an error; the duration leaves out the start', async () => {
    const world = functionWorld({
      code: { f: `${WAIT} exports.handler = async () => { await wait(70); throw new Error('no'); }` },
    });
    await world.call('f');
    const values = Object.fromEntries(world.metrics.map(({ name, value }) => [name, value]));
    expect(values).toEqual({
      Invocations: 1,
      Errors: 1,
      Throttles: 0,
      Duration: expect.closeTo(70, 6),
      ConcurrentExecutions: 1,
    });
    expect(new Set(world.metrics.map(({ dimensions }) => JSON.stringify(dimensions)))).toEqual(
      new Set(['{"FunctionName":"f"}']),
    );
  });

  test('FN-02 a timeout ends the invocation and the environment, whose timers never fire', async () => {
    const code = `const me = Math.random(); exports.handler = async (event) => {
      setInterval(() => console.log('alive'), 700); await new Promise((r) => setTimeout(r, event.ms)); return { me }; };`;
    const world = functionWorld({ code: { f: code }, values: { timeout: 2 } });
    const result = await world.call('f', { ms: 5_000 });
    expect(result).toEqual({
      kind: 'function-error',
      errorType: 'Sandbox.Timedout',
      message: 'Task timed out after 2.00 seconds',
    });
    const [event] = world.world.events.ofKind('invocation');
    expect(event).toMatchObject({ outcome: 'timeout', cold: true });
    expect(world.lines).toHaveLength(2);
    await world.pass(60_000);
    expect(world.lines).toHaveLength(2);
    await world.call('f', { ms: 0 });
    expect(world.world.events.ofKind('invocation').map(({ cold }) => cold)).toEqual([true, true]);
  });

  test('FN-03 the account runs 1,000 invocations at once; the next is throttled', async () => {
    const world = functionWorld({ code: { f: `exports.handler = () => new Promise((r) => setTimeout(r, 9000));` } });
    const started = Array.from({ length: 1_001 }, () => world.start('f'));
    await world.pass(1);
    expect(started.map(({ result }) => result()?.kind)).toEqual([
      ...Array.from({ length: 1_000 }, () => undefined),
      'throttled',
    ]);
    expect(sum(world, 'Throttles')).toBe(1);
    await world.pass(12_000);
    expect((await world.call('f')).kind).toBe('ok');
  });

  test('FN-03 a function gets 1,000 new environments at once, and 100 more each second', async () => {
    const world = functionWorld({ code: { f: COUNTER }, values: { timeout: 1 } });
    for (let i = 0; i < 950; i += 1) world.start('f', { ms: 2_000 });
    await world.pass(3_000);
    // 50 are left, and 3 s have brought 300 back. All that ran is gone: each has timed out.
    const second = Array.from({ length: 600 }, () => world.start('f'));
    await world.pass(2_000);
    const kinds = second.map(({ result }) => result()?.kind);
    expect([kinds.filter((kind) => kind === 'ok').length, kinds.filter((kind) => kind === 'throttled').length]).toEqual(
      [350, 250],
    );
  });

  const F = { name: 'f', logicalName: 'f', reservedConcurrency: undefined };

  test('FN-03 the account takes ten synchronous requests a second for each execution at once, however short they are', () => {
    const concurrency = new Concurrency([F]);
    let passed = 0;
    for (let ms = 0; ms < 3_000; ms += 0.05) {
      if (!concurrency.enter(F, ms)) continue;
      passed += 1;
      concurrency.leave(F, ms, ms);
    }
    // A second's worth at first, and 10,000 a second.
    expect(Math.abs(passed - 40_000)).toBeLessThan(10);
  });

  test('FN-03 events from a queue are not counted by the second, and share the executions', () => {
    const concurrency = new Concurrency([F, { ...F, name: 'g' }]);
    for (let i = 0; i < 11_000; i += 1) {
      expect(concurrency.enter(F, 0, 'asynchronous')).toBe(true);
      concurrency.leave(F, 0, 0);
    }
    // They have taken nothing of what synchronous ones may take in that second, and pass when those have taken it all.
    const synchronous = Array.from({ length: 11_000 }).filter(() => {
      if (!concurrency.enter(F, 0)) return false;
      concurrency.leave(F, 0, 0);
      return true;
    });
    expect(synchronous).toHaveLength(10_000);
    for (let i = 0; i < 1_000; i += 1) expect(concurrency.enter(F, 0, 'asynchronous')).toBe(true);
    expect(concurrency.enter({ ...F, name: 'g' }, 0, 'asynchronous')).toBe(false);
  });

  test('FN-03 functions share the requests of the account; a reservation has its own', () => {
    const reserved = { name: 'r', logicalName: 'r', reservedConcurrency: 10 };
    const concurrency = new Concurrency([F, { ...F, name: 'g' }, reserved]);
    const passes = (fn: typeof F | typeof reserved): boolean => {
      if (!concurrency.enter(fn, 0)) return false;
      concurrency.leave(fn, 0, 0);
      return true;
    };
    const count = (fn: typeof F | typeof reserved): number =>
      Array.from({ length: 12_000 }).filter(() => passes(fn)).length;
    expect([count(F), count({ ...F, name: 'g' }), count(reserved)]).toEqual([9_900, 0, 100]);
  });

  test('FN-03 a new account has less; 100 must stay unreserved', () => {
    const small = new Concurrency([F], { load: { perRequest: 1, accountConcurrency: 10 } });
    expect(Array.from({ length: 12 }).filter(() => small.enter(F, 0)).length).toBe(10);
    const reserving = { ...F, reservedConcurrency: 901 };
    const given = { load: { perRequest: 1, accountConcurrency: 1_000 } };
    expect(() => new Concurrency([reserving], given)).toThrow(
      /reserve 901 executions at once.*100 must stay unreserved.*Reserve 900 at most, or raise the quota of the account to 1001/,
    );
    expect(() => new Concurrency([{ ...F, reservedConcurrency: 900 }], given)).not.toThrow();
  });

  test('FN-03 reserved concurrency is the function’s own, and its limit', async () => {
    const world = functionWorld({ code: { f: COUNTER, g: COUNTER }, values: { reserved_concurrent_executions: 2 } });
    const started = ['f', 'f', 'f', 'g'].map((name) => world.start(name, { ms: 100 }));
    await world.pass(2_000);
    expect(started.map(({ result }) => result()?.kind)).toEqual(['ok', 'ok', 'throttled', 'ok']);
  });
});

describe('asynchronous invocation', () => {
  const TOPIC = 'arn:aws:sns:ap-south-1:123456789012:failed';
  const QUEUE = 'arn:aws:sqs:ap-south-1:123456789012:dead';
  const settings = (values: object): PlainResource => ({
    type: 'aws_lambda_function_event_invoke_config',
    name: 'async',
    awsRegion: 'ap-south-1',
    values: { function_name: 'f', qualifier: 'live', ...values },
  });
  const live = `${functionArn('f')}:live`;
  const startedSeconds = (world: FunctionWorld): number[] =>
    world.world.events.ofKind('invocation').map(({ startedMs }) => Math.round(startedMs / 1000));

  test('FN-04 a function error is tried again after 1 and 2 minutes, then goes to the destination and the dead-letter queue', async () => {
    const world = functionWorld({
      code: { f: THROWS },
      values: { dead_letter_config: [{ target_arn: QUEUE }] },
      resources: [settings({ destination_config: [{ on_failure: [{ destination: TOPIC }] }] })],
    });
    world.functions.invokeAsync(live, { n: 1 }, 'sns');
    await world.pass(600_000);
    expect(startedSeconds(world)).toEqual([0, 60, 180]);
    expect(world.published.map(({ topicArn, body }) => [topicArn, JSON.parse(body)])).toMatchObject([
      [
        TOPIC,
        {
          requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
          requestPayload: { n: 1 },
        },
      ],
    ]);
    expect(world.queued).toEqual([QUEUE]);
  });

  test('FN-04 the settings of the alias decide, and end retries early', async () => {
    const world = functionWorld({ code: { f: THROWS }, resources: [settings({ maximum_retry_attempts: 0 })] });
    world.functions.invokeAsync(live, {}, 'sns');
    world.functions.invokeAsync(functionArn('f'), {}, 'sns');
    await world.pass(600_000);
    expect(startedSeconds(world)).toEqual([0, 0, 60, 180]);
  });

  test('FN-04 what the role may not send to its dead-letter queue is lost, and counted', async () => {
    const world = functionWorld({
      code: { f: THROWS },
      values: { dead_letter_config: [{ target_arn: QUEUE }] },
      allowed: [],
    });
    world.functions.invokeAsync(live, {}, 'sns');
    await world.pass(600_000);
    expect(world.world.events.ofKind('denied')).toMatchObject([{ action: 'sqs:SendMessage', resource: QUEUE }]);
    expect([sum(world, 'DeadLetterErrors'), world.queued]).toEqual([1, []]);
  });

  test('FN-04 throttles and a dark region do not use up the retries', async () => {
    const world = functionWorld({ code: { f: COUNTER } });
    const dark = fault('region-dark');
    world.world.faults.start(dark);
    world.functions.invokeAsync(live, {}, 'sns');
    await world.pass(400_000);
    expect(outcomes(world)).toEqual([]);
    world.world.faults.end(dark);
    await world.pass(300_000);
    expect(outcomes(world)).toEqual(['ok']);
  });
});

describe('faults', () => {
  test.each<FaultKind>(['region-dark', 'region-refuses', 'region-slow'])(
    '%s kills every environment of the region; nothing of them runs on',
    async (kind) => {
      const world = functionWorld({
        code: {
          f: COUNTER,
          ticks: `exports.handler = () => new Promise(() => setInterval(() => console.log('t'), 100))`,
        },
      });
      const before = await payloadOf(world, 'f');
      const busy = world.start('ticks');
      await world.pass(1_000);
      const printed = world.lines.length;
      const lost = fault(kind);
      world.world.faults.start(lost);
      await world.pass(100);
      expect(busy.result()).toEqual({ kind: 'unreachable' });
      expect(await world.call('f')).toEqual({ kind: 'unreachable' });
      expect((await world.call('f', {}, 'ap-southeast-1')).kind).toBe('ok');
      world.world.faults.end(lost);
      await world.pass(1_000);
      expect(world.lines).toHaveLength(printed);
      expect((await payloadOf(world, 'f')).me).not.toBe(before.me);
    },
  );

  test('lambda-errors and lambda-throttled hit the function they name, and no other', async () => {
    const code = { api: COUNTER, 'shop-worker': COUNTER };
    const system = { entryFunction: 'api', functionName: (name: string) => name.replace(/^shop-/, '') };
    const world = functionWorld({ code, system });
    world.world.faults.start(fault('lambda-errors'));
    world.world.faults.start(fault('lambda-throttled', 'worker'));
    expect((await world.call('api')).kind).toBe('function-error');
    expect((await world.call('shop-worker')).kind).toBe('throttled');
    expect([sum(world, 'Errors'), sum(world, 'Throttles')]).toEqual([1, 1]);
    expect((await world.call('api', {}, 'ap-southeast-1')).kind).toBe('ok');
  });

  test('a fault that names no function hits all of the region, where no system says which one clients call', async () => {
    const world = functionWorld({ code: { api: COUNTER, worker: COUNTER } });
    world.world.faults.start(fault('lambda-errors'));
    for (const name of ['api', 'worker']) expect((await world.call(name)).kind).toBe('function-error');
  });

  test('bad-deploy recycles the environments, fails every start, and is over when it is rolled back', async () => {
    const world = functionWorld({ code: { 'traffic-router': COUNTER } });
    await world.call('traffic-router');
    const busy = world.start('traffic-router', { ms: 1_000 });
    await world.pass(100);
    const deployed = fault('bad-deploy');
    world.world.faults.start(deployed);
    await world.pass(2_000);
    expect(busy.result()?.kind).toBe('ok');
    for (let i = 0; i < 2; i += 1) expect(await world.call('traffic-router')).toMatchObject({ errorType: 'BadDeploy' });
    world.world.faults.end(deployed);
    expect((await payloadOf(world, 'traffic-router')).calls).toBe(1);
    expect(outcomes(world)).toEqual(['ok', 'ok', 'init-error', 'init-error', 'ok']);
  });

  test('clock-skew moves the clock of the region’s environments by 2 s, and no other', async () => {
    const world = functionWorld({
      code: { f: `exports.handler = async () => ({ now: Date.now(), date: +new Date() })` },
    });
    world.world.faults.start(fault('clock-skew'));
    const aheadMs = async (region: string): Promise<number> => {
      const { payload } = (await world.call('f', {}, region)) as { payload: { now: number; date: number } };
      expect(payload.now).toBe(payload.date);
      return payload.now - EPOCH_MS - world.world.scheduler.now();
    };
    expect(await aheadMs('ap-south-1')).toBeGreaterThan(1_900);
    expect(await aheadMs('ap-southeast-1')).toBeLessThanOrEqual(0);
  });
});

test.each([
  ['clock-behind', -180_000],
  ['clock-ahead', 180_000],
] as const)(
  '%s steps the wall clock of environments by %d ms, and back, and no monotonic clock',
  async (kind, stepMs) => {
    const world = functionWorld({
      code: {
        f: `exports.handler = async () => ({ wallMs: Date.now(), lived: performance.now(), hr: process.hrtime() })`,
      },
    });
    const ask = async () => {
      const { payload } = (await world.call('f')) as {
        payload: { wallMs: number; lived: number; hr: [number, number] };
      };
      return { ...payload, aheadMs: payload.wallMs - world.world.scheduler.epochNow() };
    };
    const before = await ask();
    const stepped = fault(kind);
    world.world.faults.start(stepped);
    const during = await ask();
    world.world.faults.end(stepped);
    const after = await ask();
    for (const [seen, ms] of [
      [before, 0],
      [during, stepMs],
      [after, 0],
    ] as const) {
      expect(Math.abs(seen.aheadMs - ms)).toBeLessThan(1_000);
    }
    expect([before.lived, during.lived, after.lived]).toEqual(
      [before.lived, during.lived, after.lived].sort((a, b) => a - b),
    );
    expect(during.lived - before.lived).toBeLessThan(1_000);
    expect(Math.abs(during.hr[0] - before.hr[0])).toBeLessThan(2);
    // What DynamoDB stamps its writes with is not the clock of a function.
    world.world.faults.start(stepped);
    expect(world.world.faults.clockSkewMs('ap-south-1')).toBe(0);
  },
);

test('the monotonic clock of an environment stands still while it is frozen; its wall clock does not', async () => {
  const world = functionWorld({
    code: { f: `exports.handler = async () => ({ wall: Date.now(), lived: performance.now() })` },
  });
  const ask = async () => ((await world.call('f')) as { payload: { wall: number; lived: number } }).payload;
  const before = await ask();
  await world.pass(60_000);
  const after = await ask();
  expect(after.wall - before.wall).toBeGreaterThanOrEqual(60_000);
  expect(after.lived - before.lived).toBeLessThan(1_000);
});

describe('what a bundle sees', () => {
  const run = async (body: string, options: Partial<Parameters<typeof functionWorld>[0]> = {}) => {
    const world = functionWorld({
      code: { f: `exports.handler = async (event, context) => { ${body} };` },
      ...options,
    });
    return { result: await world.call('f'), world };
  };
  const value = async (body: string, options?: Parameters<typeof run>[1]): Promise<unknown> => {
    const { result } = await run(body, options);
    return result.kind === 'ok' ? result.payload : result;
  };

  test('only the environment variables that Lambda gives', async () => {
    const env = (await value('return process.env', {
      values: { environment: [{ variables: { DR_TABLE: 't' } }] },
    })) as object;
    expect(env).toMatchObject({ DR_TABLE: 't', AWS_REGION: 'ap-south-1', AWS_LAMBDA_FUNCTION_NAME: 'f' });
    expect(env).not.toHaveProperty('PATH');
    expect(env).not.toHaveProperty('HOME');
  });

  test('seeded chance everywhere: the same for a seed, another for another, and for each environment', async () => {
    const body = `const c = require('node:crypto'); return [Math.random(), c.randomUUID(), crypto.randomUUID(), c.randomInt(1e9),
      c.randomBytes(8).toString('hex'), [...crypto.getRandomValues(new Uint8Array(4))], globalThis.Math.random()];`;
    const [one, same, other] = await Promise.all([
      value(body, { seed: 1 }),
      value(body, { seed: 1 }),
      value(body, { seed: 2 }),
    ]);
    expect(one).toEqual(same);
    (one as unknown[]).forEach((drawn, at) => expect(drawn).not.toEqual((other as unknown[])[at]));
    expect((one as unknown[])[1]).not.toBe((one as unknown[])[2]);
  });

  test('virtual time through every door', async () => {
    const body = `const started = Date.now(); const p = performance.now(); const h = process.hrtime.bigint();
      await require('timers/promises').setTimeout(100); await new Promise((r) => setImmediate(r));
      const signal = AbortSignal.timeout(200); await new Promise((r) => signal.addEventListener('abort', r));
      const t = setInterval(() => {}, 10); clearInterval(+t);
      return [Date.now() - started, globalThis.Date.now() - started, Math.round(performance.now() - p),
        Number((process.hrtime.bigint() - h) / 1000000n), new Date() instanceof Date, new Date(0).toISOString(),
        context.getRemainingTimeInMillis()];`;
    expect(await value(body)).toEqual([300, 300, 300, 300, true, '1970-01-01T00:00:00.000Z', 29_700]);
  });

  test('no way to the machine: files, other modules, processes, threads, the network of the host', async () => {
    const body = `const said = {}; const tell = async (name, run) => { try { said[name] = await run() ?? 'nothing'; } catch (e) { said[name] = e.code ?? e.message; } };
      await tell('file', () => require('fs').readFileSync('/etc/passwd'));
      await tell('promise', () => require('node:fs/promises').readFile('/etc/passwd'));
      await tell('child', () => require('child_process').exec('ls'));
      await tell('package', () => require('left-pad'));
      await tell('subtle', () => crypto.subtle.digest('SHA-256', new Uint8Array(1)));
      await tell('exit', () => process.exit(1));
      await tell('fetch', () => typeof fetch + typeof globalThis.fetch + typeof WebSocket);
      await tell('host', () => require('os').hostname());
      return said;`;
    expect(await value(body)).toEqual({
      file: 'ENOENT',
      promise: 'ENOENT',
      child: 'node:child_process.exec is not available to a function in the twin',
      package: 'MODULE_NOT_FOUND',
      subtle: 'crypto.subtle.digest is not available to a function in the twin',
      exit: expect.stringMatching(/process\.exit\(1\)/),
      fetch: 'undefinedundefinedundefined',
      host: 'lambda',
    });
  });

  test('an environment cannot touch another’s globals', async () => {
    const code = `globalThis.shared = (globalThis.shared ?? 0) + 1; Math.mine = 1; Date.mine = 1;
      exports.handler = async () => { await new Promise((r) => setTimeout(r, 50)); return globalThis.shared; };`;
    const world = functionWorld({ code: { f: code } });
    const both = [world.start('f'), world.start('f')];
    await world.pass(1_000);
    expect(both.map(({ result }) => result())).toEqual([
      { kind: 'ok', payload: 1 },
      { kind: 'ok', payload: 1 },
    ]);
    expect(['shared' in globalThis, 'mine' in Math, 'mine' in Date]).toEqual([false, false, false]);
  });

  test('an error nobody caught in a timer ends the environment', async () => {
    const { result, world } = await run(
      `setTimeout(() => { throw new RangeError('late') }, 10); await new Promise(() => {});`,
    );
    expect(result).toEqual({ kind: 'function-error', errorType: 'RangeError', message: 'late' });
    await world.call('f');
    expect(world.world.events.ofKind('invocation').map(({ cold }) => cold)).toEqual([true, true]);
  });

  test('fails a function whose code throws while it starts, or has no handler', async () => {
    const world = functionWorld({ code: { throws: `throw new Error('at start')`, empty: `exports.other = 1` } });
    expect(await world.call('throws')).toMatchObject({ kind: 'function-error', message: 'at start' });
    expect(await world.call('empty')).toMatchObject({ kind: 'function-error', errorType: 'Runtime.HandlerNotFound' });
    expect(outcomes(world)).toEqual(['init-error', 'init-error']);
  });

  test('console lines become records when the log format is JSON; stdout never does', async () => {
    const body = `console.debug('d'); console.log('{"a":1}'); console.error('e %d', 1); process.stdout.write('raw\\n');`;
    const json = { logging_config: [{ log_format: 'JSON', application_log_level: 'INFO' }] };
    const { world } = await run(body, { values: json });
    expect(world.lines.map((line) => (line.startsWith('{') ? JSON.parse(line) : line))).toEqual([
      expect.objectContaining({ level: 'INFO', message: '{"a":1}' }),
      expect.objectContaining({ level: 'ERROR', message: 'e 1' }),
      'raw',
    ]);
    expect((await run(body)).world.lines).toEqual(['d', '{"a":1}', 'e 1', 'raw']);
  });

  test('HTTPS to another host: its answer, its silence, its refusal, its absence', async () => {
    const get = `const https = require('https'); const ask = (url, options = {}) => new Promise((resolve) => {
      const request = https.get(url, options, (response) => { let body = ''; response.on('data', (c) => body += c);
        response.on('end', () => resolve([response.statusCode, response.headers['x-a'], body])); });
      request.on('error', (error) => resolve(error.code ?? error.message)); request.on('timeout', () => request.destroy(new Error('late'))); });`;
    const hosts = oneHost('peer.example.com', async (_from, _answer, target, request) => {
      if (request.path === '/silent') return new Promise(() => {});
      if (request.path === '/refused') return 'refused';
      return {
        status: 200,
        headers: { 'x-a': '1' },
        body: Buffer.from(`${target.protocol}:${target.port}${request.path} ${request.headers['host']}`),
      };
    });
    const body = `${get} const host = 'https://peer.example.com'; return [await ask(host + '/health?x=1'), await ask(host + '/refused'),
      await ask(host + '/silent', { timeout: 500 }), await ask(host + '/silent', { signal: AbortSignal.timeout(100) }), await ask('https://nowhere.example.com/')];`;
    expect(await value(body, { hosts })).toEqual([
      [200, '1', 'https:443/health?x=1 peer.example.com'],
      'ECONNREFUSED',
      'late',
      'ABORT_ERR',
      'ENOTFOUND',
    ]);
  });
});

test.each([
  ['a zip that is not there', '/nowhere/f.zip', 'index.handler', /ENOENT/],
  ['a handler whose file is not in the zip', 'f', 'main.handler', /the zip holds index\.js/],
])('fails to start with %s', (_name, filename, handler, message) => {
  const start = () => functionWorld({ code: { f: COUNTER }, values: { filename, handler } });
  expect(start).toThrow(InputError);
  expect(start).toThrow(message);
});

const TARGET_GROUP = 'arn:aws:elasticloadbalancing:ap-south-1:123456789012:targetgroup/a/1';
const permission = (values: Readonly<Record<string, string>>): PlainResource => ({
  type: 'aws_lambda_permission',
  name: 'alb',
  awsRegion: 'ap-south-1',
  values: {
    action: 'lambda:InvokeFunction',
    function_name: 'f',
    qualifier: 'live',
    principal: 'elasticloadbalancing.amazonaws.com',
    source_arn: 'arn:aws:elasticloadbalancing:ap-south-1:123456789012:targetgroup/a/*',
    ...values,
  },
});

test('a function’s resource policy names who may invoke it, under which alias, from where', () => {
  const { functions } = functionWorld({ code: { f: COUNTER }, resources: [permission({})] });
  const ask = (arn: string, principal = 'elasticloadbalancing.amazonaws.com', from = TARGET_GROUP): boolean =>
    functions.permits(arn, principal, from);
  const live = `${functionArn('f')}:live`;
  expect(ask(live)).toBe(true);
  expect(ask(functionArn('f'))).toBe(false);
  expect(ask(live, 'sns.amazonaws.com')).toBe(false);
  expect(ask(live, undefined, TARGET_GROUP.replace('/a/', '/b/'))).toBe(false);
  expect(ask(`${functionArn('f', 'ap-southeast-1')}:live`)).toBe(false);
});

test.each([
  ['the account of the source', { source_account: '111122223333' }, true],
  ['another account', { source_account: '123456789012' }, false],
  ['every action', { action: 'lambda:*' }, true],
  ['another action', { action: 'lambda:GetFunction' }, false],
])('FN-05 a permission for %s', (_name, values, expected) => {
  const resources = [permission({ source_arn: '*', ...values })];
  const { functions } = functionWorld({ code: { f: COUNTER }, resources });
  const source = TARGET_GROUP.replace('123456789012', '111122223333');
  expect(functions.permits(`${functionArn('f')}:live`, 'elasticloadbalancing.amazonaws.com', source)).toBe(expected);
});
