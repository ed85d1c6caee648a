// Plants a fault into our own synthesized stack and says what the drill would find. For tests.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseStack } from '@dr/terraform-json';
import { OUR_SERVICE } from '../../systems/ours/serving';
import { whatCannotServe } from '..';

export type Json = Record<string, unknown>;
export type Stack = { resource: Record<string, Record<string, Json>>; [key: string]: unknown };

export const golden = (): Stack =>
  JSON.parse(readFileSync(resolve(__dirname, '../../../../../golden/cdk.tf.json'), 'utf8')) as Stack;

/** What would stop the stack: findings, or the error that refuses it. */
export function judged(plant: (stack: Stack) => void): string {
  const stack = golden();
  plant(stack);
  try {
    return whatCannotServe(parseStack(stack, '/stack'), OUR_SERVICE)
      .map(({ address, sentence }) => `${address} ${sentence}`)
      .join('\n');
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

export const at = (stack: Stack, address: string): Json => {
  const [type = '', name = ''] = address.split('.');
  const body = stack.resource[type]?.[name];
  if (!body) throw new Error(`the golden stack has no ${address}`);
  return body;
};
export const set =
  (address: string, values: Json) =>
  (stack: Stack): void =>
    void Object.assign(at(stack, address), values);
export const drop =
  (address: string) =>
  (stack: Stack): void => {
    at(stack, address);
    const [type = '', name = ''] = address.split('.');
    delete stack.resource[type]?.[name];
    // Nobody is to refer to what is gone, but by depends_on.
    for (const byName of Object.values(stack.resource)) {
      for (const body of Object.values(byName)) {
        if (Array.isArray(body['depends_on']))
          body['depends_on'] = (body['depends_on'] as string[]).filter((one) => one !== address);
      }
    }
  };
export const add =
  (address: string, body: Json) =>
  (stack: Stack): void => {
    const [type = '', name = ''] = address.split('.');
    (stack.resource[type] ??= {})[name] = { provider: 'aws.mumbai', ...body };
  };
export const all =
  (...plants: ((stack: Stack) => void)[]) =>
  (stack: Stack): void =>
    plants.forEach((plant) => plant(stack));
export const told =
  (address: string, variables: Json) =>
  (stack: Stack): void => {
    const environment = at(stack, address)['environment'] as { variables: Json };
    Object.assign(environment.variables, variables);
  };
export const zone = (body: Json) => (stack: Stack) => {
  Object.assign((stack['data'] as Record<string, Record<string, Json>>)['aws_route53_zone']?.['zone'] ?? {}, body);
};
export const provider = (index: number, region: string) => (stack: Stack) => {
  const aws = (stack['provider'] as { aws: Json[] }).aws;
  (aws[index] as Json)['region'] = region;
};
export const output = (name: string, value: unknown) => (stack: Stack) => {
  (stack['output'] as Record<string, Json>)[name] = { value };
};

export const VPC = '${aws_vpc.mumbai_network_vpc.id}';
export const ROUTES = '${aws_route_table.mumbai_network_routes.id}';
export const PUBLIC_A = '${aws_subnet.mumbai_network_public_a.id}';
export const GROUP = '${aws_security_group.mumbai_network_alb_security_group.id}';
export const ALB_ARN = '${aws_lb.mumbai_alb.arn}';
export const FORWARD = (group: string): Json[] => [
  { type: 'forward', target_group_arn: `\${aws_lb_target_group.${group}.arn}` },
];
export const inPrivateSubnet = all(
  add('aws_subnet.private', { vpc_id: VPC, cidr_block: '10.0.9.0/24' }),
  add('aws_route_table.private', { vpc_id: VPC }),
  add('aws_route_table_association.private', {
    subnet_id: '${aws_subnet.private.id}',
    route_table_id: '${aws_route_table.private.id}',
  }),
  add('aws_security_group.fn', { vpc_id: VPC, egress: [{ protocol: '-1', cidr_blocks: ['0.0.0.0/0'] }] }),
  set('aws_lambda_function.mumbai_traffic_router', {
    vpc_config: { subnet_ids: ['${aws_subnet.private.id}'], security_group_ids: ['${aws_security_group.fn.id}'] },
  }),
);
export const nat = (more: Json = {}) =>
  all(
    inPrivateSubnet,
    add('aws_nat_gateway.n', { subnet_id: PUBLIC_A, allocation_id: 'eipalloc-1', ...more }),
    add('aws_route.out', {
      route_table_id: '${aws_route_table.private.id}',
      destination_cidr_block: '0.0.0.0/0',
      nat_gateway_id: '${aws_nat_gateway.n.id}',
    }),
  );

/** What is planted, and what must be found: a text, or a pattern. */
export type Plant = readonly [name: string, plant: (stack: Stack) => void, found: string | RegExp];

/** Plants into one resource; a text is what must be said of that resource. */
export const on = (
  address: string,
  plants: readonly (readonly [name: string, values: Json, found: string | RegExp])[],
): Plant[] =>
  plants.map(([name, values, found]) => [
    name,
    set(address, values),
    typeof found === 'string' ? `${address} ${found}` : found,
  ]);

/** One test for each. */
export const isFound = (plants: readonly Plant[]): void =>
  test.each(plants)('is found by name: %s', (_, into, found) => {
    if (typeof found === 'string') expect(judged(into)).toContain(found);
    else expect(judged(into)).toMatch(found);
  });
