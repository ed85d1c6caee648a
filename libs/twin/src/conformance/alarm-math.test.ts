// The alarms of our own stack: each goes off on data as late as AWS's are. Of those that compute, one metric that says nothing hides
// no other, and no traffic is no alarm.
import { readStack } from '@dr/terraform-json';
import { resolve } from 'node:path';
import type { Fault } from '@dr/contracts';
import { blockOf, blocksOf, textMapOf, textOf, type Resource, type Values } from '@dr/terraform-json';
import { CloudWatch } from '../services/cloudwatch/cloudwatch';
import type { MetricDatum } from '../services/ports';
import { REGIONS, worldOf } from './fixtures';

const graph = readStack(resolve(__dirname, '../../../../golden/cdk.tf.json'));
const MINUTES = 10;
const MANY = 1_000;

const computing = graph
  .ofType('aws_cloudwatch_metric_alarm')
  .filter(({ values }) => blocksOf(values, 'metric_query').some((query) => textOf(query, 'expression')));

const expressionOf = (values: Values): string =>
  blocksOf(values, 'metric_query')
    .map((query) => textOf(query, 'expression'))
    .find(Boolean) ?? '';

const idsOf = (values: Values): readonly string[] =>
  blocksOf(values, 'metric_query').flatMap((query) => (blockOf(query, 'metric') ? [String(query['id'])] : []));

/** The alarm's states while its metrics, by id, have those values every minute; a metric that is not named has no data. */
async function statesOf(address: string, metrics: Readonly<Record<string, number>>): Promise<readonly string[]> {
  const world = worldOf();
  const cloudwatch = new CloudWatch(world, graph);
  cloudwatch.start({ publish: () => ({ messageId: 'm' }) }, { emit: () => {} });
  const alarm = graph.get(address);
  if (!alarm) throw new Error(`no ${address}`);
  const data = blocksOf(alarm.values, 'metric_query').flatMap((query): MetricDatum[] => {
    const metric = blockOf(query, 'metric');
    const value = metrics[String(query['id'])];
    if (!metric || value === undefined) return [];
    const [namespace, name] = [textOf(metric, 'namespace') ?? '', textOf(metric, 'metric_name') ?? ''];
    return [{ awsRegion: alarm.awsRegion, namespace, name, dimensions: textMapOf(metric, 'dimensions'), value }];
  });
  for (let minute = 0; minute < MINUTES; minute += 1) {
    await world.scheduler.runUntil((minute + 0.5) * 60_000);
    for (const datum of data) cloudwatch.put(datum);
  }
  await world.scheduler.runUntil((MINUTES + 0.5) * 60_000);
  return world.events
    .ofKind('alarm')
    .filter((event) => event.alarm === alarm.values['alarm_name'])
    .map(({ state }) => state);
}

const simple = graph
  .ofType('aws_cloudwatch_metric_alarm')
  .filter(({ values }) => blocksOf(values, 'metric_query').length === 0);

/** A value on each side of the threshold. */
const beyond = ({ values }: Resource): readonly [breaching: number, sound: number] => {
  const threshold = Number(values['threshold']);
  return String(values['comparison_operator']).startsWith('Less')
    ? [threshold - 1, threshold]
    : [threshold + 1, threshold];
};

/** The states that a plain alarm goes through while its metric has that value every ten seconds. */
async function statesAt(alarm: Resource, value: number, fault?: Fault): Promise<readonly string[]> {
  const world = worldOf();
  const cloudwatch = new CloudWatch(world, graph);
  cloudwatch.start({ publish: () => ({ messageId: 'm' }) }, { emit: () => {} });
  const { values, awsRegion } = alarm;
  const [namespace, name] = [textOf(values, 'namespace') ?? '', textOf(values, 'metric_name') ?? ''];
  const datum = { awsRegion, namespace, name, dimensions: textMapOf(values, 'dimensions'), value };
  if (fault) world.faults.start(fault);
  for (let at = 5; at < MINUTES * 60; at += 10) {
    await world.scheduler.runUntil(at * 1000);
    cloudwatch.put(datum, namespace.startsWith('AWS/') ? 'standard' : 'high');
  }
  return world.events
    .ofKind('alarm')
    .filter((event) => event.alarm === values['alarm_name'] && event.region === regionName(awsRegion))
    .map(({ state }) => state);
}

const regionName = (awsRegion: string): string => REGIONS.find((one) => one.awsRegion === awsRegion)?.name ?? awsRegion;

test('the stack has alarms on metrics of AWS and on its own', () => {
  const namespaces = new Set(simple.map(({ values }) => textOf(values, 'namespace')));
  expect([...namespaces].sort()).toEqual(['AWS/ApplicationELB', 'AWS/DynamoDB', 'AWS/Route53', 'AWS/SQS', 'DR/System']);
});

test.each(simple.map((alarm) => [alarm.address, alarm] as const))(
  '%s goes off once its data have arrived, and not where nothing is wrong',
  async (_address, alarm) => {
    const [breaching, sound] = beyond(alarm);
    expect(await statesAt(alarm, breaching)).toEqual(['ALARM']);
    expect(await statesAt(alarm, sound)).toEqual([]);
  },
);

test.each(simple.map((alarm) => [alarm.address, alarm] as const))(
  '%s goes to ALARM for nothing while metrics are late',
  async (_address, alarm) => {
    const [, sound] = beyond(alarm);
    const region = regionName(alarm.awsRegion);
    const fault: Fault = { kind: 'metrics-late', region, startSeconds: 0, durationSeconds: 3_600 };
    expect(await statesAt(alarm, sound, fault)).not.toContain('ALARM');
  },
);

const sums = computing.filter(({ values }) => !expressionOf(values).includes('/'));
const ratios = computing.filter(({ values }) => expressionOf(values).includes('/'));

test('the stack has alarms of both forms', () => {
  expect([sums.length, ratios.length]).toEqual([4, 2]);
});

test.each(sums.flatMap(({ address, values }) => idsOf(values).map((id) => [address, id] as const)))(
  '%s goes off on %s alone, while the others have no data',
  async (address, id) => {
    expect(await statesOf(address, { [id]: MANY })).toContain('ALARM');
  },
);

test.each(sums.map(({ address }) => address))('%s is silent without any data, and on zeros', async (address) => {
  const ids = idsOf(graph.get(address)?.values ?? {});
  expect(await statesOf(address, {})).not.toContain('ALARM');
  expect(await statesOf(address, Object.fromEntries(ids.map((id) => [id, 0])))).not.toContain('ALARM');
});

test.each(sums)(
  '$address is filled, so it looks back beyond the two minutes whose data have not arrived',
  ({ values }) => {
    expect(expressionOf(values)).toMatch(/^FILL\(\w+, 0\)( \+ FILL\(\w+, 0\))*$/);
    expect(Number(values['datapoints_to_alarm'])).toBeLessThan(Number(values['evaluation_periods']) - 2);
  },
);

test.each(ratios.map(({ address }) => address))('%s takes no traffic and half of the data as no alarm', async (at) => {
  for (const metrics of [{}, { errors: MANY }, { invocations: MANY }, { errors: 0, invocations: 0 }]) {
    expect(await statesOf(at, metrics)).not.toContain('ALARM');
  }
  expect(await statesOf(at, { errors: 6, invocations: 100 })).toContain('ALARM');
  expect(await statesOf(at, { errors: 5, invocations: 100 })).not.toContain('ALARM');
});
