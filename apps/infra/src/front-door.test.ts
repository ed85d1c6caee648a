// The stack behind an accelerator: static addresses lead to each region's load balancer, and its health is what /health says.
import { FRONT_CHECK } from '@dr/failover';
import { readShape } from '@dr/stack';
import { parseStack } from '@dr/terraform-json';
import { resourcesOf, type Resource } from './checks/stack-json';
import { synthesized } from './testing/synth-in-test';

const ACCELERATED = { frontDoor: 'global-accelerator' } as const;
const { query, json } = synthesized(ACCELERATED);
const of = (type: string): readonly Resource[] => resourcesOf(query.stack).filter((one) => one.type === type);
const only = (type: string): Resource['properties'] => {
  const [found, ...others] = of(type);
  expect(others).toEqual([]);
  return found?.properties ?? {};
};

test('one accelerator with a listener for HTTPS and one for what is redirected', () => {
  expect(only('aws_globalaccelerator_accelerator')).toMatchObject({
    ...{ name: 'dr-front', ip_address_type: 'IPV4' },
    lifecycle: { prevent_destroy: true },
  });
  expect(only('aws_globalaccelerator_listener')).toMatchObject({
    accelerator_arn: '${aws_globalaccelerator_accelerator.front_accelerator.id}',
    ...{ protocol: 'TCP', client_affinity: 'NONE' },
    port_range: [
      { from_port: 443, to_port: 443 },
      { from_port: 80, to_port: 80 },
    ],
  });
});

test("each region's load balancer is an endpoint, with a weight that the provider does not make 0", () => {
  const groups = of('aws_globalaccelerator_endpoint_group').map(({ properties }) => properties);
  expect(groups.map((group) => group['endpoint_group_region'])).toEqual(['ap-south-1', 'ap-southeast-1']);
  expect(groups.map((group) => group['endpoint_configuration'])).toEqual(
    ['mumbai', 'singapore'].map((region) => [
      { endpoint_id: `\${aws_lb.${region}_alb.arn}`, weight: 128, client_ip_preservation_enabled: true },
    ]),
  );
});

test('the domain is one alias, and no record of it has a policy or a health check', () => {
  const records = of('aws_route53_record').filter(({ properties }) => properties['name'] === 'app.example.com');
  expect(records.map(({ address }) => address)).toEqual(['aws_route53_record.front_record']);
  expect(records[0]?.properties).toMatchObject({
    type: 'A',
    alias: {
      name: '${aws_globalaccelerator_accelerator.front_accelerator.dns_name}',
      zone_id: '${aws_globalaccelerator_accelerator.front_accelerator.hosted_zone_id}',
      evaluate_target_health: false,
    },
    depends_on: [
      'aws_globalaccelerator_endpoint_group.front_mumbai',
      'aws_globalaccelerator_endpoint_group.front_singapore',
    ],
  });
  expect(json).not.toContain('latency_routing_policy');
});

test("regions keep their own names and health checks: people and /health itself go by Route 53's word", () => {
  const checks = of('aws_route53_health_check').map(({ properties }) => properties['fqdn']);
  expect(checks).toEqual(['mumbai.app.example.com', 'singapore.app.example.com']);
});

test.each(['mumbai', 'singapore'])(
  '%s has a target group that asks /health, and the others ask as before',
  (region) => {
    const groups = of('aws_lb_target_group').filter(({ id }) => id.startsWith(`${region}_`));
    const checks = Object.fromEntries(groups.map(({ id, properties }) => [id, properties['health_check']]));
    expect(checks).toEqual({
      [`${region}_alb_front_targets`]: {
        ...{ enabled: true, matcher: '200', path: '/health' },
        ...{ interval: FRONT_CHECK.intervalSeconds, timeout: FRONT_CHECK.timeoutSeconds },
        healthy_threshold: FRONT_CHECK.healthyThreshold,
        unhealthy_threshold: FRONT_CHECK.unhealthyThreshold,
      },
      [`${region}_alb_health_targets`]: expect.objectContaining({ path: '/live', interval: 35 }) as unknown,
      [`${region}_alb_router_targets`]: expect.objectContaining({ path: '/ready', healthy_threshold: 2 }) as unknown,
    });
    const [rule] = of('aws_lb_listener_rule').filter(({ id }) => id === `${region}_alb_front_rule`);
    expect(rule?.properties).toMatchObject({
      priority: 5,
      condition: [{ path_pattern: { values: ['/health/front'] } }],
    });
  },
);

test('the stack tells its regions, and how clients of it are moved', () => {
  expect(readShape(parseStack(query.stack, '.'), new Map([['ap-south-1', 'mumbai']]))).toEqual({
    regions: [
      { name: 'mumbai', awsRegion: 'ap-south-1' },
      { name: 'ap-southeast-1', awsRegion: 'ap-southeast-1' },
    ],
    ...{ domain: 'app.example.com', routing: 'latency' },
    settings: {
      ...{ intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 60 },
      accelerator: { intervalSeconds: 5, unhealthyThreshold: 2, timeoutSeconds: 4 },
    },
  });
});

test('functions are told how long clients go on to a region that Route 53 has found unhealthy', () => {
  const told = of('aws_lambda_function').map(
    ({ properties }) =>
      (properties['environment'] as { readonly variables: Readonly<Record<string, string>> }).variables['DR_RECOVERY'],
  );
  expect(new Set(told.map((text) => (JSON.parse(text ?? '{}') as { ttlSeconds?: number }).ttlSeconds))).toEqual(
    new Set([30]),
  );
});

test('without it nothing of it is in the stack', () => {
  const dns = synthesized().query;
  expect(dns.json).not.toMatch(/globalaccelerator|\/health\/front/);
  expect(synthesized({ frontDoor: 'dns' }).json).toBe(synthesized().json);
});

test('what may be destroyed may be destroyed with its addresses', () => {
  const { query: unprotected } = synthesized({ ...ACCELERATED, options: { protect: false } });
  expect(unprotected.json).not.toContain('prevent_destroy');
});
