// DynamoDB global tables: one test per rule of docs (DDB-*), and the faults that a region's DynamoDB can have.
import { InputError, type FaultKind } from '@dr/contracts';
import fc from 'fast-check';
import type { HttpResponse } from '../http';
import { DynamoDb } from '../services/dynamodb/dynamodb';
import { toAttributes } from '../services/dynamodb/items';
import { lagMs } from '../services/dynamodb/replication-lag';
import type { Authorize, Caller, MetricDatum } from '../services/ports';
import type { World } from '../world';
import { graphOf, worldOf } from './fixtures';

const MUMBAI = 'ap-south-1';
const SINGAPORE = 'ap-southeast-1';
const TABLE = 'dr-system-table';
const CALLER: Caller = { roleArn: 'arn:aws:iam::123456789012:role/router', awsRegion: MUMBAI, name: 'traffic-router' };
const ALL_MS = 10_000;

interface Setup {
  readonly world: World;
  readonly dynamo: DynamoDb;
  readonly metrics: MetricDatum[];
  send(awsRegion: string, operation: string, input: object): Promise<{ response: HttpResponse; answer: Answer }>;
}
type Answer = Readonly<Record<string, unknown>>;

function setUp(
  options: { seed?: number; allows?: Authorize['allows']; table?: object; onDemand?: boolean } = {},
): Setup {
  const world = worldOf({ seed: options.seed ?? 1 });
  const metrics: MetricDatum[] = [];
  const values = {
    name: TABLE,
    billing_mode: options.onDemand === false ? 'PROVISIONED' : 'PAY_PER_REQUEST',
    hash_key: 'id',
    range_key: 'timestamp',
    attribute: [
      { name: 'id', type: 'S' },
      { name: 'timestamp', type: 'S' },
    ],
    replica: [{ region_name: SINGAPORE }],
    ...options.table,
  };
  const graph = graphOf([{ type: 'aws_dynamodb_table', name: 'table', awsRegion: MUMBAI, values }]);
  const authorize: Authorize = { allows: options.allows ?? (() => true), resourcePolicyAllows: () => true };
  const dynamo = new DynamoDb(world, graph, {
    authorize,
    metrics: { put: (datum) => void metrics.push(datum), ingestLogLine: () => {} },
  });
  const send: Setup['send'] = async (awsRegion, operation, input) => {
    const sent = dynamo.handle(awsRegion, CALLER, {
      method: 'POST',
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260105T000000Z',
        authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
      },
      body: Buffer.from(JSON.stringify({ TableName: TABLE, ...input })),
    });
    let done = false;
    void sent.finally(() => (done = true));
    for (let waited = 0; !done && waited < ALL_MS; waited += 1)
      await world.scheduler.runUntil(world.scheduler.now() + 1);
    const response = await sent;
    return { response, answer: JSON.parse(response.body.toString()) as Answer };
  };
  return { world, dynamo, metrics, send };
}

const put = (
  setup: Setup,
  region: string,
  item: Readonly<Record<string, unknown>>,
  more: object = {},
): ReturnType<Setup['send']> => setup.send(region, 'PutItem', { Item: toAttributes(item), ...more });

const pass = (world: World, ms: number): Promise<void> => world.scheduler.runUntil(world.scheduler.now() + ms);

const fault = (
  kind: FaultKind,
  region: string,
): { kind: FaultKind; region: string; startSeconds: number; durationSeconds: number } => ({
  kind,
  region,
  startSeconds: 0,
  durationSeconds: 1,
});

const byKey = (items: readonly Record<string, unknown>[]): string[] => items.map((item) => JSON.stringify(item)).sort();

describe('global tables', () => {
  test('DDB-01 the later write wins in every replica, whatever order the two arrive in', async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const setup = setUp({ seed });
      await put(setup, MUMBAI, { id: 'a', timestamp: 't', value: 'earlier' });
      await put(setup, SINGAPORE, { id: 'a', timestamp: 't', value: 'later' });
      await pass(setup.world, ALL_MS);
      for (const region of [MUMBAI, SINGAPORE]) {
        expect([...setup.dynamo.items(region)]).toEqual([{ id: 'a', timestamp: 't', value: 'later' }]);
      }
    }
  });

  test('DDB-01 at one instant the region that stands later in the table wins, and the loser is logged as not applied', async () => {
    const { world, dynamo } = setUp();
    await Promise.all([
      dynamo.put(SINGAPORE, { id: 'a', timestamp: 't', value: 's' }),
      dynamo.put(MUMBAI, { id: 'a', timestamp: 't', value: 'm' }),
    ]);
    await pass(world, ALL_MS);
    expect([...dynamo.items(MUMBAI)]).toEqual([{ id: 'a', timestamp: 't', value: 's' }]);
    expect([...dynamo.items(SINGAPORE)]).toEqual([...dynamo.items(MUMBAI)]);
    expect(
      world.events
        .ofKind('item-replicated')
        .map(({ region, applied }) => [region, applied])
        .sort(),
    ).toEqual([
      ['mumbai', true],
      ['singapore', false],
    ]);
  });

  test('DDB-01 a region whose clock is behind still sees its own last write win', async () => {
    const setup = setUp();
    setup.world.faults.start(fault('clock-skew', 'singapore'));
    await put(setup, SINGAPORE, { id: 'a', timestamp: 't', value: 'from the future' });
    await pass(setup.world, 1_900);
    const arrived = [...setup.dynamo.items(MUMBAI)].length === 1;
    await put(setup, MUMBAI, { id: 'a', timestamp: 't', value: 'now' });
    await pass(setup.world, ALL_MS);
    expect(arrived).toBe(true);
    expect([...setup.dynamo.items(SINGAPORE)]).toEqual([{ id: 'a', timestamp: 't', value: 'now' }]);
  });

  test('DDB-02 items arrive one by one, not in the order they were written', async () => {
    const { world, dynamo } = setUp();
    for (let i = 0; i < 40; i += 1) await dynamo.put(MUMBAI, { id: `i${i}`, timestamp: 't' });
    await pass(world, ALL_MS);
    const order = world.events.ofKind('item-replicated').map(({ id }) => Number(id.slice(1)));
    expect(order).toHaveLength(40);
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
  });

  test('DDB-03 conditions and strong reads know only what the region holds', async () => {
    const setup = setUp();
    const once = { ConditionExpression: 'attribute_not_exists(id)' };
    expect((await put(setup, MUMBAI, { id: 'a', timestamp: 't' }, once)).response.status).toBe(200);
    const again = await put(setup, MUMBAI, { id: 'a', timestamp: 't' }, once);
    expect(again.answer['__type']).toMatch(/ConditionalCheckFailedException$/);
    const key = { Key: toAttributes({ id: 'a', timestamp: 't' }), ConsistentRead: true };
    expect((await setup.send(SINGAPORE, 'GetItem', key)).answer['Item']).toBeUndefined();
    expect((await put(setup, SINGAPORE, { id: 'a', timestamp: 't' }, once)).response.status).toBe(200);
  });

  test.each<FaultKind>(['partition', 'region-dark', 'replication-paused'])(
    'DDB-04 DDB-08 during %s writes are kept back, and flow both ways afterwards',
    async (kind) => {
      const { world, dynamo } = setUp();
      await dynamo.put(MUMBAI, { id: 'in flight', timestamp: 't' });
      const started = fault(kind, 'singapore');
      world.faults.start(started);
      await dynamo.put(MUMBAI, { id: 'm', timestamp: 't' });
      const answered = await dynamo.put(SINGAPORE, { id: 's', timestamp: 't' });
      await pass(world, 60_000);
      expect(answered).toBe(kind !== 'region-dark');
      expect(world.events.ofKind('item-replicated')).toEqual([]);
      expect(dynamo.unreplicated(MUMBAI, SINGAPORE).map(({ id }) => id)).toEqual(['in flight', 'm']);
      world.faults.end(started);
      await pass(world, ALL_MS);
      expect(dynamo.unreplicated(MUMBAI, SINGAPORE)).toEqual([]);
      expect(byKey([...dynamo.items(SINGAPORE)])).toEqual(byKey([...dynamo.items(MUMBAI)]));
      expect([...dynamo.items(MUMBAI)]).toHaveLength(answered ? 3 : 2);
    },
  );

  const expiring = { table: { ttl: [{ enabled: true, attribute_name: 'expires' }] } };
  const HOUR_MS = 3_600_000;

  test('DDB-05 an expired item is read for hours, is deleted everywhere within two days, and stays deleted', async () => {
    const setup = setUp(expiring);
    const { world, dynamo } = setup;
    const expires = Math.ceil(world.scheduler.epochNow() / 1000) + 60;
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => dynamo.put(MUMBAI, { id: `i${i}`, timestamp: 't', expires })),
    );
    await dynamo.put(MUMBAI, { id: 'stays', timestamp: 't' });
    await pass(world, HOUR_MS);
    // Within the hour two of twenty are gone at most; the others are read as if they had not expired.
    const expired = [...dynamo.items(SINGAPORE)].filter((item) => item['expires'] !== undefined);
    expect(expired.length).toBeGreaterThan(17);
    const key = { Key: toAttributes({ id: expired[0]?.['id'], timestamp: 't' }), ConsistentRead: true };
    expect((await setup.send(SINGAPORE, 'GetItem', key)).answer['Item']).toBeDefined();
    await pass(world, 48 * HOUR_MS);
    for (const region of [MUMBAI, SINGAPORE]) expect([...dynamo.items(region)].map(({ id }) => id)).toEqual(['stays']);
  });

  test('DDB-05 a deletion by TTL replicates', async () => {
    const { world, dynamo } = setUp(expiring);
    const expires = Math.ceil(world.scheduler.epochNow() / 1000);
    for (let i = 0; i < 10; i += 1) await dynamo.put(MUMBAI, { id: `i${i}`, timestamp: 't', expires });
    await pass(world, ALL_MS);
    const idsIn = (region: string): Set<unknown> => new Set([...dynamo.items(region)].map(({ id }) => id));
    for (let hours = 0; hours < 48; hours += 1) {
      await pass(world, HOUR_MS);
      const [here, there] = [idsIn(MUMBAI), idsIn(SINGAPORE)];
      await pass(world, ALL_MS);
      // What one replica had deleted is gone from the other one, whose own deletion would come hours later.
      for (const [ids, other] of [
        [here, idsIn(SINGAPORE)],
        [there, idsIn(MUMBAI)],
      ] as const)
        expect([...other].filter((id) => !ids.has(id))).toEqual([]);
    }
    expect(idsIn(MUMBAI).size).toBe(0);
  });

  test('DDB-05 an expired item that is written again without an expiry is not deleted', async () => {
    const { world, dynamo } = setUp(expiring);
    await dynamo.put(MUMBAI, { id: 'a', timestamp: 't', expires: Math.ceil(world.scheduler.epochNow() / 1000) });
    await pass(world, 1_000);
    await dynamo.put(SINGAPORE, { id: 'a', timestamp: 't' });
    await pass(world, 50 * HOUR_MS);
    for (const region of [MUMBAI, SINGAPORE]) expect([...dynamo.items(region)]).toEqual([{ id: 'a', timestamp: 't' }]);
  });

  /** Sorted, of so many writes in Mumbai. */
  async function lagsTo(region: string, count: number): Promise<number[]> {
    const { world, dynamo } = setUp({ table: { replica: [{ region_name: region }] } });
    for (let i = 0; i < count; i += 1) await dynamo.put(MUMBAI, { id: `i${i}`, timestamp: 't' });
    await pass(world, 60_000);
    const lags = world.events.ofKind('item-replicated').map(({ lagMs }) => lagMs);
    expect(lags).toHaveLength(count);
    return lags.sort((a, b) => a - b);
  }

  test('DDB-06 between Mumbai and Singapore the lag is 0.8 s in the median and 2.5 s at the 99th percentile', async () => {
    const lags = await lagsTo(SINGAPORE, 2_000);
    expect(lags[1_000]).toBeGreaterThan(740);
    expect(lags[1_000]).toBeLessThan(860);
    expect(lags[1_980]).toBeGreaterThan(2_100);
    expect(lags[1_980]).toBeLessThan(3_000);
  });

  test('DDB-06 the lag grows with the distance, and stays between 0.5 and 2.5 s in the median', async () => {
    const near = (await lagsTo('ap-south-2', 400))[200] ?? 0;
    const base = (await lagsTo(SINGAPORE, 400))[200] ?? 0;
    const far = (await lagsTo('sa-east-1', 400))[200] ?? 0;
    expect(near).toBeGreaterThan(480);
    expect(base).toBeGreaterThan(1.2 * near);
    expect(far).toBeGreaterThan(1.5 * base);
    expect(far).toBeLessThan(2_500);
  });

  test('DDB-06 few writes take longer than 5 s while nothing is wrong, and none longer than 10 s', () => {
    const { stream } = worldOf().random;
    const lags = Array.from({ length: 100_000 }, () => lagMs(stream('lags'), MUMBAI, SINGAPORE));
    expect(lags.filter((lag) => lag > 10_000)).toEqual([]);
    // The tail beyond is too thin to be met by chance.
    expect(lagMs({ ...stream('tail'), logNormal: () => 60_000 }, MUMBAI, SINGAPORE)).toBe(10_000);
    const slow = lags.filter((lag) => lag > 5_000).length;
    expect(slow).toBeGreaterThan(0);
    expect(slow).toBeLessThan(50);
  });

  test('DDB-06 a region whose requests are throttled receives as ever, and what it wrote before arrives', async () => {
    const { world, dynamo } = setUp();
    await dynamo.put(SINGAPORE, { id: 'from there', timestamp: 't' });
    world.faults.start(fault('dynamodb-throttled', 'singapore'));
    await dynamo.put(MUMBAI, { id: 'to there', timestamp: 't' });
    await pass(world, ALL_MS);
    for (const region of [MUMBAI, SINGAPORE]) expect([...dynamo.items(region)]).toHaveLength(2);
  });

  test('DDB-07 ReplicationLatency has data only when items arrive', async () => {
    const { world, dynamo, metrics } = setUp();
    const paused = fault('replication-paused', 'mumbai');
    world.faults.start(paused);
    await dynamo.put(MUMBAI, { id: 'a', timestamp: 't' });
    await pass(world, 30_000);
    expect(metrics).toEqual([]);
    world.faults.end(paused);
    await pass(world, ALL_MS);
    expect(metrics).toHaveLength(1);
    expect(metrics[0]).toMatchObject({
      awsRegion: MUMBAI,
      namespace: 'AWS/DynamoDB',
      name: 'ReplicationLatency',
      dimensions: { TableName: TABLE, ReceivingRegion: SINGAPORE },
    });
    expect(metrics[0]?.value).toBeGreaterThan(30_000);
  });

  test('DDB-09 a table with strong consistency between regions is refused by name', () => {
    const replica = [SINGAPORE, 'ap-southeast-2'].map((region_name) => ({ region_name, consistency_mode: 'STRONG' }));
    const build = () => setUp({ table: { replica } });
    expect(build).toThrow(InputError);
    expect(build).toThrow(
      /^aws_dynamodb_table\.table: replica\.consistency_mode "STRONG" \(ap-southeast-1\): is not simulated/,
    );
    expect(() =>
      setUp({ table: { replica: [{ region_name: SINGAPORE, consistency_mode: 'EVENTUAL' }] } }),
    ).not.toThrow();
  });

  test('replicas converge whatever is written where, through any cuts', async () => {
    const step = fc.record({
      region: fc.constantFrom('mumbai', 'singapore'),
      id: fc.constantFrom('a', 'b', 'c'),
      waitMs: fc.integer({ min: 0, max: 3_000 }),
      cut: fc.option(fc.constantFrom<FaultKind>('partition', 'replication-paused', 'clock-skew'), { freq: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.array(step, { minLength: 1, maxLength: 12 }),
        async (seed, steps) => {
          const { world, dynamo } = setUp({ seed });
          const cuts = [];
          for (const [number, { region, id, waitMs, cut }] of steps.entries()) {
            if (cut) {
              cuts.push(fault(cut, region));
              world.faults.start(cuts.at(-1)!);
            } else for (const one of cuts.splice(0)) world.faults.end(one);
            await dynamo.put(world.regionNames.awsRegionOf(region), { id, timestamp: 't', number });
            await pass(world, waitMs);
          }
          for (const one of cuts) world.faults.end(one);
          await pass(world, 60_000);
          expect(dynamo.unreplicated(MUMBAI, SINGAPORE)).toEqual([]);
          expect(byKey([...dynamo.items(SINGAPORE)])).toEqual(byKey([...dynamo.items(MUMBAI)]));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('an index answers for replicated items too', async () => {
    const gsi = { name: 'by-kind', hash_key: 'kind', projection_type: 'ALL' };
    const setup = setUp({
      table: {
        attribute: ['id', 'timestamp', 'kind'].map((name) => ({ name, type: 'S' })),
        global_secondary_index: [gsi],
      },
    });
    await put(setup, MUMBAI, { id: 'a', timestamp: 't', kind: 'x' });
    await pass(setup.world, ALL_MS);
    await put(setup, MUMBAI, { id: 'a', timestamp: 't', kind: 'y' });
    await pass(setup.world, ALL_MS);
    const of = async (kind: string): Promise<unknown> => {
      const values = { ':k': { S: kind } };
      const query = { IndexName: 'by-kind', KeyConditionExpression: 'kind = :k', ExpressionAttributeValues: values };
      return (await setup.send(SINGAPORE, 'Query', query)).answer['Count'];
    };
    expect([await of('x'), await of('y')]).toEqual([0, 1]);
  });
});

describe('one region', () => {
  test('writes, queries in key order, pages and conditional updates work as on the wire', async () => {
    const setup = setUp();
    for (const timestamp of ['3', '1', '2']) await put(setup, MUMBAI, { id: 'a', timestamp, n: Number(timestamp) });
    await put(setup, MUMBAI, { id: 'b', timestamp: '1' });
    const query = {
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': { S: 'a' } },
      ScanIndexForward: false,
    };
    const first = (await setup.send(MUMBAI, 'Query', { ...query, Limit: 2 })).answer as {
      Items: { timestamp: unknown }[];
      LastEvaluatedKey: object;
    };
    expect(first.Items.map(({ timestamp }) => timestamp)).toEqual([{ S: '3' }, { S: '2' }]);
    const rest = (await setup.send(MUMBAI, 'Query', { ...query, ExclusiveStartKey: first.LastEvaluatedKey })).answer;
    expect(rest['Items']).toEqual([toAttributes({ id: 'a', timestamp: '1', n: 1 })]);
    expect(await setup.dynamo.query(MUMBAI, 'b')).toEqual([{ id: 'b', timestamp: '1' }]);
    const update = {
      Key: toAttributes({ id: 'b', timestamp: '1' }),
      UpdateExpression: 'SET version = if_not_exists(version, :zero) + :one',
      ExpressionAttributeValues: { ':zero': { N: '0' }, ':one': { N: '1' } },
      ReturnValues: 'ALL_NEW',
    };
    expect((await setup.send(MUMBAI, 'UpdateItem', update)).answer['Attributes']).toEqual(
      toAttributes({ id: 'b', timestamp: '1', version: 1 }),
    );
    let scanned = 0;
    for (const Segment of [0, 1])
      scanned += (await setup.send(MUMBAI, 'Scan', { Segment, TotalSegments: 2 })).answer['Count'] as number;
    expect(scanned).toBe(4);
  });

  test('fails a call that the role may not make, before anything is written', async () => {
    const asked: string[] = [];
    const setup = setUp({ allows: (_caller, action, resource) => (asked.push(`${action} ${resource}`), false) });
    const { response, answer } = await put(setup, SINGAPORE, { id: 'a', timestamp: 't' });
    expect([response.status, answer['__type']]).toEqual([400, 'com.amazon.coral.service#AccessDeniedException']);
    expect(asked).toEqual([`dynamodb:PutItem arn:aws:dynamodb:${SINGAPORE}:123456789012:table/${TABLE}`]);
    expect([...setup.dynamo.items(SINGAPORE)]).toEqual([]);
  });

  test('a region that loses power during a call writes nothing and answers nobody', async () => {
    const { world, dynamo } = setUp();
    let answered = false;
    const body = Buffer.from(JSON.stringify({ TableName: TABLE, Item: toAttributes({ id: 'a', timestamp: 't' }) }));
    const headers = { 'x-amz-target': 'DynamoDB_20120810.PutItem' };
    void dynamo.handle(MUMBAI, CALLER, { method: 'POST', path: '/', headers, body }).then(() => (answered = true));
    const lost = fault('region-dark', 'mumbai');
    world.faults.start(lost);
    await pass(world, 1_000);
    world.faults.end(lost);
    await pass(world, ALL_MS);
    expect([answered, [...dynamo.items(MUMBAI)]]).toEqual([false, []]);
  });

  test.each([
    ['dynamodb-errors', true, 500, 'InternalServerError', ['SystemErrors']],
    ['dynamodb-throttled', true, 400, 'ThrottlingException', ['ThrottledRequests', 'WriteThrottleEvents']],
    [
      'dynamodb-throttled',
      false,
      400,
      'ProvisionedThroughputExceededException',
      ['ThrottledRequests', 'WriteThrottleEvents'],
    ],
    ['dynamodb-slow', true, 200, undefined, []],
  ] as const)('%s (on demand: %s) answers %d %s', async (kind, onDemand, status, type, names) => {
    const setup = setUp({ onDemand });
    setup.world.faults.start(fault(kind, 'mumbai'));
    const startedMs = setup.world.scheduler.now();
    const { response, answer } = await put(setup, MUMBAI, { id: 'a', timestamp: 't' });
    expect(response.status).toBe(status);
    expect(answer['__type']).toEqual(type && `com.amazonaws.dynamodb.v20120810#${type}`);
    expect(setup.metrics.map(({ name }) => name)).toEqual(names);
    expect(setup.world.scheduler.now() - startedMs > 5_000).toBe(kind === 'dynamodb-slow');
    expect((await put(setup, SINGAPORE, { id: 'b', timestamp: 't' })).response.status).toBe(200);
  });
});
