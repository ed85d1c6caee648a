// What AWS needs first and no property names: each resource depends, through however many others, on what must stand before it.
import { synthesized } from './testing/synth-in-test';
import { resourcesOf, type Properties } from './checks/stack-json';

const { query } = synthesized({
  options: { privateSubnets: true, faultInjection: true, gameDay: true },
  regions: [
    { name: 'mumbai', awsRegion: 'ap-south-1' },
    { name: 'hyderabad', awsRegion: 'ap-south-2' },
  ],
});

const resources = new Map(resourcesOf(query.stack).map((resource) => [resource.address, resource.properties]));
const ofType = (type: string): string[] => query.ids(type).map((id) => `${type}.${id}`);

/** Every resource that Terraform makes before this one. */
function before(address: string, seen = new Set<string>()): ReadonlySet<string> {
  const text = JSON.stringify(resources.get(address) ?? {});
  for (const [, name = ''] of text.matchAll(/\b(aws_\w+\.\w+)/g)) {
    if (name === address || seen.has(name) || !resources.has(name)) continue;
    seen.add(name);
    before(name, seen);
  }
  return seen;
}

const regionOf = (address: string): string => /\.(mumbai|hyderabad|us_east_1)_/.exec(address)?.[1] ?? 'us_east_1';
const refersTo = (properties: Properties, name: string, address: string): boolean =>
  JSON.stringify(properties[name] ?? '').includes(`${address}.`);
const inRegion = (type: string, address: string): string[] =>
  ofType(type).filter((other) => regionOf(other) === regionOf(address));
const about = (type: string, property: string, target: string): string[] =>
  ofType(type).filter((address) => refersTo(resources.get(address) ?? {}, property, target));
const referred = (address: string, property: string): string =>
  /\b(aws_\w+\.\w+)/.exec(JSON.stringify(resources.get(address)?.[property] ?? ''))?.[1] ?? '';

/** [what, what must stand before it, why (the page or the API's own error)] */
const RULES: readonly (readonly [type: string, needs: (address: string) => string[], why: string])[] = [
  ['aws_lb', internetOf, 'CreateLoadBalancer: InvalidSubnet, the VPC has no internet gateway'],
  ['aws_nat_gateway', internetOf, 'CreateNatGateway: the network has no internet gateway attached'],
  ['aws_eip', internetOf, 'an address may need the internet gateway (aws_eip, Terraform documentation)'],
  ['aws_lb', (lb) => about('aws_s3_bucket_policy', 'bucket', logBucketOf(lb)), 'ELB tests its permission to write'],
  [
    'aws_cloudtrail',
    (trail) => about('aws_s3_bucket_policy', 'bucket', referred(trail, 's3_bucket_name')),
    'CreateTrail: InsufficientS3BucketPolicyException',
  ],
  [
    'aws_s3_bucket_policy',
    (policy) => about('aws_s3_bucket_public_access_block', 'bucket', referred(policy, 'bucket')),
    'two changes of one bucket at a time: OperationAborted',
  ],
  [
    'aws_s3_bucket_lifecycle_configuration',
    (lifecycle) => about('aws_s3_bucket_versioning', 'bucket', referred(lifecycle, 'bucket')),
    'a rule on old versions comes after versioning (aws_s3_bucket_lifecycle_configuration, Terraform documentation)',
  ],
  [
    'aws_lb_target_group_attachment',
    (attachment) => about('aws_lambda_permission', 'source_arn', referred(attachment, 'target_group_arn')),
    'RegisterTargets: ELB must be allowed to invoke the function',
  ],
  [
    'aws_cloudwatch_event_target',
    (target) => {
      const rule = referred(target, 'rule');
      const isFunction = referred(target, 'arn').startsWith('aws_lambda');
      return isFunction
        ? about('aws_lambda_permission', 'source_arn', rule)
        : ofType('aws_cloudwatch_event_bus_policy');
    },
    'the first event would be refused',
  ],
  [
    'aws_route53_health_check',
    () =>
      ['aws_vpc_security_group_ingress_rule', 'aws_lb_listener_rule', 'aws_lb_target_group_attachment'].flatMap(ofType),
    'what does not let the checkers in, or does not answer yet, is found lost',
  ],
  [
    'aws_sns_topic_subscription',
    (subscription) =>
      resources.get(subscription)?.['protocol'] === 'lambda'
        ? about('aws_lambda_permission', 'source_arn', referred(subscription, 'topic_arn')).filter(
            (permission) => regionOf(permission) === regionOf(referred(subscription, 'endpoint')),
          )
        : [],
    'the first message would be refused',
  ],
  ['aws_lambda_permission', aliasOf, 'AddPermission on an alias that is not there'],
  ['aws_lambda_function_event_invoke_config', aliasOf, 'PutFunctionEventInvokeConfig on an alias that is not there'],
  [
    'aws_lambda_function_event_invoke_config',
    (config) => about('aws_iam_role_policy', 'role', roleOf(config)),
    'Lambda checks that the role may send to the destination',
  ],
  [
    'aws_lambda_function',
    (fn) => about('aws_iam_role_policy', 'role', referred(fn, 'role')),
    'CreateFunction in a VPC: the role may not make network interfaces',
  ],
  [
    'aws_lb_listener',
    (listener) =>
      resources.get(listener)?.['protocol'] === 'HTTPS' ? inRegion('aws_acm_certificate_validation', listener) : [],
    'CreateListener: UnsupportedCertificate until it is issued',
  ],
];

function internetOf(address: string): string[] {
  return [
    ...inRegion('aws_internet_gateway', address),
    ...inRegion('aws_route', address).filter((route) => resources.get(route)?.['gateway_id'] !== undefined),
  ];
}
function logBucketOf(lb: string): string {
  return referred(lb, 'access_logs');
}
function aliasOf(address: string): string[] {
  const fn = String(resources.get(address)?.['function_name']);
  return ofType('aws_lambda_function')
    .filter((name) => resources.get(name)?.['function_name'] === fn && regionOf(name) === regionOf(address))
    .map((name) => name.replace('aws_lambda_function.', 'aws_lambda_alias.').concat('_live'));
}
function roleOf(config: string): string {
  const [alias = ''] = aliasOf(config);
  const fn = alias.replace('aws_lambda_alias.', 'aws_lambda_function.').replace(/_live$/, '');
  return referred(fn, 'role');
}

test.each(RULES)('every %s comes after what it needs: %#', (type, needs, why) => {
  const pairs = ofType(type).flatMap((address) => needs(address).map((first) => [address, first] as const));
  expect(pairs.length).toBeGreaterThan(0);
  const missing = pairs.filter(([address, first]) => !before(address).has(first));
  expect({ why, missing }).toEqual({ why, missing: [] });
});

test('a resource that nothing orders is found', () => {
  expect(before('aws_vpc.mumbai_network_vpc').size).toBe(0);
  expect(before('aws_lb.mumbai_alb')).toContain('aws_vpc.mumbai_network_vpc');
});

test('a destroy ends what writes logs, then the permission to write, then empties the bucket and deletes it', () => {
  const destroyable = synthesized({ options: { protect: false } }).query;
  const buckets = ofType('aws_s3_bucket');
  const writers = [...ofType('aws_lb'), ...ofType('aws_cloudtrail')];
  const written = writers.map((writer) => {
    const bucket = referred(writer, 'access_logs') || referred(writer, 's3_bucket_name');
    const [policy = ''] = about('aws_s3_bucket_policy', 'bucket', bucket);
    // Terraform destroys in the opposite order: files that come late find no permission, and no half of the bucket's end.
    expect(before(writer)).toContain(policy);
    expect(before(policy)).toContain(bucket);
    return bucket;
  });
  expect(written.sort()).toEqual(buckets.sort());
  // With it the provider deletes what is there, and begins again when the bucket is not empty after all.
  expect(new Set(Object.values(destroyable.property('aws_s3_bucket', 'force_destroy')))).toEqual(new Set([true]));
  expect(new Set(Object.values(query.property('aws_s3_bucket', 'force_destroy')))).toEqual(new Set([false]));
});
