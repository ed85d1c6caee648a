// Functions behind an HTTP API and behind a function URL run as those behind a load balancer do.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDrill } from '../../run/drill';
import { placesOf, startTwin } from '../../run/start';
import { parseScenario } from '../../schedule/scenario';
import { A, B, both, check, checkedBy, foreignStack, type Body, type Resources } from '../../testing/foreign-stack';
import { declaredSystem, parseDeclaration } from '.';

const EXAMPLE = join(__dirname, '../../../../../docs/guides/system-example');
const DECLARED = parseDeclaration(readFileSync(join(EXAMPLE, 'system.json'), 'utf8'), 'system.json');
const directory = mkdtempSync(join(tmpdir(), 'fronts-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** The example's function, for events of format 2.0. */
const BUNDLE = join(directory, 'index.js');
writeFileSync(
  BUNDLE,
  readFileSync(join(EXAMPLE, 'orders/index.js'), 'utf8').replace(
    'async ({ httpMethod, path, body }) => {',
    'async ({ rawPath: path, requestContext, body }) => {\n  const httpMethod = requestContext.http.method;',
  ),
);

const in_ = (alias: string, body: Body): Body => ({ provider: `aws.${alias}`, ...body });
const POLICY = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' }] });

const BASE: Resources = {
  aws_dynamodb_table: {
    orders: in_('a', {
      ...{ name: 'orders', hash_key: 'pk', billing_mode: 'PAY_PER_REQUEST' },
      ...{ attribute: [{ name: 'pk', type: 'S' }], replica: [{ region_name: B }] },
    }),
  },
  aws_iam_role: { orders: { name: 'orders', assume_role_policy: '{}' } },
  aws_iam_role_policy: { orders: { role: '${aws_iam_role.orders.name}', policy: POLICY } },
  aws_lambda_function: both((alias) =>
    in_(alias, {
      ...{
        function_name: 'orders',
        role: '${aws_iam_role.orders.arn}',
        runtime: 'nodejs22.x',
        handler: 'index.handler',
      },
      environment: [{ variables: { TABLE: 'orders' } }],
    }),
  ),
  aws_route53_health_check: both((alias) => check(`${alias}.origin`)),
};

const LATENCY = { a: A, b: B } as const;
const records = (target: (alias: 'a' | 'b') => Body): Resources[''] => ({
  ...Object.fromEntries(
    (['a', 'b'] as const).map((alias) => [`origin_${alias}`, { name: `${alias}.origin`, ...target(alias) }]),
  ),
  ...Object.fromEntries(
    (['a', 'b'] as const).map((alias) => [
      alias,
      {
        ...{ name: 'orders', set_identifier: alias, latency_routing_policy: [{ region: LATENCY[alias] }] },
        ...target(alias),
        ...checkedBy(alias),
      },
    ]),
  ),
});

const url = (more: Body = {}): Resources => ({
  ...BASE,
  aws_lambda_function_url: both((alias) =>
    in_(alias, {
      function_name: `\${aws_lambda_function.${alias}.function_name}`,
      authorization_type: 'NONE',
      ...more,
    }),
  ),
  aws_route53_record: records((alias) => ({
    ...{ type: 'CNAME', ttl: 60, records: [`\${aws_lambda_function_url.${alias}.function_url}`] },
  })),
});

const api = (more: Resources = {}, routes: Readonly<Record<string, string>> = { any: '$default' }): Resources => ({
  ...BASE,
  aws_apigatewayv2_api: both((alias) => in_(alias, { name: alias, protocol_type: 'HTTP' })),
  aws_apigatewayv2_integration: both((alias) =>
    in_(alias, {
      ...{ api_id: `\${aws_apigatewayv2_api.${alias}.id}`, integration_type: 'AWS_PROXY' },
      ...{ integration_uri: `\${aws_lambda_function.${alias}.invoke_arn}`, payload_format_version: '2.0' },
    }),
  ),
  aws_apigatewayv2_route: Object.fromEntries(
    Object.entries(routes).flatMap(([name, key]) =>
      ['a', 'b'].map((alias) => [
        `${name}_${alias}`,
        in_(alias, {
          ...{ api_id: `\${aws_apigatewayv2_api.${alias}.id}`, route_key: key },
          target: `integrations/\${aws_apigatewayv2_integration.${alias}.id}`,
        }),
      ]),
    ),
  ),
  aws_apigatewayv2_domain_name: both((alias) =>
    in_(alias, {
      domain_name: 'orders.shop.example',
      domain_name_configuration: [{ target_domain_name: `d-${alias}.execute-api.example` }],
    }),
  ),
  aws_apigatewayv2_api_mapping: both((alias) =>
    in_(alias, {
      ...{ api_id: `\${aws_apigatewayv2_api.${alias}.id}`, stage: '$default' },
      domain_name: `\${aws_apigatewayv2_domain_name.${alias}.domain_name}`,
    }),
  ),
  aws_lambda_permission: both((alias) =>
    in_(alias, {
      ...{ function_name: 'orders', action: 'lambda:InvokeFunction', principal: 'apigateway.amazonaws.com' },
    }),
  ),
  aws_route53_record: records((alias) => ({
    alias: {
      name: `\${aws_apigatewayv2_domain_name.${alias}.domain_name_configuration[0].target_domain_name}`,
      ...{ zone_id: 'Z', evaluate_target_health: false },
    },
  })),
  ...more,
});

async function drilled(resources: Resources) {
  const graph = foreignStack(resources);
  const functions = { orders: { bundle: BUNDLE, handler: 'index.handler', environment: {} } };
  const system = declaredSystem({ declaration: { ...DECLARED, functions }, name: 's.json', directory, graph });
  const twin = await startTwin({ system, graph, seed: 1 });
  const scenario = parseScenario(
    {
      ...{ objective: { rtoSeconds: 120, rpoSeconds: 5 }, clients: 10, requestsPerSecond: 4, durationSeconds: 150 },
      region: A,
    },
    placesOf(system, twin.world.regions),
  );
  return runDrill({ twin, graph, scenario, replay: '', wallMs: () => 0 });
}

test.each<[string, Resources]>([
  ['an HTTP API', api()],
  ['an HTTP API with a route for each path', api({}, { put: 'PUT /orders/{id}', rest: 'ANY /{proxy+}' })],
  ['a function URL', url()],
])('behind %s', async (_, resources) => {
  const report = await drilled(resources);
  expect(report.reasons).toEqual([]);
  expect(report.rto?.clientsAffected).toBe(5);
  expect(report.requests.byRegion[B]?.['ok']).toBeGreaterThan(100);
  expect(report.invariants.find(({ id }) => id === 'acknowledged-writes-survive')?.detail).toMatch(/^[1-9]\d+ ack/);
  expect(report.notModelled.filter((one) => one.includes('by assumption'))).toEqual([]);
});

test('fails where API Gateway may not invoke the function', async () => {
  const report = await drilled(api({ aws_lambda_permission: {} }));
  expect(report.passed).toBe(false);
  expect(report.requests.byRegion[A]?.['http-500']).toBeGreaterThan(0);
});

test.each<[string, Resources, string]>([
  [
    'a URL that asks for a signature',
    url({ authorization_type: 'AWS_IAM' }),
    'aws_lambda_function_url.a: asks for signed requests, which is not run',
  ],
  [
    'an API below a path',
    api({
      aws_apigatewayv2_api_mapping: both((alias) =>
        in_(alias, {
          ...{ api_id: `\${aws_apigatewayv2_api.${alias}.id}`, stage: '$default', api_mapping_key: 'v1' },
          domain_name: `\${aws_apigatewayv2_domain_name.${alias}.domain_name}`,
        }),
      ),
    }),
    'aws_apigatewayv2_api_mapping.a: puts a path before those of the API, which is not run',
  ],
])('fails with %s', async (_, resources, message) => {
  await expect(drilled(resources)).rejects.toThrow(message);
});
