// Status asks for what the stack makes: every name that it uses is the name of a resource in the synthesized stack.
import { parseConfig } from '@dr/contracts/system/config';
import { readStack } from '@dr/terraform-json';
import { join } from 'node:path';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the config is the user's file, at the root and in no project
import input from '../../../../../dr.config';
import { accountWith } from '../../testing/fake-account';
import { readAwsParts } from './aws';

const graph = readStack(join(__dirname, '..', '..', '..', '..', '..', 'golden', 'cdk.tf.json'));

/** `region/name` of all resources of a type. */
const made = (type: string, attribute: string): string[] =>
  graph
    .ofType(type)
    .map(({ awsRegion, values }) => `${awsRegion}/${String(values[attribute])}`)
    .sort();

test('of topics, target groups, functions, tables and health checks', async () => {
  const config = parseConfig(input);
  const asked = { topics: [] as string[], groups: [] as string[], functions: [] as string[], tables: [] as string[] };
  const account = accountWith();
  const { regions } = await readAwsParts(config, {
    askHealth: async () => ({ status: 200, reason: null }),
    nowMs: 0,
    reader: {
      ...account,
      healthChecks: async () =>
        graph
          .ofType('aws_route53_health_check')
          .map(({ values }, at) => ({ id: `c${at}`, host: String(values['fqdn']) })),
      subscriptions: async (awsRegion, arn) => {
        asked.topics.push(`${awsRegion}/${arn.split(':').pop()}`);
        return [];
      },
      targets: async (awsRegion, name) => {
        asked.groups.push(`${awsRegion}/${name}`);
        return [];
      },
      invocations: async (awsRegion, names) => {
        asked.functions.push(...names.map((name) => `${awsRegion}/${name}`));
        return new Map();
      },
      tableStatus: async (awsRegion, name) => {
        asked.tables.push(name);
        return account.tableStatus(awsRegion, name);
      },
    },
  });
  expect(asked.topics.sort()).toEqual(made('aws_sns_topic', 'name'));
  expect(asked.groups.sort()).toEqual(made('aws_lb_target_group', 'name'));
  expect(asked.functions.sort()).toEqual(made('aws_lambda_function', 'function_name'));
  expect(new Set(asked.tables)).toEqual(
    new Set(graph.ofType('aws_dynamodb_table').map(({ values }) => values['name'])),
  );
  for (const { healthCheck } of regions) expect(healthCheck).toMatchObject({ known: { checkers: 16 } });
});

test('behind an accelerator, of the target group that it goes by as well', async () => {
  const groups: string[] = [];
  const account = accountWith();
  const targets = async (_: string, name: string) => {
    groups.push(name);
    return [];
  };
  const config = parseConfig({ ...input, frontDoor: 'global-accelerator' });
  const reader = { ...account, targets };
  await readAwsParts(config, { askHealth: async () => ({ status: 200, reason: null }), nowMs: 0, reader });
  expect(groups.sort()).toEqual(
    ['mumbai', 'singapore'].flatMap((region) => ['front', 'health', 'router'].map((group) => `${region}-dr-${group}`)),
  );
});
