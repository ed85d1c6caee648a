// Test fixtures: a Graph from plain resources whose values are already resolved, and a world with nothing in it.
import { parseStack, TWIN_ACCOUNT_ID, type Graph } from '@dr/terraform-json';
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

/**
 * The resources as Terraform's JSON would have them; their texts hold no expressions. An attribute that AWS would compute, such as an
 * ARN, may be given in `values`. The id is the resource's name, unless it is given.
 */
export function graphOf(plain: readonly PlainResource[]): Graph {
  // A stack has one resource at least.
  const resource: Record<string, Record<string, Values>> = { terraform_data: { nothing: {} } };
  for (const { type, name, awsRegion, values } of plain) {
    const byName = (resource[type] ??= {});
    if (byName[name]) throw new Error(`two resources are ${type}.${name}`);
    const id = values['function_name'] ?? values['name'] ?? values['alarm_name'] ?? name;
    byName[name] = { id, ...literal(values), provider: `aws.${awsRegion}` };
  }
  const regions = [...new Set(plain.map(({ awsRegion }) => awsRegion))];
  const provider = { aws: regions.map((region) => ({ alias: region, region })) };
  return parseStack({ provider, resource }, '/nowhere');
}

const literal = (values: Values): Values => JSON.parse(JSON.stringify(values).replace(/([$%])\{/g, '$1$1{')) as Values;

export const worldOf = (options: Partial<WorldOptions> = {}): World =>
  makeWorld({ regions: REGIONS, seed: 1, ...options });
