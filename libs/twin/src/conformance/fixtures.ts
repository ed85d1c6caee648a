// Test fixtures: a Graph from plain resources whose values are already resolved, and a world with nothing in it.
import { TWIN_ACCOUNT_ID, type Graph, type Resource } from '@dr/terraform-json';
import { FaultState } from '../faults';
import { RegionNames, type RegionId } from '../region-names';
import { EventLog } from '../event-log';
import { randomSource } from '../kernel/random';
import { Scheduler } from '../kernel/scheduler';
import { Network } from '../network';
import type { KnownSystem, World } from '../world';

export const REGIONS: readonly RegionId[] = [
  { name: 'mumbai', awsRegion: 'ap-south-1' },
  { name: 'singapore', awsRegion: 'ap-southeast-1' },
];

export interface PlainResource {
  readonly type: string;
  readonly name: string;
  readonly awsRegion: string;
  readonly values: Values;
}

type Values = Readonly<Record<string, unknown>>;

/** Resources of one region, as Terraform's JSON has them: type -> name -> values. */
export const resourcesIn = (
  awsRegion: string,
  byType: Readonly<Record<string, Readonly<Record<string, Values>>>>,
): PlainResource[] =>
  Object.entries(byType).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, values]) => ({ type, name, awsRegion, values })),
  );

/** A policy document as text. */
export const policy = (...Statement: Values[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

/** A queue and a policy that lets services send to it. */
export const queueIn = (awsRegion: string, name: string, Service: string | readonly string[]): PlainResource[] => {
  const Resource = `arn:aws:sqs:${awsRegion}:${TWIN_ACCOUNT_ID}:${name}`;
  const lets = { Effect: 'Allow', Principal: { Service }, Action: 'sqs:SendMessage', Resource };
  return resourcesIn(awsRegion, {
    aws_sqs_queue: { [name]: { name, id: name } },
    aws_sqs_queue_policy: { [name]: { queue_url: name, policy: policy(lets) } },
  });
};

/** Attributes a test needs beyond these (an ARN, a DNS name) are given in `values`, as AWS would compute them. */
export function graphOf(plain: readonly PlainResource[], directory = '/nowhere'): Graph {
  const resources = plain.map((one): Resource => ({
    ...one,
    address: `${one.type}.${one.name}`,
    mode: 'managed',
    references: {},
    dependsOn: [],
  }));
  const attribute = (resource: Resource, name: string): unknown =>
    resource.values[name] ?? (name === 'arn' ? arnOf(resource) : name === 'id' ? idOf(resource) : undefined);
  const ofType = (type: string): readonly Resource[] => resources.filter((one) => one.type === type);
  return {
    directory,
    resources,
    outputs: {},
    unknown: [],
    modules: [],
    ofType,
    get: (address) => resources.find((one) => one.address === address),
    find: (type, name, value) => ofType(type).find((one) => attribute(one, name) === value),
    attribute,
  };
}

export function worldOf(
  options: { readonly seed?: number; readonly regions?: readonly RegionId[]; readonly system?: KnownSystem } = {},
): World {
  const { regions = REGIONS, system = {} } = options;
  const scheduler = new Scheduler();
  const random = randomSource(options.seed ?? 1);
  const regionNames = new RegionNames(regions);
  const events = new EventLog(() => scheduler.now(), regionNames);
  const faults = new FaultState(regionNames, events, random.stream('faults'), system.entryFunction);
  return {
    scheduler,
    random,
    events,
    faults,
    network: new Network(scheduler, faults),
    regions,
    regionNames,
    accountId: TWIN_ACCOUNT_ID,
    system,
  };
}

const idOf = (resource: Resource): unknown => {
  const { values } = resource;
  return values['function_name'] ?? values['name'] ?? values['alarm_name'] ?? resource.name;
};

function arnOf(resource: Resource): string {
  const { type, awsRegion: region, values } = resource;
  const arn = (service: string, rest: string, at = region): string =>
    `arn:aws:${service}:${at}:${TWIN_ACCOUNT_ID}:${rest}`;
  const name = String(values['name'] ?? resource.name);
  switch (type) {
    case 'aws_lambda_function':
      return arn('lambda', `function:${String(values['function_name'])}`);
    case 'aws_lambda_alias':
      return arn('lambda', `function:${String(values['function_name'])}:${name}`);
    case 'aws_dynamodb_table':
      return arn('dynamodb', `table/${name}`);
    case 'aws_sns_topic':
      return arn('sns', name);
    case 'aws_cloudwatch_metric_alarm':
    case 'aws_cloudwatch_composite_alarm':
      return arn('cloudwatch', `alarm:${String(values['alarm_name'])}`);
    case 'aws_cloudwatch_event_rule':
      return arn('events', `rule/${name}`);
    case 'aws_iam_role':
      return arn('iam', `role/${name}`, '');
    case 'aws_iam_policy':
      return arn('iam', `policy/${name}`, '');
    case 'aws_sqs_queue':
      return arn('sqs', name);
    case 'aws_secretsmanager_secret':
      return arn('secretsmanager', `secret:${name}-AbCdEf`);
    case 'aws_lb':
      return arn('elasticloadbalancing', `loadbalancer/app/${name}/0123456789abcdef`);
    case 'aws_lb_target_group':
      return arn('elasticloadbalancing', `targetgroup/${name}/0123456789abcdef`);
    default:
      return arn(type.replace(/^aws_/, ''), resource.name);
  }
}
