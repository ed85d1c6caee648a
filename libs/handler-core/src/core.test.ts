// Event shells, deadlines and telemetry of the handler core.
import { METRICS } from '@dr/contracts/system';
import {
  Canceller,
  DeadlineError,
  FakeClock,
  abortSignalOf,
  createTelemetry,
  decodeAlarm,
  decodeAlarmEvent,
  decodeAlb,
  decodeSns,
  encodeAlb,
  readRecovery,
  readSettings,
  withDeadline,
  type Cancellation,
} from './index';

const albEvent = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  requestContext: { elb: { targetGroupArn: 'arn' } },
  httpMethod: 'GET',
  path: '/items/a%20b',
  queryStringParameters: { before: '2026%23x', limit: '5' },
  headers: { 'User-Agent': 'x' },
  body: '',
  isBase64Encoded: false,
  ...over,
});

describe('load balancer events', () => {
  it('keep the path as sent, decode the query, lower-case the headers', () => {
    expect(decodeAlb(albEvent())).toEqual({
      method: 'GET',
      path: '/items/a%20b',
      query: { before: '2026#x', limit: '5' },
      headers: { 'user-agent': 'x' },
      body: '',
    });
  });

  it('are decoded from base64 and from multi-value mode, and answered in the same mode', () => {
    const event = albEvent({
      body: Buffer.from('{"ü":1}').toString('base64'),
      isBase64Encoded: true,
      headers: undefined,
      queryStringParameters: undefined,
      multiValueHeaders: { Accept: ['a', 'b'], 'If-Match': ['"a"', '"b"'] },
      multiValueQueryStringParameters: { limit: ['1', '2'] },
    });
    expect(decodeAlb(event)).toMatchObject({
      body: '{"ü":1}',
      headers: { accept: 'b', 'if-match': '"a", "b"' },
      query: { limit: '2' },
    });
    const response = { status: 200, headers: { etag: 'x' }, body: '' };
    expect(encodeAlb(event, response)).toMatchObject({ multiValueHeaders: { etag: ['x'] } });
    expect(encodeAlb(albEvent(), response)).toMatchObject({ statusCode: 200, headers: { etag: 'x' } });
  });

  it.each([null, {}, { Records: [] }, 'text'])('fails to decode %j', (event) =>
    expect(decodeAlb(event)).toBeUndefined(),
  );
});

const SNS_SAMPLE = {
  AlarmName: 'dr-mumbai-route53-unhealthy',
  NewStateValue: 'ALARM',
  StateChangeTime: '2026-11-01T00:01:00.123+0000',
};
const DATA_POINT =
  'Threshold Crossed: 1 out of the last 1 datapoints [0.0 (31/10/26 23:57:00)] was less than the threshold (1.0) ' +
  '(minimum 1 datapoint for OK -> ALARM transition).';
const CHANGED_MS = Date.parse('2026-11-01T00:01:00.123Z');

/** CloudWatch user guide, "Alarm events and EventBridge", the event of a single-metric alarm; long reasons cut. */
const EVENT_SAMPLE = {
  version: '0',
  id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account: '123456789012',
  time: '2019-10-02T17:04:40Z',
  region: 'us-east-1',
  resources: ['arn:aws:cloudwatch:us-east-1:123456789012:alarm:ServerCpuTooHigh'],
  detail: {
    alarmName: 'ServerCpuTooHigh',
    configuration: {
      description: 'Goes into alarm when server CPU utilization is too high!',
      metrics: [
        {
          id: '30b6c6b2-a864-43a2-4877-c09a1afc3b87',
          metricStat: {
            metric: {
              dimensions: { InstanceId: 'i-12345678901234567' },
              name: 'CPUUtilization',
              namespace: 'AWS/EC2',
            },
            period: 300,
            stat: 'Average',
          },
          returnData: true,
        },
      ],
    },
    previousState: { reason: 'Threshold Crossed', timestamp: '2019-10-01T13:56:40.987+0000', value: 'OK' },
    state: {
      reason:
        'Threshold Crossed: 1 out of the last 1 datapoints [99.50160229693434 (02/10/19 16:59:00)] was greater than',
      timestamp: '2019-10-02T17:04:40.989+0000',
      value: 'ALARM',
    },
  },
};

describe('SNS events', () => {
  const alarm = SNS_SAMPLE;

  it('carry alarms with the time of their state change', () => {
    const [text = ''] = decodeSns({ Records: [{ Sns: { Message: JSON.stringify(alarm) } }] }) ?? [];
    expect(decodeAlarm(text)).toEqual({
      alarmName: alarm.AlarmName,
      state: 'ALARM',
      changedAtMs: CHANGED_MS,
      sinceMs: CHANGED_MS,
    });
  });

  it.each<[string, object, number]>([
    ['the end of its data point', {}, Date.parse('2026-10-31T23:58:00Z')],
    [
      'the end of the earliest of several',
      { NewStateReason: `${DATA_POINT} [0.0 (31/10/26 23:56:00)]` },
      Date.parse('2026-10-31T23:57:00Z'),
    ],
    ['the change, without a period', { Trigger: {} }, CHANGED_MS],
    ['the change, without a data point', { NewStateReason: 'set by hand' }, CHANGED_MS],
    ['the change, where the data point is no time', { NewStateReason: '[0.0 (99/99/26 23:57:00)]' }, CHANGED_MS],
    ['the change, where the data point is of another day', { NewStateReason: '[0.0 (30/10/26 23:57:00)]' }, CHANGED_MS],
    ['the change, where the data point is of later', { NewStateReason: '[0.0 (01/11/26 00:00:30)]' }, CHANGED_MS],
    ['the change, where the reason is no text', { NewStateReason: 7 }, CHANGED_MS],
  ])('say since when: %s', (_name, more, sinceMs) => {
    const told = { ...alarm, NewStateReason: DATA_POINT, Trigger: { Period: 60 }, ...more };
    expect(decodeAlarm(JSON.stringify(told))).toMatchObject({ changedAtMs: CHANGED_MS, sinceMs });
  });

  it.each([
    'not json',
    'null',
    JSON.stringify({ kind: 'dr-transition', id: 'mumbai#1#Route53Failover' }),
    JSON.stringify({ ...alarm, NewStateValue: 'MAYBE' }),
    JSON.stringify({ ...alarm, StateChangeTime: 'yesterday' }),
  ])('fails to find an alarm in %s', (text) => expect(decodeAlarm(text)).toBeUndefined());
});

describe('EventBridge alarm events', () => {
  it('are read as the message that SNS carries for the same state change', () => {
    const { AlarmName: alarmName, NewStateValue: value, StateChangeTime: timestamp } = SNS_SAMPLE;
    const state = { ...EVENT_SAMPLE.detail.state, value, timestamp };
    const event = { ...EVENT_SAMPLE, detail: { ...EVENT_SAMPLE.detail, alarmName, state } };
    expect(decodeAlarmEvent(event)).toEqual(decodeAlarm(JSON.stringify(SNS_SAMPLE)));
  });

  it('give name, state and time of the example that AWS documents', () => {
    expect(decodeAlarmEvent(EVENT_SAMPLE)).toEqual({
      alarmName: 'ServerCpuTooHigh',
      state: 'ALARM',
      changedAtMs: Date.parse('2019-10-02T17:04:40.989Z'),
      sinceMs: Date.parse('2019-10-02T17:04:00.000Z'),
    });
  });

  it.each([
    ['no event', null],
    ['a schedule', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }],
    ['a change of configuration', { ...EVENT_SAMPLE, 'detail-type': 'CloudWatch Alarm Configuration Change' }],
    ['an event of someone else', { ...EVENT_SAMPLE, source: 'com.example' }],
    ['one without a state', { ...EVENT_SAMPLE, detail: { alarmName: 'x' } }],
    ['one without a time', { ...EVENT_SAMPLE, detail: { alarmName: 'x', state: { value: 'ALARM' } } }],
  ])('fails to find an alarm in %s', (_name, event) => expect(decodeAlarmEvent(event)).toBeUndefined());
});

describe('deadlines', () => {
  it('answer at the limit, abort the work, and leave no timer behind', async () => {
    const clock = new FakeClock();
    let signal: Cancellation | undefined;
    const late = withDeadline(clock, 400, (given) => {
      signal = given;
      return new Promise<never>(() => undefined);
    });
    const outcome = expect(late).rejects.toBeInstanceOf(DeadlineError);
    await clock.advance(399);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    await outcome;
    expect(signal?.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('end each call once, and a call of Node too', () => {
    const canceller = new Canceller();
    const heard: unknown[] = [];
    const left: unknown[] = [];
    const leave = (): void => void left.push(canceller.reason);
    canceller.addEventListener('abort', () => heard.push(canceller.reason));
    canceller.addEventListener('abort', leave);
    canceller.removeEventListener('abort', leave);
    const ofNode = abortSignalOf(canceller);
    expect(() => canceller.throwIfAborted()).not.toThrow();
    canceller.abort('late');
    canceller.abort('again');
    expect([heard, left, ofNode.reason]).toEqual([['late'], [], 'late']);
    expect([ofNode.aborted, abortSignalOf(canceller).aborted]).toEqual([true, true]);
    expect(() => canceller.throwIfAborted()).toThrow('late');
  });

  it("answer once: what becomes of the work after the limit is nobody's failure", async () => {
    const clock = new FakeClock();
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    let fail = (): void => undefined;
    const late = withDeadline(
      clock,
      400,
      () => new Promise((_resolve, reject) => (fail = () => reject(new Error('x')))),
    );
    const outcome = expect(late).rejects.toBeInstanceOf(DeadlineError);
    await clock.advance(400);
    await outcome;
    fail();
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('leave no timer behind when the work is done or fails first', async () => {
    const clock = new FakeClock();
    expect(await withDeadline(clock, 400, () => Promise.resolve(1))).toBe(1);
    await expect(withDeadline(clock, 400, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(clock.pending).toBe(0);
  });
});

describe('telemetry', () => {
  const started = () => {
    const clock = new FakeClock();
    const written: Record<string, unknown>[] = [];
    const write = (line: string): void => void written.push(JSON.parse(line) as Record<string, unknown>);
    return { clock, written, telemetry: createTelemetry({ clock, region: 'mumbai', functionName: 'f', write }) };
  };

  it('writes them in time while the wall clock goes back and forth', async () => {
    const { clock, written, telemetry } = started();
    telemetry.gauge(METRICS.healthVerdict, 1);
    telemetry.flush();
    for (let second = 0; second < 10; second += 1) {
      await clock.advance(1_000);
      // The wall clock stands where it was at the last flush.
      clock.stepWall(-1_000);
      telemetry.gauge(METRICS.healthVerdict, 1);
      telemetry.flush();
    }
    expect(written).toHaveLength(2);
  });

  it('writes one metrics line a set of dimensions, at most once in 10 s, and loses no count', async () => {
    const { clock, written, telemetry } = started();
    for (let second = 0; second < 25; second += 1) {
      telemetry.count(METRICS.tableThrottled);
      telemetry.observe(METRICS.healthLatency, second);
      telemetry.gauge(METRICS.peerStaleness, second, { dimensions: { Peer: 'singapore' } });
      telemetry.flush();
      await clock.advance(1000);
    }
    const values = (name: string): unknown[] => written.flatMap((line) => (name in line ? [line[name]] : []));
    expect(values('TableThrottled')).toEqual([1, 10, 10]);
    expect(values('PeerStalenessSeconds')).toEqual([0, 10, 20]);
    expect(values('HealthLatencyMs')[1]).toHaveLength(10);
    expect(written[1]).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'DR/System',
            Dimensions: [['Region', 'Peer']],
            Metrics: [{ Name: 'PeerStalenessSeconds', Unit: 'Seconds', StorageResolution: 1 }],
          },
        ],
      },
      Region: 'mumbai',
      Peer: 'singapore',
    });
  });

  it('logs errors with their message', () => {
    const { written, telemetry } = started();
    telemetry.log('ERROR', 'failed', { error: new Error('boom', { cause: 'why' }) });
    expect(written).toMatchObject([
      { level: 'ERROR', message: 'failed', region: 'mumbai', error: { message: 'boom', cause: 'why' } },
    ]);
  });
});

describe('environment variables', () => {
  const variables = { DR_REGION: 'mumbai', AWS_REGION: 'ap-south-1', DR_SYSTEM: 'dr', DR_TABLE: 't', DR_PEERS: '[]' };

  it.each([
    [{ ...variables, DR_TABLE: undefined }, 'DR_TABLE'],
    [{ ...variables, DR_PEERS: '{' }, 'DR_PEERS'],
    [{ ...variables, DR_PEERS: '1' }, 'DR_PEERS'],
  ])('fails by name: %#', (given, name) => {
    expect(() => readSettings(given)).toThrow(name);
    expect(() => readRecovery(given)).toThrow('DR_RECOVERY');
  });
});
