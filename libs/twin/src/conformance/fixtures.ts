// Test fixtures: a Graph from plain resources whose values are already resolved, and a world with nothing in it.
import { TWIN_ACCOUNT_ID, type Graph, type Resource } from '@dr/terraform-json';
import type { RegionId } from '../region-names';
import { makeWorld, type World, type WorldOptions } from '../world';

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
export function graphOf(plain: readonly PlainResource[]): Graph {
  const resources = plain.map((one): Resource => ({
    ...one,
    address: `${one.type}.${one.name}`,
    mode: 'managed',
    references: {},
    dependsOn: [],
  }));
  const attribute = (resource: Resource, name: string): unknown =>
    resource.values[name] ?? (Object.hasOwn(COMPUTED, name) ? COMPUTED[name]?.(resource) : undefined);
  const ofType = (type: string): readonly Resource[] => resources.filter((one) => one.type === type);
  return {
    directory: '/nowhere',
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

export const worldOf = (options: Partial<WorldOptions> = {}): World =>
  makeWorld({ regions: REGIONS, seed: 1, ...options });

const nameOf = ({ values, name }: Resource): string =>
  String(values['function_name'] ?? values['name'] ?? values['alarm_name'] ?? name);

const COMPUTED: Readonly<Record<string, (resource: Resource) => unknown>> = {
  id: nameOf,
  arn: arnOf,
  arn_suffix: (resource) => String(resource.values['arn'] ?? arnOf(resource)).replace(/^.*:(loadbalancer\/)?/, ''),
};

const TOKEN = '/0123456789abcdef';
/** Service, and what stands before and behind the name in an ARN. */
const ARNS: Readonly<Record<string, readonly [service: string, before: string, behind?: string]>> = {
  aws_lambda_function: ['lambda', 'function:'],
  aws_lambda_alias: ['lambda', 'function:'],
  aws_dynamodb_table: ['dynamodb', 'table/'],
  aws_sns_topic: ['sns', ''],
  aws_cloudwatch_metric_alarm: ['cloudwatch', 'alarm:'],
  aws_cloudwatch_composite_alarm: ['cloudwatch', 'alarm:'],
  aws_cloudwatch_event_rule: ['events', 'rule/'],
  aws_iam_role: ['iam', 'role/'],
  aws_iam_policy: ['iam', 'policy/'],
  aws_sqs_queue: ['sqs', ''],
  aws_secretsmanager_secret: ['secretsmanager', 'secret:', '-AbCdEf'],
  aws_lb: ['elasticloadbalancing', 'loadbalancer/app/', TOKEN],
  aws_lb_target_group: ['elasticloadbalancing', 'targetgroup/', TOKEN],
};

function arnOf(resource: Resource): string {
  const { type, awsRegion, values, name } = resource;
  const [service, before, behind = ''] = ARNS[type] ?? [type.replace(/^aws_/, ''), ''];
  const alias = type === 'aws_lambda_alias' ? `:${String(values['name'])}` : '';
  const named = ARNS[type] ? nameOf(resource) : name;
  return `arn:aws:${service}:${service === 'iam' ? '' : awsRegion}:${TWIN_ACCOUNT_ID}:${before}${named}${alias}${behind}`;
}
