// CloudWatch: one test of behaviour per row CW-*, the embedded metric format, and what it or the twin refuses.
import { InputError, type Fault } from '@dr/contracts';
import type { Graph } from '@dr/terraform-json';
import type { AlarmState } from '../event-log';
import { CloudWatch } from '../services/cloudwatch/cloudwatch';
import { judgePoints, type MissingData, type Point } from '../services/cloudwatch/evaluation';
import { parseExpression, type Series } from '../services/cloudwatch/math';
import type { TopicPublisher } from '../services/ports';
import type { World } from '../world';
import { MUMBAI, resource, type Values } from './edge-fixture';
import { graphOf, worldOf, type PlainResource } from './fixtures';

const TOPIC = `arn:aws:sns:${MUMBAI}:123456789012:alerts`;
const METRIC = { awsRegion: MUMBAI, namespace: 'DR/System', name: 'Staleness', dimensions: { Region: 'mumbai' } };

const ALARM = {
  namespace: METRIC.namespace,
  metric_name: METRIC.name,
  dimensions: METRIC.dimensions,
  statistic: 'Maximum',
  period: 60,
  evaluation_periods: 1,
  comparison_operator: 'GreaterThanThreshold',
  threshold: 5,
  alarm_actions: [TOPIC],
  ok_actions: [TOPIC],
};
const alarm = (values: Values = {}, name = 'stale', awsRegion = MUMBAI): PlainResource =>
  resource('aws_cloudwatch_metric_alarm', name, { alarm_name: name, ...ALARM, ...values }, awsRegion);

interface Published {
  readonly topicArn: string;
  readonly subject: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const cloudWatchOf = (...resources: readonly PlainResource[]) => cloudWatchIn(worldOf(), graphOf(resources));

function cloudWatchIn(world: World, graph: Graph) {
  const cloudwatch = new CloudWatch(world, graph);
  const published: Published[] = [];
  const topics: TopicPublisher = {
    publish(topicArn, { subject, body }) {
      published.push({ topicArn, subject, body: JSON.parse(body) as Published['body'] });
      return { messageId: 'm' };
    },
  };
  cloudwatch.start(topics, { emit: () => {} });
  const put = (value: number, more: Partial<typeof METRIC> = {}): void => cloudwatch.put({ ...METRIC, ...more, value });
  const highResolution = (value: number, resolution: 1 | 60 = 1): void =>
    cloudwatch.ingestLogLine(MUMBAI, 'f', JSON.stringify(embedded({ Staleness: value }, resolution)));
  const run = (seconds: number): Promise<void> => world.scheduler.runUntil(seconds * 1_000);
  const changes = (): readonly (readonly [atSeconds: number, state: AlarmState])[] =>
    world.events.ofKind('alarm').map(({ atMs, state }) => [atMs / 1_000, state]);
  /** Puts a value in the middle of each slot, nothing where it is undefined, and runs to the end of the last. */
  const feed = async (
    slotSeconds: number,
    values: readonly (number | undefined)[],
    send: (value: number) => void = put,
  ): Promise<void> => {
    for (const value of values) {
      const startMs = world.scheduler.now();
      await world.scheduler.runUntil(startMs + (slotSeconds * 1_000) / 2);
      if (value !== undefined) send(value);
      await world.scheduler.runUntil(startMs + slotSeconds * 1_000);
    }
  };
  return { world, cloudwatch, published, put, highResolution, run, changes, feed };
}

function embedded(values: Readonly<Record<string, number>>, resolution: 1 | 60 = 1) {
  const Metrics = Object.keys(values).map((Name) => ({ Name, StorageResolution: resolution }));
  const directive = { Namespace: METRIC.namespace, Dimensions: [['Region']], Metrics };
  return { _aws: { Timestamp: 0, CloudWatchMetrics: [directive] }, Region: 'mumbai', ...values };
}

describe('CW-01 evaluation', () => {
  it('every minute for periods of a minute; actions on transitions only', async () => {
    const { feed, changes, published } = cloudWatchOf(alarm());
    await feed(60, [1, 9, 9, 1, 1, 9]);
    expect(changes()).toEqual([
      [120, 'ALARM'],
      [240, 'OK'],
      [360, 'ALARM'],
    ]);
    expect(published.map(({ subject }) => subject)).toEqual(
      ['ALARM', 'OK', 'ALARM'].map((state) => `${state}: "stale" in Asia Pacific (Mumbai)`),
    );
  });

  test.each([10, 30])('every ten seconds for a period of %i s', async (period) => {
    const { feed, changes, highResolution } = cloudWatchOf(alarm({ period }));
    await feed(10, [1, 1, 1, 9, 1, 1, 1], highResolution);
    // A window of 30 s slides by ten: the one high sample is in three of them.
    expect(changes()).toEqual([
      [40, 'ALARM'],
      [40 + period, 'OK'],
    ]);
  });

  it('a period of ten seconds sees nothing of a metric of standard resolution', async () => {
    const { feed, changes, highResolution, put } = cloudWatchOf(alarm({ period: 10 }), alarm({}, 'slow'));
    await feed(10, [9, 9, 9, 9, 9, 9], put);
    expect(changes()).toEqual([[60, 'ALARM']]);
    await feed(10, [9, 9, 9], (value) => highResolution(value, 60));
    expect(changes()).toHaveLength(1);
  });

  it('a period of five minutes slides by one', async () => {
    const { feed, changes } = cloudWatchOf(alarm({ period: 300, statistic: 'Sum', threshold: 10 }));
    await feed(60, [3, 3, 3, 3, 3, 0, 0, 0]);
    expect(changes()).toEqual([
      [300, 'ALARM'],
      [420, 'OK'],
    ]);
  });

  test.each<[number, number, readonly number[], number | undefined]>([
    [1, 1, [1, 9], 120],
    [2, 3, [1, 9, 1, 9], 240],
    [2, 3, [1, 1, 9, 9], 240],
    [2, 3, [1, 9, 1, 1, 9], undefined],
    [3, 3, [9, 9, 1, 9, 9], undefined],
    [3, 3, [1, 9, 9, 9], 240],
  ])('%i of %i over %j alarms at %s s', async (toAlarm, of, values, atSeconds) => {
    const { feed, changes } = cloudWatchOf(alarm({ evaluation_periods: of, datapoints_to_alarm: toAlarm }));
    await feed(60, values);
    expect(changes().find(([, state]) => state === 'ALARM')?.[0]).toBe(atSeconds);
  });

  it('tells subscribers what they parse', async () => {
    const { feed, published } = cloudWatchOf(alarm({ alarm_description: 'why' }));
    await feed(60, [1, 9]);
    expect(published[0]?.topicArn).toBe(TOPIC);
    expect(published[0]?.body).toMatchObject({
      AlarmName: 'stale',
      AlarmDescription: 'why',
      AWSAccountId: '123456789012',
      NewStateValue: 'ALARM',
      OldStateValue: 'OK',
      NewStateReason:
        'Threshold Crossed: 1 out of the last 1 datapoint [9 (05/01/26 00:01:00)] was greater than the threshold (5).',
      StateChangeTime: '2026-01-05T00:02:00.000+0000',
      Region: 'Asia Pacific (Mumbai)',
      AlarmArn: `arn:aws:cloudwatch:${MUMBAI}:123456789012:alarm:stale`,
      Trigger: {
        MetricName: 'Staleness',
        Namespace: 'DR/System',
        StatisticType: 'Statistic',
        Statistic: 'MAXIMUM',
        Dimensions: [{ name: 'Region', value: 'mumbai' }],
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 5,
      },
    });
  });

  it('a region that is down evaluates nothing; when it is back, what was not measured is missing', async () => {
    const { world, feed, put, run, changes } = cloudWatchOf(alarm({ treat_missing_data: 'breaching' }));
    const fault = { kind: 'region-dark', region: 'mumbai', startSeconds: 60, durationSeconds: 300 } as const;
    await feed(60, [1]);
    world.faults.start(fault);
    put(1);
    await run(350);
    expect(changes()).toEqual([]);
    world.faults.end(fault);
    await run(370);
    expect(changes()).toEqual([[360, 'ALARM']]);
  });

  test.each([
    { name: 'in service for long is found as it is, and nobody is told', isNew: false, told: ['ALARM', 'OK'] },
    { name: 'just applied comes out of INSUFFICIENT_DATA', isNew: true, told: ['OK', 'ALARM', 'OK'] },
  ])('an alarm of a stack $name', async ({ isNew, told }) => {
    const graph = graphOf([alarm()]);
    const { feed, changes, published, cloudwatch } = cloudWatchIn(worldOf(isNew ? { applied: graph } : {}), graph);
    await feed(60, [1, 9, 1]);
    expect(changes().map(([, state]) => state)).toEqual(told);
    expect(published).toHaveLength(told.length);
    expect(cloudwatch.stateOf(MUMBAI, 'stale')).toBe('OK');
  });

  it('without actions_enabled only the state changes', async () => {
    const { feed, published, cloudwatch } = cloudWatchOf(alarm({ actions_enabled: false }));
    await feed(60, [9]);
    expect([cloudwatch.stateOf(MUMBAI, 'stale'), published]).toEqual(['ALARM', []]);
  });
});

const SERVICES = ['Lambda', 'ApplicationELB', 'Route53', 'DynamoDB', 'SQS'].map((name) => `AWS/${name}`);

describe('CW-01 arrival', () => {
  const sumOf = ({ cloudwatch }: ReturnType<typeof cloudWatchOf>, namespace: string, name: string) =>
    cloudwatch.read({ metric: { ...METRIC, namespace, name }, statistic: 'Sum', periodMs: 60_000 }, 60_000);

  /** When the first minute of each of so many metrics can be read first, seconds after its end. */
  async function arrivals(namespace: string, count = 40, fault?: Fault): Promise<readonly number[]> {
    const setup = cloudWatchOf();
    const names = Array.from({ length: count }, (_, i) => `m${i}`);
    await setup.run(10);
    for (const name of names) setup.put(1, { namespace, name });
    await setup.run(50);
    if (fault) setup.world.faults.start(fault);
    for (const name of names) setup.put(1, { namespace, name });
    const seen = new Map<string, number>();
    for (let at = 50; at <= (fault ? 800 : 200); at += 1) {
      await setup.run(at);
      for (const name of names) {
        const sum = sumOf(setup, namespace, name);
        if (sum === 2 && !seen.has(name)) seen.set(name, at - 60);
        // A minute of a service arrives as a whole.
        if (namespace.startsWith('AWS/')) expect([undefined, 2]).toContain(sum);
      }
    }
    return names.map((name) => seen.get(name) ?? Infinity);
  }

  test.each(SERVICES)('a minute of %s can be read one to two minutes after its end', async (namespace) => {
    const seconds = await arrivals(namespace);
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(60);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(120);
    expect(new Set(seconds).size).toBeGreaterThan(20);
    expect(await arrivals(namespace)).toEqual(seconds);
  });

  it('what functions and customers send can be read within seconds', async () => {
    // The second sample was sent at 50 s.
    const seconds = await arrivals(METRIC.namespace);
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(-10);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(-7);
  });

  test.each([...SERVICES, METRIC.namespace])(
    'metrics-late: %s comes ten minutes later than that',
    async (namespace) => {
      const fault = { kind: 'metrics-late', region: 'mumbai', startSeconds: 50, durationSeconds: 900 } as const;
      const late = await arrivals(namespace, 5, fault);
      const usual = await arrivals(namespace, 5);
      const more = late.map((seconds, i) => seconds - (usual[i] ?? NaN));
      // Of customers' metrics the first sample came before the fault, and draws the same.
      for (const seconds of more)
        expect(Math.abs(seconds - 600)).toBeLessThanOrEqual(namespace === METRIC.namespace ? 3 : 0);
    },
  );

  test.each(SERVICES)('an alarm on a minute of %s rings when it has arrived, not before', async (namespace) => {
    const { feed, put, changes } = cloudWatchOf(alarm({ namespace }));
    await feed(60, [1, 1, 9, 1, 1, 1, 1], (value) => put(value, { namespace }));
    expect(changes()).toEqual([
      [300, 'ALARM'],
      [360, 'OK'],
    ]);
  });

  it('a filled minute that has not arrived is judged as filled: 1 of 1 never rings, 2 of 5 does', async () => {
    const namespace = 'AWS/Lambda';
    const filled = (window: Values, name: string): PlainResource =>
      alarm(
        {
          ...window,
          metric_name: null,
          metric_query: [
            { id: 'filled', expression: 'FILL(errors, 0)', return_data: true },
            {
              id: 'errors',
              metric: [{ namespace, metric_name: 'Errors', stat: 'Sum', period: 60, dimensions: METRIC.dimensions }],
            },
          ],
        },
        name,
      );
    const { world, feed, put } = cloudWatchOf(
      filled({}, 'newest'),
      filled({ evaluation_periods: 5, datapoints_to_alarm: 2 }, 'back'),
    );
    await feed(
      60,
      Array.from({ length: 10 }, () => 9),
      (value) => put(value, { namespace, name: 'Errors' }),
    );
    expect(new Set(world.events.ofKind('alarm').map((event) => event.alarm))).toEqual(new Set(['back']));
  });

  it('before the first data can have arrived nothing is missing; in a region whose metrics are late it is', async () => {
    const namespace = 'AWS/Route53';
    const { world, feed, put, changes } = cloudWatchOf(
      alarm({ namespace }),
      alarm({ namespace, alarm_actions: [], ok_actions: [] }, 'other', 'us-east-1'),
    );
    const minutes = (count: number) => Array.from({ length: count }, () => 1);
    const send = (value: number): void => {
      put(value, { namespace });
      put(value, { namespace, awsRegion: 'us-east-1' });
    };
    await feed(60, minutes(5), send);
    expect(changes()).toEqual([]);
    const fault = { kind: 'metrics-late', region: 'mumbai', startSeconds: 300, durationSeconds: 180 } as const;
    world.faults.start(fault);
    await feed(60, minutes(3), send);
    world.faults.end(fault);
    await feed(60, minutes(8), send);
    expect(world.events.ofKind('alarm').map((event) => [event.region, event.atMs / 1000, event.state])).toEqual([
      // The last minute in time is that before 300 s, which is in the range that is judged until 420 s.
      ['mumbai', 480, 'INSUFFICIENT_DATA'],
      ['mumbai', 660, 'OK'],
    ]);
  });

  test.each([10, 20, 30, 60, 120, 300])('a period of %i s is one that CloudWatch evaluates', (period) => {
    expect(() => cloudWatchOf(alarm({ period }))).not.toThrow();
  });
});

/** AWS's published tables: 0 within the threshold, X breaching, - missing; newest on the right. `keep`: the current state. */
const TABLES: readonly (readonly [points: string, toAlarm: number, ...states: string[]])[] = [
  ['0 - X - X', 3, 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 3, 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 3, 'INSUFFICIENT_DATA', 'keep', 'ALARM', 'OK'],
  ['0 X X - X', 3, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 3, 'ALARM', 'keep', 'ALARM', 'OK'],
  ['0 - X - X', 2, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 2, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 2, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 2, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - X -', 2, 'ALARM', 'keep', 'ALARM', 'OK'],
];
const TREATMENTS: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const pointsOf = (text: string): Point[] => text.split(' ').map((point) => (point === '-' ? undefined : point === 'X'));

describe('CW-02 missing data', () => {
  test.each(
    TABLES.flatMap(([points, toAlarm, ...states]) =>
      TREATMENTS.map((treatment, i) => [points, toAlarm, treatment, states[i] ?? ''] as const),
    ),
  )('%s, %i of 3, treated as %s: %s', (points, toAlarm, treatment, state) => {
    expect(judgePoints(pointsOf(points), 3, toAlarm, treatment) ?? 'keep').toBe(state);
  });

  test.each(['- - - - X', '- - - X -'])('%s, 3 of 3, is not an alarm too early', (points) => {
    expect(judgePoints(pointsOf(points), 3, 3, 'missing')).not.toBe('ALARM');
  });

  test.each<[MissingData, AlarmState]>([
    ['missing', 'INSUFFICIENT_DATA'],
    ['ignore', 'OK'],
    ['breaching', 'ALARM'],
    ['notBreaching', 'OK'],
  ])('a metric that falls silent, treated as %s, ends in %s', async (treatment, state) => {
    const { feed, cloudwatch } = cloudWatchOf(alarm({ treat_missing_data: treatment }));
    await feed(60, [1, undefined, undefined, undefined]);
    expect(cloudwatch.stateOf(MUMBAI, 'stale')).toBe(state);
  });
});

it('CW-03 an alarm on a DynamoDB metric keeps its state, whatever is set', async () => {
  const values = { namespace: 'AWS/DynamoDB', treat_missing_data: 'notBreaching' };
  const { feed, put, changes } = cloudWatchOf(alarm(values));
  await feed(60, [9, ...Array.from({ length: 6 }, () => undefined)], (value) =>
    put(value, { namespace: 'AWS/DynamoDB' }),
  );
  expect(changes()).toEqual([[180, 'ALARM']]);
});

describe('CW-04 one region', () => {
  it('fails on a topic in another region, naming the alarm', () => {
    const build = () => cloudWatchOf(alarm({}, 'stale', 'us-east-1'));
    expect(build).toThrow(InputError);
    expect(build).toThrow(/aws_cloudwatch_metric_alarm\.stale.*ap-south-1.*us-east-1/);
  });

  it('an alarm sees metrics of its own region only', async () => {
    const { feed, put, changes } = cloudWatchOf(alarm());
    await feed(60, [9, 9], (value) => put(value, { awsRegion: 'us-east-1' }));
    expect(changes()).toEqual([]);
  });
});

describe('CW-05 metric math', () => {
  const query = (id: string, metric: string): Values => ({
    id,
    metric: [{ namespace: 'AWS/Lambda', metric_name: metric, stat: 'Sum', period: 60, dimensions: { F: 'f' } }],
  });
  const errorRate = alarm({
    metric_name: null,
    metric_query: [
      { id: 'rate', expression: '100 * errors / invocations', return_data: true },
      query('errors', 'Errors'),
      query('invocations', 'Invocations'),
    ],
    treat_missing_data: 'notBreaching',
  });

  it('error rate: errors by invocations, and no traffic is no breach', async () => {
    const { cloudwatch, run, changes, published } = cloudWatchOf(errorRate);
    const count = (errors: number, invocations: number): void => {
      const base = { awsRegion: MUMBAI, namespace: 'AWS/Lambda', dimensions: { F: 'f' } };
      cloudwatch.put({ ...base, name: 'Errors', value: errors });
      cloudwatch.put({ ...base, name: 'Invocations', value: invocations });
    };
    for (const [at, errors, invocations] of [
      [30, 5, 100],
      [90, 6, 100],
      [150, 0, 0],
      [400, 1, 100],
    ] as const) {
      await run(at);
      count(errors, invocations);
    }
    await run(550);
    // The second minute has arrived by 240 s. The third divides by zero.
    expect(changes()).toEqual([
      [240, 'ALARM'],
      [300, 'OK'],
    ]);
    expect(published[0]?.body).toMatchObject({
      Trigger: { Metrics: [{ Expression: '100 * errors / invocations' }, {}, {}] },
    });
  });

  const GAP = Array.from({ length: 4 }, () => undefined);
  const data: Readonly<Record<string, Series>> = { a: [1, 2, undefined, 4], b: [0, 2, 3, 0], none: GAP };
  test.each<[string, Series]>([
    ['a + b', [1, 4, undefined, 4]],
    ['a - b * 2', [1, -2, undefined, 4]],
    ['(a - b) * 2', [2, 0, undefined, 8]],
    ['a / b', [undefined, 1, undefined, undefined]],
    ['-a + 10', [9, 8, undefined, 6]],
    ['FILL(a, 0)', [1, 2, 0, 4]],
    ['FILL(a, b)', [1, 2, 3, 4]],
    ['FILL(a, 0) + FILL(b, 0)', [1, 4, 3, 4]],
    ['FILL(a, REPEAT) + b', [1, 4, 5, 4]],
    ['FILL(a, LINEAR)', [1, 2, 3, 4]],
    ['FILL(none, 0) + a', [1, 2, undefined, 4]],
    ['FILL(none, LINEAR)', [undefined, undefined, undefined, undefined]],
    ['FILL(a / b, 0)', [0, 1, 0, 0]],
    ['IF(b > 0, a, 7)', [7, 2, undefined, 7]],
    ['IF(b == 0, 1)', [1, undefined, undefined, 1]],
    ['IF(FILL(a, 0) >= 2 AND b < 3, 1, 0)', [0, 1, 0, 1]],
    ['a > 1 OR b == 0', [1, 1, undefined, 1]],
  ])('%s', (text, expected) => {
    const compute = parseExpression('alarm', text, new Set(Object.keys(data)));
    expect(compute((id) => data[id] ?? [])).toEqual(expected);
  });

  test.each([
    ['ANOMALY_DETECTION_BAND(a)', /ANOMALY_DETECTION_BAND\(\)/],
    ['a + c', /"c" is the id of none/],
    ['a +', /ends too early/],
    ['(a', /"\)" is missing/],
    ['a b', /"b" is not expected/],
    ['a ; b', /"; b" is not understood/],
  ])('fails on %s, naming the alarm', (text, message) => {
    const parse = () => parseExpression('aws_cloudwatch_metric_alarm.x', text, new Set(['a', 'b']));
    expect(parse).toThrow(InputError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(/^aws_cloudwatch_metric_alarm\.x/);
  });
});

describe('CW-05 composite alarms', () => {
  const composite = (alarm_rule: string, awsRegion = MUMBAI, alarm_actions = [TOPIC]): PlainResource =>
    resource('aws_cloudwatch_composite_alarm', 'both', { alarm_name: 'both', alarm_rule, alarm_actions }, awsRegion);
  const pair = [alarm({ alarm_actions: [] }, 'low'), alarm({ alarm_actions: [], threshold: 50 }, 'high')];

  test.each<[string, number, AlarmState]>([
    ['ALARM("low") AND ALARM(high)', 9, 'OK'],
    ['ALARM("low") AND ALARM(high)', 90, 'ALARM'],
    ['ALARM(low) OR ALARM(high)', 9, 'ALARM'],
    ['ALARM(low) AND NOT ALARM(high)', 9, 'ALARM'],
    ['NOT (ALARM(low) OR OK(high))', 90, 'OK'],
    ['OK(low) OR OK(high) AND TRUE', 9, 'ALARM'],
    [`ALARM("arn:aws:cloudwatch:${MUMBAI}:123456789012:alarm:low")`, 9, 'ALARM'],
    ['INSUFFICIENT_DATA(low)', 9, 'OK'],
  ])('%s at %i is %s', async (rule, value, state) => {
    const { feed, cloudwatch, published } = cloudWatchOf(...pair, composite(rule));
    await feed(60, [value]);
    expect(cloudwatch.stateOf(MUMBAI, 'both')).toBe(state);
    expect(published.filter(({ body }) => body['AlarmName'] === 'both')).toHaveLength(state === 'ALARM' ? 1 : 0);
  });

  test.each<[string, RegExp]>([
    ['ALARM(gone)', /reads ap-south-1 gone/],
    ['ALARM(low) AND', /ends too early/],
    ['AT_LEAST(2, ALARM, (low, high))', /AT_LEAST/],
  ])('fails on %s', (rule, message) => {
    expect(() => cloudWatchOf(...pair, composite(rule))).toThrow(message);
  });

  it('fails on an alarm of another region', () => {
    expect(() => cloudWatchOf(...pair, composite('ALARM(low)', 'us-east-1', []))).toThrow(/reads us-east-1 low/);
  });
});

describe('lines that functions print', () => {
  const read = (
    cloudwatch: CloudWatch,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    statistic = 'Sum',
  ) => cloudwatch.read({ metric: { ...METRIC, name, dimensions }, statistic, periodMs: 60_000 }, 60_000);

  it('embedded metrics: each dimension set, lists of values, and what the format does not allow left out', async () => {
    const { cloudwatch, run } = cloudWatchOf();
    const directive = {
      Namespace: METRIC.namespace,
      Dimensions: [['Region'], ['Region', 'Peer'], ['Absent'], []],
      Metrics: [{ Name: 'A' }, { Name: 'B' }, { Name: 'Text' }],
    };
    const line = {
      _aws: { CloudWatchMetrics: [directive] },
      Region: 'mumbai',
      Peer: 'x',
      A: 2,
      B: [1, 2, 3],
      Text: 'no',
    };
    cloudwatch.ingestLogLine(MUMBAI, 'f', JSON.stringify(line));
    await run(5);
    expect(read(cloudwatch, 'A', { Region: 'mumbai' })).toBe(2);
    expect(read(cloudwatch, 'A', { Peer: 'x', Region: 'mumbai' })).toBe(2);
    expect(read(cloudwatch, 'A', {})).toBe(2);
    expect(read(cloudwatch, 'B', { Region: 'mumbai' }, 'SampleCount')).toBe(3);
    expect([...cloudwatch.seenMetrics()]).toHaveLength(6);
  });

  test.each<[string, string, Values | undefined]>([
    ['a record of level INFO', '{"level":"INFO","message":"m"}', { level: 'INFO', message: 'm' }],
    ['one of level DEBUG', '{"level":"debug","message":"m"}', undefined],
    ['metrics alone', JSON.stringify(embedded({ A: 1 })), undefined],
    [
      'metrics with a level',
      JSON.stringify({ ...embedded({ A: 1 }), level: 'WARN' }),
      { Region: 'mumbai', level: 'WARN' },
    ],
    [
      'plain text',
      'Task timed out after 2.00 seconds',
      { level: 'INFO', message: 'Task timed out after 2.00 seconds' },
    ],
    ['text that begins with a brace', '{oops', { level: 'INFO', message: '{oops' }],
    ['JSON without a level', '{"type":"platform.report"}', undefined],
  ])('%s', (_name, line, record) => {
    const { cloudwatch, world } = cloudWatchOf();
    cloudwatch.ingestLogLine(MUMBAI, 'f', line);
    const logged = world.events.ofKind('log').map((event) => [event.region, event.functionName, event.record]);
    expect(logged).toEqual(record ? [['mumbai', 'f', record]] : []);
  });

  it('metrics that the runtime wrapped into a message are no metrics', () => {
    const { cloudwatch } = cloudWatchOf();
    const wrapped = { level: 'INFO', message: embedded({ A: 1 }) };
    cloudwatch.ingestLogLine(MUMBAI, 'f', JSON.stringify(wrapped));
    expect(cloudwatch.seenMetrics().size).toBe(0);
  });
});

test.each<[string, number]>([
  ['Sum', 110],
  ['Average', 11],
  ['Minimum', 2],
  ['Maximum', 20],
  ['SampleCount', 10],
  ['p50', 11],
  ['p90', 18.2],
  ['p100', 20],
])('%s of 2, 4 ... 20 is %d', async (statistic, expected) => {
  // Samples are kept for percentiles that an alarm reads.
  const read = statistic.startsWith('p') ? [alarm({ statistic: undefined, extended_statistic: statistic })] : [];
  const { cloudwatch, put, run } = cloudWatchOf(...read);
  for (let value = 2; value <= 20; value += 2) put(value);
  await run(5);
  expect(cloudwatch.read({ metric: METRIC, statistic, periodMs: 60_000 }, 60_000)).toBeCloseTo(expected, 9);
});

it('fails on a percentile that no alarm reads: samples are not kept for it', async () => {
  const { cloudwatch, put, run } = cloudWatchOf(alarm());
  put(1);
  await run(5);
  const read = (): unknown => cloudwatch.read({ metric: METRIC, statistic: 'p99', periodMs: 60_000 }, 60_000);
  expect(read).toThrow(/announce it/);
});

it('tells which watched metrics nothing emits', () => {
  const { cloudwatch, put } = cloudWatchOf(alarm(), alarm({ metric_name: 'Typo' }, 'blind'));
  put(1);
  const seen = cloudwatch.seenMetrics();
  const blind = [...cloudwatch.watchedMetrics()].filter(([key]) => !seen.has(key)).flatMap(([, alarms]) => alarms);
  expect(blind).toEqual(['aws_cloudwatch_metric_alarm.blind']);
});

test.each<[string, Values, RegExp]>([
  ['a statistic it cannot compute', { statistic: 'IQM' }, /statistic "IQM"/],
  ['a period of 45 s', { period: 45 }, /period 45/],
  ['more datapoints than periods', { datapoints_to_alarm: 4 }, /datapoints_to_alarm 4/],
  ['no threshold', { threshold: null }, /threshold/],
  ['an anomaly comparison', { comparison_operator: 'GreaterThanUpperThreshold' }, /GreaterThanUpperThreshold/],
  ['an unknown treatment', { treat_missing_data: 'guess' }, /"guess"/],
  ['an action that is no topic', { alarm_actions: ['arn:aws:automate:ap-south-1:ec2:stop'] }, /no SNS topic/],
])('fails on %s', (_name, values, message) => {
  const build = () => cloudWatchOf(alarm(values));
  expect(build).toThrow(InputError);
  expect(build).toThrow(message);
});
