// What DynamoDB takes in a region, and what it throttles: one test a rule of docs/twin.md (CAP-*).
import { InputError } from '@dr/contracts';
import type { LoadScale } from '../load-scale';
import { DynamoDb } from '../services/dynamodb/dynamodb';
import { TableCapacity } from '../services/dynamodb/capacity';
import type { MetricDatum } from '../services/ports';
import { erlangB, shareThrottled } from './capacity-fixtures';
import { graphOf, worldOf } from './fixtures';

const [MUMBAI, SINGAPORE] = ['ap-south-1', 'ap-southeast-1'];
const TABLE = 'items';
const MINUTES = 60_000;

interface TableOptions {
  readonly values?: object;
  readonly load?: LoadScale;
}

function tableOf({ values = {}, load }: TableOptions = {}) {
  const world = worldOf({ load });
  const metrics: MetricDatum[] = [];
  const table = {
    ...{ name: TABLE, billing_mode: 'PAY_PER_REQUEST', hash_key: 'id', attribute: [{ name: 'id', type: 'S' }] },
    ...{ replica: [{ region_name: SINGAPORE }], ...values },
  };
  const dynamo = new DynamoDb(
    world,
    graphOf([{ type: 'aws_dynamodb_table', name: 'items', awsRegion: MUMBAI, values: table }]),
    {
      authorize: { allows: () => true, resourcePolicyAllows: () => true },
      metrics: { put: (datum) => void metrics.push(datum), ingestLogLine: () => undefined },
    },
  );
  const counts = { ok: 0, throttled: 0 };
  const call = (operation: string, input: object, region = MUMBAI): void => {
    const request = {
      ...{ method: 'POST', path: '/', body: Buffer.from(JSON.stringify({ TableName: TABLE, ...input })) },
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260105T000000Z',
        authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
      },
    };
    void dynamo.handle(region, { roleArn: 'r', awsRegion: region, name: 'f' }, request).then(({ status, body }) => {
      if (status === 200) return void (counts.ok += 1);
      expect(body.toString()).toMatch(/ThrottlingException|ProvisionedThroughputExceededException/);
      counts.throttled += 1;
    });
  };
  const pass = (ms: number): Promise<void> => world.scheduler.runUntil(world.scheduler.now() + ms);
  /** So many calls, evenly over so long; the counts of these alone. */
  const over = async (ms: number, total: number, each: (index: number) => void) => {
    const before = { ...counts };
    for (let index = 0; index < total; index += 1) world.scheduler.after((index * ms) / total, () => each(index));
    await pass(ms + 100);
    return { ok: counts.ok - before.ok, throttled: counts.throttled - before.throttled };
  };
  return { world, dynamo, metrics, call, pass, over };
}

const put = (id: string, more: object = {}): object => ({ Item: { id: { S: id }, ...more } });

/** Units a second that pass for good at that time, found by asking. */
function taken(capacity: TableCapacity, use: 'read' | 'write', atMs: number): number {
  let units = 0;
  for (let ms = 0; ms < 4_000; ms += 1) {
    for (let i = 0; i < 200 && capacity.admits(use, undefined, 1, atMs + ms); i += 1) {
      capacity.take(use, undefined, 1, atMs + ms);
      if (ms >= 2_000) units += 1;
    }
  }
  return Math.round(units / 2 / 100) * 100;
}

describe('what a table takes', () => {
  const onDemand = (more: object = {}): ConstructorParameters<typeof TableCapacity>[0] => ({
    ...{ name: TABLE, onDemand: true },
    ...{ reads: { ready: 12_000, most: Infinity }, writes: { ready: 4_000, most: Infinity } },
    ...more,
  });
  const NEW = { load: { perRequest: 1 } };

  test('CAP-01 a new on-demand table takes 4,000 writes and 12,000 reads a second', () => {
    expect(taken(new TableCapacity(onDemand(), NEW), 'write', 0)).toBe(4_000);
    expect(taken(new TableCapacity(onDemand(), NEW), 'read', 0)).toBe(12_000);
  });

  test('CAP-01 a table takes twice its previous peak, and a peak is one after 30 minutes', () => {
    const capacity = new TableCapacity(onDemand(), NEW);
    for (let second = 0; second < 120; second += 1) capacity.take('write', undefined, 3_500, second * 1_000);
    expect(taken(capacity, 'write', 29 * MINUTES)).toBe(4_000);
    expect(taken(capacity, 'write', 35 * MINUTES)).toBe(7_000);
  });

  test('CAP-01 a table that has been in service for long takes twice what its load was', () => {
    const capacity = new TableCapacity(onDemand(), { load: { perRequest: 1, peakShare: 1 } });
    for (let second = 0; second < 30; second += 1) {
      expect(capacity.admits('write', undefined, 1, second * 1_000)).toBe(true);
      capacity.take('write', undefined, 9_000, second * 1_000);
    }
    capacity.settle(1);
    expect(taken(capacity, 'write', 30_000)).toBe(18_000);
  });

  test('CAP-01 warm throughput is taken at once, in every replica', async () => {
    const warm = { warm_throughput: [{ read_units_per_second: 12_000, write_units_per_second: 8_000 }] };
    for (const region of [MUMBAI, SINGAPORE]) {
      const { call, over } = tableOf({ values: warm, load: { perRequest: 100 } });
      const { ok } = await over(0, 100, (index) => call('PutItem', put(`${index}`), region));
      // A second's worth, and what comes while the calls are on their way.
      expect(ok).toBeGreaterThanOrEqual(80);
      expect(ok).toBeLessThanOrEqual(82);
    }
  });

  test('CAP-01 units: 1 KB a write, 4 KB a strong read, half a unit for one that is not', async () => {
    const capped = (key: string) => ({ values: { on_demand_throughput: [{ [key]: 20 }] } });
    const large = tableOf(capped('max_write_request_units'));
    const item = { text: { S: 'x'.repeat(1_500) } };
    const written = await large.over(0, 20, (index) => large.call('PutItem', put(`${index}`, item)));
    expect([10, 11]).toContain(written.ok);
    for (const [ConsistentRead, least] of [
      [true, 20],
      [false, 40],
    ] as const) {
      const { call, over } = tableOf(capped('max_read_request_units'));
      const { ok } = await over(0, 60, (index) => call('GetItem', { Key: { id: { S: `${index}` } }, ConsistentRead }));
      expect([least, least + 1]).toContain(ok);
    }
    // 6 KB are two units of a strong read, and so one of another.
    for (const [ConsistentRead, least] of [
      [true, 10],
      [false, 20],
    ] as const) {
      const { call, over } = tableOf(capped('max_read_request_units'));
      await over(0, 1, () => call('PutItem', put('long', { text: { S: 'x'.repeat(6_000) } })));
      const { ok } = await over(0, 60, () => call('GetItem', { Key: { id: { S: 'long' } }, ConsistentRead }));
      expect([least, least + 1]).toContain(ok);
    }
  });

  test('CAP-02 one partition takes 1,000 writes a second, however much the table takes; others go on', async () => {
    const { call, over } = tableOf();
    const hot = await over(1_000, 3_000, () => call('PutItem', put('control')));
    expect(hot.ok).toBeGreaterThanOrEqual(1_990);
    expect(hot.ok).toBeLessThanOrEqual(2_010);
    expect(await over(1, 10, (index) => call('PutItem', put(`other-${index}`)))).toEqual({ ok: 10, throttled: 0 });
  });

  test('CAP-02 one partition takes 3,000 strong reads a second, by key or by query', async () => {
    const { call, over } = tableOf();
    const query = {
      ...{ KeyConditionExpression: '#h = :h', ConsistentRead: true },
      ...{ ExpressionAttributeNames: { '#h': 'id' }, ExpressionAttributeValues: { ':h': { S: 'control' } } },
    };
    const key = { Key: { id: { S: 'control' } }, ConsistentRead: true };
    const counts = await over(0, 3_500, (index) => (index % 2 ? call('Query', query) : call('GetItem', key)));
    expect(counts.ok).toBeGreaterThanOrEqual(3_000);
    expect(counts.ok).toBeLessThanOrEqual(3_060);
  });

  test('CAP-03 a provisioned table takes its units, and what it has not used for 300 s', async () => {
    const { call, over, metrics } = tableOf({
      values: { billing_mode: 'PROVISIONED', write_capacity: 5, read_capacity: 5 },
    });
    const burst = await over(1, 1_600, (index) => call('PutItem', put(`${index}`)));
    expect(burst).toEqual({ ok: 1_501, throttled: 99 });
    const later = await over(10_000, 200, (index) => call('PutItem', put(`${index}`)));
    expect(later.ok).toBeGreaterThanOrEqual(48);
    expect(later.ok).toBeLessThanOrEqual(51);
    expect(metrics.filter(({ name }) => name === 'WriteThrottleEvents')).toHaveLength(
      burst.throttled + later.throttled,
    );
  });

  test('CAP-03 an on-demand table takes no more than its own maximum, nor than the 40,000 of the account', () => {
    const capped = new TableCapacity(onDemand({ writes: { ready: 4_000, most: 500 } }), NEW);
    expect(taken(capped, 'write', 0)).toBe(500);
    const busy = new TableCapacity(onDemand(), { load: { perRequest: 1, peakShare: 1 } });
    for (let second = 10; second < 30; second += 1) busy.take('write', undefined, 30_000, second * 1_000);
    busy.settle(1);
    expect(taken(busy, 'write', 30_000)).toBe(40_000);
  });

  test('CAP-04 a replica takes the writes of the others as well; one that it throttles comes later', async () => {
    const { call, over, dynamo, pass, world } = tableOf({
      values: { on_demand_throughput: [{ max_write_request_units: 50 }] },
    });
    const here = await over(10_000, 400, (index) => call('PutItem', put(`here-${index}`)));
    expect(here.throttled).toBe(0);
    // 40 a second come from Mumbai, to a table that is asked for 200 of its own and takes 50 of them all.
    const there = over(20_000, 4_000, (index) => call('PutItem', put(`there-${index}`), SINGAPORE));
    await over(20_000, 800, (index) => call('PutItem', put(`again-${index}`)));
    expect((await there).throttled).toBeGreaterThan(3_000);
    // Nothing but throttling makes a write wait so long (DDB-06).
    const waiting = dynamo.unreplicated(MUMBAI, SINGAPORE).map(({ writtenMs }) => world.scheduler.now() - writtenMs);
    expect(Math.max(...waiting)).toBeGreaterThan(11_000);
    await pass(60_000);
    expect(dynamo.unreplicated(MUMBAI, SINGAPORE)).toEqual([]);
  });
});

describe('one request for many', () => {
  /** 2,000 writes a second for 4 s at a table that takes 1,000: its second's worth, and 1,000 a second. */
  const EXACT = 1 - (1_000 + 4_000) / 8_000;

  test.each([1, 10, 100])('CAP-05 a table throttles the same share where one request stands for %d', async (k) => {
    const { call, over } = tableOf({
      values: { on_demand_throughput: [{ max_write_request_units: 1_000 }] },
      load: { perRequest: k },
    });
    const { ok, throttled } = await over(4_000, 8_000 / k, (index) => call('PutItem', put(`${index}`)));
    expect(Math.abs(throttled / (ok + throttled) - EXACT)).toBeLessThan(0.05 * EXACT);
  });

  test.each([0.9, 1, 1.5])(
    'CAP-05 executions at once: at %d times the quota the share is that of Erlang, for 1, 10 and 100',
    async (times) => {
      const meanMs = 200;
      const perSecond = (times * 1_000 * 1_000) / meanMs;
      const exact = erlangB(1_000, times * 1_000);
      for (const [perRequest, seconds] of [
        [1, 8],
        [10, 30],
        [100, 120],
      ] as const) {
        const share = await shareThrottled(1_000, meanMs, { perRequest, perSecond, seconds });
        expect([times, perRequest, Math.abs(share - exact) < 0.05]).toEqual([times, perRequest, true]);
      }
    },
    60_000,
  );

  test('CAP-05 what stands for too large a part of a limit is refused, with what would do', () => {
    const capped = { values: { on_demand_throughput: [{ max_write_request_units: 500 }] }, load: { perRequest: 100 } };
    expect(() => tableOf(capped)).toThrow(InputError);
    expect(() => tableOf(capped)).toThrow(
      /too coarse for 500 write units a second of the table items.*Let one stand for 50/,
    );
  });
});
