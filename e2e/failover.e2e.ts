// The emulated AWS fails over: names with TTLs, health checkers with thresholds. A rule ticks in the background meanwhile.
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetHealthCheckLastFailureReasonCommand,
  GetHealthCheckStatusCommand,
  type HealthCheckObservation,
} from '@aws-sdk/client-route-53';
import { setTimeout as pause } from 'node:timers/promises';
import { CHECKERS } from '@dr/contracts';
import {
  ALIASED,
  FAILOVER,
  INTERVAL_SECONDS,
  linesOf,
  makeSystem,
  MUMBAI,
  regional,
  SHARED,
  SINGAPORE,
  THRESHOLD,
  throttle,
  TTL_SECONDS,
  unthrottle,
  ZONE,
  type DrillSystem,
} from './support/drill-system';
import { makeFunction } from './support/edge-region';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { EmulatedEdge } from './support/emulated-edge';
import { unsignedCall } from './support/unsigned-call';

/** A checker's phase, the further intervals of the threshold, and the probes themselves on a busy machine. */
const FLIP_LIMIT_SECONDS = THRESHOLD * INTERVAL_SECONDS + 20;

let aws: EmulatedAws;
let edge: EmulatedEdge;
let system: DrillSystem;
let ruleMadeMs: number;

beforeAll(async () => {
  aws = await startEmulatedAws();
  edge = new EmulatedEdge(aws.endpoint);
  system = await makeSystem(aws.endpoint);
  // Of its own: one that is throttled to 0 would lose the tick, as on AWS.
  await everyMinute(await makeFunction(system.mumbai, { ...system, name: 'ticker' }));
});

afterAll(() => aws?.stop());

const events = (action: string, body: unknown) =>
  unsignedCall({
    endpoint: aws.endpoint,
    region: MUMBAI,
    service: 'events',
    method: 'POST',
    target: `AWSEvents.${action}`,
    body,
  });

async function everyMinute(functionArn: string): Promise<void> {
  ruleMadeMs = Date.now();
  await events('PutRule', { Name: 'every-minute', ScheduleExpression: 'rate(1 minute)' });
  await events('PutTargets', { Rule: 'every-minute', Targets: [{ Id: 'function', Arn: functionArn }] });
}

/** Seconds until the name leads to the region, from somewhere near `near`. */
async function secondsUntil(name: string, region: string, near?: string): Promise<number> {
  const begun = Date.now();
  const seconds = () => (Date.now() - begun) / 1_000;
  while (seconds() < FLIP_LIMIT_SECONDS) {
    const { records } = await edge.ask(name, 'A', near);
    if (records.some(({ type, data }) => type === 'CNAME' && data === `${region}.${ZONE}`)) return seconds();
    await pause(250);
  }
  throw new Error(`${name} did not lead to ${region} within ${FLIP_LIMIT_SECONDS} s`);
}

const leadsTo = async (name: string, near?: string) => (await edge.ask(name, 'A', near)).records[0]?.data;

describe('names', () => {
  test('a CNAME has its TTL, the alias behind it 60 s, and the address is the front door', async () => {
    const { code, records } = await edge.ask(SHARED, 'A', SINGAPORE);
    const name = regional(system.singapore);
    expect(code).toBe('NOERROR');
    expect(records).toEqual([
      { name: SHARED, type: 'CNAME', ttl: TTL_SECONDS, data: name },
      { name, type: 'A', ttl: 60, data: await edge.addressOf(system.singapore.loadBalancerDnsName) },
    ]);
  });

  test('latency: each client is led to the region near it', async () => {
    expect(await leadsTo(SHARED, MUMBAI)).toBe(regional(system.mumbai));
    expect(await leadsTo(SHARED, SINGAPORE)).toBe(regional(system.singapore));
  });

  test('a name that is not there, a type that is not there, a zone that is not there', async () => {
    expect(await edge.ask(`nothing.${ZONE}`)).toEqual({ code: 'NXDOMAIN', records: [] });
    expect(await edge.ask(regional(system.mumbai), 'AAAA')).toEqual({ code: 'NOERROR', records: [] });
    expect(await edge.ask('elsewhere.test')).toEqual({ code: 'REFUSED', records: [] });
  });

  test('the zone names its servers', async () => {
    const { records } = await edge.ask(ZONE, 'NS');
    expect(records.length).toBe(4);
    expect(records.every(({ type, data }) => type === 'NS' && data.includes('awsdns'))).toBe(true);
  });
});

describe('failover', () => {
  const observations = async (command: 'status' | 'failure'): Promise<readonly HealthCheckObservation[]> => {
    const HealthCheckId = system.healthCheckIds[0];
    const answer =
      command === 'status'
        ? await system.route53.send(new GetHealthCheckStatusCommand({ HealthCheckId }))
        : await system.route53.send(new GetHealthCheckLastFailureReasonCommand({ HealthCheckId }));
    return answer.HealthCheckObservations ?? [];
  };
  const statuses = async (command: 'status' | 'failure') =>
    (await observations(command)).map(({ StatusReport }) => StatusReport?.Status);

  const stateOfTarget = async () => {
    const group = new DescribeTargetHealthCommand({ TargetGroupArn: system.mumbai.targetGroupArn });
    return (await system.mumbai.elb.send(group)).TargetHealthDescriptions?.[0]?.TargetHealth;
  };

  test('every checker has found a healthy endpoint, and so has the load balancer', async () => {
    for (let second = 0; second < INTERVAL_SECONDS && (await stateOfTarget())?.State === 'initial'; second += 1) {
      await pause(1_000);
    }
    expect(await stateOfTarget()).toMatchObject({ State: 'healthy' });
    expect(await edge.addressOf(ALIASED, MUMBAI)).toBe(await edge.addressOf(regional(system.mumbai)));
    for (let second = 0; second < INTERVAL_SECONDS + 10; second += 1) {
      if ((await statuses('status')).length === CHECKERS) break;
      await pause(1_000);
    }
    const seen = await observations('status');
    expect(new Set(seen.map(({ Region }) => Region)).size).toBe(CHECKERS / 2);
    expect(seen.map(({ StatusReport }) => StatusReport?.Status)).toEqual(
      Array.from({ length: CHECKERS }, () => expect.stringMatching(/^Success: HTTP Status Code 200/) as string),
    );
    expect(await statuses('failure')).toEqual([]);
  });

  test('the threshold turns the records over, and not before', async () => {
    await throttle(system.mumbai, 0);
    const seconds = await secondsUntil(SHARED, SINGAPORE, MUMBAI);
    // 82 % of the checkers must each have failed in two probes, which are an interval apart.
    expect(seconds).toBeGreaterThan((THRESHOLD - 1) * INTERVAL_SECONDS);
    expect(await leadsTo(FAILOVER)).toBe(regional(system.singapore));
    expect(await stateOfTarget()).toMatchObject({ State: 'unhealthy', Reason: 'Target.ResponseCodeMismatch' });
    expect(await edge.addressOf(ALIASED, MUMBAI)).toBe(await edge.addressOf(regional(system.singapore)));
    expect(await statuses('failure')).toContainEqual(expect.stringMatching(/^Failure: HTTP Status Code 502/));
  });

  test('when all are unhealthy, all count as healthy, and failover answers the primary', async () => {
    await throttle(system.singapore, 0);
    await secondsUntil(SHARED, MUMBAI, MUMBAI);
    expect(await leadsTo(SHARED, SINGAPORE)).toBe(regional(system.singapore));
    expect(await leadsTo(FAILOVER)).toBe(regional(system.mumbai));
  });

  test('a region that answers again gets its clients back', async () => {
    await unthrottle(system.singapore);
    await secondsUntil(SHARED, SINGAPORE, MUMBAI);
    await unthrottle(system.mumbai);
    expect(await secondsUntil(SHARED, MUMBAI, MUMBAI)).toBeGreaterThan(((THRESHOLD - 1) * INTERVAL_SECONDS) / 2);
    expect(await leadsTo(FAILOVER)).toBe(regional(system.mumbai));
  });
});

test('a rule invokes its function every minute, with the event of EventBridge', async () => {
  const ticks = () => linesOf(system.eventsFile) as { source?: string; time: string }[];
  while (Date.now() < ruleMadeMs + 70_000 && ticks().length === 0) await pause(1_000);
  const [tick] = ticks();
  expect(tick).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '123456789012',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
    region: MUMBAI,
    resources: [`arn:aws:events:${MUMBAI}:123456789012:rule/every-minute`],
    detail: {},
  });
  const firstMs = Date.parse(tick!.time) - ruleMadeMs;
  expect(firstMs).toBeGreaterThan(55_000);
  expect(firstMs).toBeLessThan(70_000);
});
