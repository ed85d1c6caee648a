// Verdicts in closed form, over small stacks that each do one thing: what recovers, how soon, what does not and because of what.
import { join } from 'node:path';
import { readStack } from '@dr/terraform-json';
import {
  A,
  B,
  check,
  checked,
  failover,
  judged,
  never,
  NOBODY,
  PAIR,
  recovers,
  stackWith,
  toBalancer,
  verdict,
  withCheck,
  type Body,
  type Resources,
} from '../testing/two-regions';

describe('failover records', () => {
  it.each([
    ['region-dark', A, recovers(80, 107)],
    ['app-errors', A, recovers(80, 95)],
    ['region-dark', B, NOBODY],
  ] as const)('%s in %s', (fault, region, expected) => {
    expect(verdict(PAIR, fault, region)).toEqual(expected);
  });

  it('30 s and 3 failures are what Route 53 takes where nothing is said', () => {
    const silent = { type: 'HTTPS', fqdn: 'a.origin.example.com' };
    expect(verdict({ ...PAIR, aws_route53_health_check: { a: silent } }, 'region-dark', A)).toEqual(recovers(120, 167));
  });

  it('a check by connection alone does not notice errors, and waits longer for silence', () => {
    const tcp = withCheck({ type: 'TCP', port: 443 });
    expect(verdict(tcp, 'app-errors', A)).toEqual(never('aws_route53_health_check.a'));
    expect(verdict(tcp, 'region-dark', A)).toEqual(recovers(80, 125));
  });

  it('a load balancer that answers the path itself hides errors', () => {
    const rule = {
      ...{ provider: 'aws.a', listener_arn: '${aws_lb_listener.a.arn}', priority: 1 },
      condition: { path_pattern: { values: ['/health'] } },
      action: { type: 'fixed-response', fixed_response: { content_type: 'text/plain', status_code: 200 } },
    };
    expect(verdict({ ...PAIR, aws_lb_listener_rule: { health: rule } }, 'app-errors', A)).toEqual(
      never('aws_route53_health_check.a'),
    );
  });

  it.each([
    ['disabled', withCheck({ disabled: true })],
    ['inverted', withCheck({ invert_healthcheck: true })],
    ['of the name that it decides on', withCheck({}, 'app')],
    ['of the other region', withCheck({}, 'b.origin')],
  ])('a health check that is %s never moves anybody', (_, resources) => {
    expect(verdict(resources, 'region-dark', A)).toEqual(never('aws_route53_health_check.a'));
  });

  it('an inverted check of the primary sends all to the secondary, until the primary is dead', () => {
    const resources = withCheck({ invert_healthcheck: true });
    const both = {
      ...resources,
      aws_route53_health_check: { ...resources['aws_route53_health_check'], b: check('b.origin') },
      aws_route53_record: { app_a: failover('a', checked('a')), app_b: failover('b', checked('b')) },
    };
    // Both records are unhealthy then, and Route 53 answers the primary.
    expect(verdict(both, 'region-dark', B)).toEqual(recovers(80, 107));
  });

  it('a record without a health check is always healthy', () => {
    const resources = { aws_route53_record: { app_a: failover('a'), app_b: failover('b') } };
    expect(verdict(resources, 'region-dark', A)).toEqual(never('aws_route53_record.app_a'));
  });

  it('evaluate_target_health alone moves clients at a time that nobody publishes', () => {
    const resources = { aws_route53_record: { app_a: failover('a', toBalancer('a', true)), app_b: failover('b') } };
    expect(verdict(resources, 'region-dark', A)).toEqual(recovers(60, null));
    expect(verdict(resources, 'app-errors', A)).toEqual(recovers(70, null));
  });

  it('a calculated check changes with the quickest of those that it needs', () => {
    const calculated = (threshold: number): Resources => ({
      ...PAIR,
      aws_route53_health_check: {
        quick: check('a.origin', { failure_threshold: 1 }),
        slow: check('a.origin', { request_interval: 30 }),
        a: {
          type: 'CALCULATED',
          child_health_threshold: threshold,
          child_healthchecks: ['quick', 'slow'].map((one) => `\${aws_route53_health_check.${one}.id}`),
        },
      },
    });
    expect(verdict(calculated(2), 'region-dark', A)).toEqual(recovers(60, 79));
    expect(verdict(calculated(1), 'region-dark', A)).toEqual(recovers(120, 167));
    expect(verdict(calculated(0), 'region-dark', A)).toEqual(never('aws_route53_health_check.a'));
  });

  it('a routing control waits for a person', () => {
    const control = {
      type: 'RECOVERY_CONTROL',
      routing_control_arn: 'arn:aws:route53-recovery-control::123456789012:controlpanel/x',
    };
    expect(verdict({ ...PAIR, aws_route53_health_check: { a: control } }, 'region-dark', A)).toEqual({
      kind: 'manual',
      span: null,
      causes: ['aws_route53_health_check.a'],
    });
  });

  it('a path that is unknown matters only where the load balancer answers some path itself', () => {
    const secret = withCheck({ resource_path: '/health/${aws_lb.a.unheard_of}' });
    expect(verdict(secret, 'region-dark', A)).toEqual(recovers(80, 107));
    expect(verdict(secret, 'app-errors', A)).toEqual(recovers(80, 95));
    const rule = {
      ...{ provider: 'aws.a', listener_arn: '${aws_lb_listener.a.arn}', priority: 1 },
      condition: { path_pattern: { values: ['/health/*'] } },
      action: { type: 'fixed-response', fixed_response: { content_type: 'text/plain', status_code: 200 } },
    };
    const itself: Resources = { ...secret, aws_lb_listener_rule: { health: rule } };
    expect(verdict(itself, 'region-dark', A)).toEqual(recovers(80, 107));
    expect(verdict(itself, 'app-errors', A)).toMatchObject({ kind: 'unknown' });
  });

  it('what the files do not tell is unknown', () => {
    expect(verdict(withCheck({}, 'elsewhere'), 'region-dark', A)).toMatchObject({ kind: 'unknown' });
    const alarm = { type: 'CLOUDWATCH_METRIC', cloudwatch_alarm_name: 'x', cloudwatch_alarm_region: 'us-east-1' };
    expect(verdict({ ...PAIR, aws_route53_health_check: { a: alarm } }, 'region-dark', A)).toMatchObject({
      kind: 'unknown',
    });
  });

  it('a check of unknown verdict that decides nothing changes nothing', () => {
    const more = { ...PAIR['aws_route53_health_check'], other: check('elsewhere') };
    expect(verdict({ ...PAIR, aws_route53_health_check: more }, 'region-dark', A)).toEqual(recovers(80, 107));
  });
});

describe('other policies', () => {
  const located = (id: string, to: string, policy: Body, more: Body = {}): Body => ({
    ...{ name: 'app', set_identifier: id, geolocation_routing_policy: policy },
    ...toBalancer(to),
    ...more,
  });

  it('latency: each region covers for the other', () => {
    const near = (alias: string, region: string): Body => ({
      ...{ name: 'app', type: 'CNAME', ttl: 10, records: [`${alias}.origin.example.com`] },
      ...{ set_identifier: alias, latency_routing_policy: { region }, ...checked(alias) },
    });
    const resources = {
      aws_route53_health_check: { a: check('a.origin'), b: check('b.origin') },
      aws_route53_record: { app_a: near('a', A), app_b: near('b', B) },
    };
    expect(verdict(resources, 'region-dark', A)).toEqual(recovers(30, 57));
    expect(verdict(resources, 'region-dark', B)).toEqual(recovers(30, 57));
  });

  it('geolocation: a pinned country stays down while the others move', () => {
    const resources = {
      aws_route53_health_check: { a: check('a.origin'), b: check('b.origin') },
      aws_route53_record: {
        app_de: located('de', 'a', { country: 'DE' }),
        app_eu: located('eu', 'a', { continent: 'EU' }, checked('a')),
        app_all: located('all', 'b', { country: '*' }, checked('b')),
      },
    };
    expect(verdict(resources, 'region-dark', A)).toEqual({
      kind: 'partly',
      span: [80, 107],
      causes: ['aws_route53_record.app_de'],
    });
    expect(verdict(resources, 'region-dark', B)).toEqual(never('aws_route53_record.app_all'));
  });

  it('geolocation without a default record: nowhere to go', () => {
    const resources = {
      aws_route53_health_check: { a: check('a.origin'), b: check('b.origin') },
      aws_route53_record: {
        app_eu: located('eu', 'a', { continent: 'EU' }, checked('a')),
        app_na: located('na', 'b', { continent: 'NA' }, checked('b')),
      },
    };
    expect(verdict(resources, 'region-dark', A)).toEqual(never('aws_route53_record.app_eu'));
  });

  it('an alias to records is as healthy as they are', () => {
    const weighted = (alias: string): Body => ({
      ...{ name: 'inner', set_identifier: alias, weighted_routing_policy: { weight: 1 } },
      ...toBalancer(alias),
      ...checked(alias),
    });
    const resources = {
      aws_route53_health_check: { a: check('a.origin'), b: check('b.origin') },
      aws_route53_record: {
        inner_a: weighted('a'),
        app_a: failover('a', {
          alias: {
            name: 'inner.example.com',
            zone_id: '${aws_route53_zone.zone.zone_id}',
            evaluate_target_health: true,
          },
        }),
        app_b: failover('b'),
      },
    };
    expect(verdict(resources, 'region-dark', A)).toEqual(recovers(80, 107));
  });
});

describe('endpoints without a load balancer', () => {
  const machine = (alias: string): Body => ({ provider: `aws.${alias}` });
  const at = (alias: string): Body => ({ alias: [], ttl: 60, records: [`\${aws_eip.${alias}.public_ip}`] });
  const byAddress = (more: Body): Resources => ({
    aws_eip: { a: machine('a'), b: machine('b') },
    aws_route53_health_check: { a: { ...check('a.origin'), ...more } },
    aws_route53_record: { app_a: failover('a', { ...at('a'), ...checked('a') }), app_b: failover('b', at('b')) },
  });

  it('machines with an address, and a check that asks it', () => {
    const ip_address = '${aws_eip.a.public_ip}';
    expect(verdict(byAddress({ ip_address }), 'region-dark', A)).toEqual(recovers(80, 107));
    expect(verdict(byAddress({ ip_address }), 'app-errors', A)).toEqual(recovers(80, 95));
    const other = byAddress({ ip_address: '${aws_eip.b.public_ip}' });
    expect(verdict(other, 'region-dark', A)).toEqual(never('aws_route53_health_check.a'));
  });

  it('a bucket answers while an application fails', () => {
    const bucket = {
      alias: {
        name: '${aws_s3_bucket_website_configuration.b.website_endpoint}',
        zone_id: 'Z',
        evaluate_target_health: false,
      },
    };
    const resources = {
      ...PAIR,
      aws_s3_bucket_website_configuration: { b: machine('b') },
      aws_route53_record: { app_a: failover('a', checked('a')), app_b: failover('b', bucket) },
    };
    expect(verdict(resources, 'app-errors', A)).toEqual(recovers(80, 95));
    expect(verdict(resources, 'region-dark', B)).toEqual(NOBODY);
  });
});

test('load balancers that the stack only looks up', () => {
  const looked = (alias: string): Body => ({ provider: `aws.${alias}`, name: alias });
  const to = (alias: string): Body => ({
    alias: { name: `\${data.aws_lb.${alias}.dns_name}`, zone_id: 'Z', evaluate_target_health: false },
  });
  const graph = stackWith(
    {
      aws_route53_health_check: { a: check('a.origin') },
      aws_route53_record: {
        ...{ a: { name: 'a.origin', ...to('a') }, b: { name: 'b.origin', ...to('b') } },
        ...{ app_a: failover('a', { ...to('a'), ...checked('a') }), app_b: failover('b', to('b')) },
      },
    },
    { aws_lb: { a: looked('a'), b: looked('b') } },
  );
  const dark = judged(graph)[0]?.faults.find(({ awsRegion }) => awsRegion === A);
  expect(dark).toMatchObject({ kind: 'recovers', span: { best: 80, worst: 107 } });
});

describe('ways out of the files', () => {
  it('a record that leads elsewhere is unknown, never unaffected', () => {
    const away = { type: 'CNAME', ttl: 60, records: ['elsewhere.example.net'], alias: [] };
    const resources = {
      ...PAIR,
      aws_route53_record: { app_a: failover('a', { ...away, ...checked('a') }), app_b: failover('b', away) },
    };
    expect(verdict(resources, 'region-dark', A)).toMatchObject({
      kind: 'unknown',
      causes: ['aws_route53_record.app_a'],
    });
  });

  it('a set of one record in a zone of others may go on there', () => {
    const zone_id = 'ZOTHERS';
    const alone = {
      ...PAIR,
      aws_route53_record: { app_a: failover('a', { name: 'app.example.com', zone_id, ...checked('a') }) },
    };
    expect(verdict(alone, 'region-dark', A)).toEqual({
      kind: 'unknown',
      span: null,
      causes: ['aws_route53_record.app_a'],
    });
    const own = { ...PAIR, aws_route53_record: { app_a: failover('a', checked('a')) } };
    expect(verdict(own, 'region-dark', A)).toEqual(never('aws_route53_record.app_a'));
  });
});

describe('front doors', () => {
  const group = (alias: string): Body => ({
    ...{ listener_arn: '${aws_globalaccelerator_listener.all.id}', endpoint_group_region: alias === 'a' ? A : B },
    endpoint_configuration: { endpoint_id: `\${aws_lb.${alias}.arn}`, weight: 128 },
  });
  const ACCELERATOR: Resources = {
    aws_globalaccelerator_accelerator: { edge: { name: 'edge' } },
    aws_globalaccelerator_listener: { all: { accelerator_arn: '${aws_globalaccelerator_accelerator.edge.id}' } },
    aws_globalaccelerator_endpoint_group: { a: group('a'), b: group('b') },
    aws_route53_record: {
      app: {
        name: 'app',
        alias: {
          name: '${aws_globalaccelerator_accelerator.edge.dns_name}',
          zone_id: 'Z',
          evaluate_target_health: false,
        },
      },
    },
  };

  it('an accelerator moves new connections, by the checks of the target groups', () => {
    expect(verdict(ACCELERATOR, 'app-errors', A)).toEqual(recovers(10, 55));
    expect(verdict(ACCELERATOR, 'region-dark', A)).toEqual(recovers(0, null));
    expect(verdict(ACCELERATOR, 'region-dark', 'us-west-2')).toEqual(NOBODY);
  });

  it('a distribution whose one origin is a name that fails over moves with it', () => {
    const edge = {
      origin: [{ origin_id: 'app', domain_name: 'app.example.com' }],
      default_cache_behavior: { target_origin_id: 'app' },
    };
    const www = {
      alias: { name: '${aws_cloudfront_distribution.edge.domain_name}', zone_id: 'Z', evaluate_target_health: false },
    };
    const resources = {
      ...PAIR,
      aws_cloudfront_distribution: { edge },
      aws_route53_record: { ...PAIR['aws_route53_record'], www: { name: 'www', ...www } },
    };
    expect(verdict(resources, 'region-dark', A, 'www.example.com')).toEqual(recovers(80, 107));
  });

  it('a distribution asks its second origin, for requests that read', () => {
    const originOf = (alias: string): Body => ({ origin_id: alias, domain_name: `${alias}.origin.example.com` });
    const distribution = {
      origin: [originOf('a'), originOf('b')],
      origin_group: {
        origin_id: 'both',
        failover_criteria: { status_codes: [500, 503] },
        member: [{ origin_id: 'a' }, { origin_id: 'b' }],
      },
      default_cache_behavior: { target_origin_id: 'both' },
    };
    const resources = {
      aws_cloudfront_distribution: { edge: distribution },
      aws_route53_record: {
        app: {
          name: 'app',
          alias: {
            name: '${aws_cloudfront_distribution.edge.domain_name}',
            zone_id: 'Z',
            evaluate_target_health: false,
          },
        },
      },
    };
    const reads = (worst: number) => ({
      kind: 'partly',
      span: [0, worst],
      causes: ['aws_cloudfront_distribution.edge'],
    });
    expect(verdict(resources, 'region-dark', A)).toEqual(reads(35));
    expect(verdict(resources, 'app-errors', A)).toEqual(reads(5));
    const readOnly = { target_origin_id: 'both', allowed_methods: ['GET', 'HEAD'] };
    const site = { aws_cloudfront_distribution: { edge: { ...distribution, default_cache_behavior: readOnly } } };
    expect(verdict({ ...resources, ...site }, 'region-dark', A)).toEqual(recovers(0, 35));
    const one = {
      ...resources,
      aws_cloudfront_distribution: { edge: { ...distribution, default_cache_behavior: { target_origin_id: 'a' } } },
    };
    expect(verdict(one, 'region-dark', A)).toEqual(never('aws_cloudfront_distribution.edge'));
  });
});

test('a database that one region writes: reads recover, writes wait for somebody', () => {
  const cluster = (alias: string, more: Body = {}): Body => ({
    ...{ provider: `aws.${alias}`, global_cluster_identifier: '${aws_rds_global_cluster.all.id}' },
    ...more,
  });
  const resources = {
    ...PAIR,
    aws_rds_global_cluster: { all: { global_cluster_identifier: 'all' } },
    aws_rds_cluster: { a: cluster('a', { master_username: 'owner' }), b: cluster('b') },
  };
  const partly = { kind: 'partly', span: [80, 107], causes: ['aws_rds_global_cluster.all'] };
  expect(verdict(resources, 'region-dark', A)).toEqual(partly);
  expect(verdict(resources, 'app-errors', A)).toEqual(recovers(80, 95));
  expect(verdict(resources, 'region-dark', B)).toEqual(NOBODY);
});

test('a table of one region: where clients are moved to, its data is not', () => {
  const table = (more: Body = {}): Resources => ({
    ...PAIR,
    aws_dynamodb_table: { items: { provider: 'aws.a', name: 'items', hash_key: 'id', ...more } },
  });
  const partly = { kind: 'partly', span: [80, 107], causes: ['aws_dynamodb_table.items'] };
  expect(verdict(table(), 'region-dark', A)).toEqual(partly);
  expect(verdict(table(), 'app-errors', A)).toEqual(recovers(80, 95));
  expect(verdict(table(), 'region-dark', B)).toEqual(NOBODY);
  expect(verdict(table({ replica: { region_name: B } }), 'region-dark', A)).toEqual(recovers(80, 107));
  expect(verdict(table({ hash_key: 'LockID' }), 'region-dark', A)).toEqual(recovers(80, 107));
});

test('a database of one region', () => {
  const of = (...aliases: string[]): Resources => ({
    ...PAIR,
    aws_db_instance: Object.fromEntries(aliases.map((alias) => [alias, { provider: `aws.${alias}` }])),
  });
  expect(verdict(of('a'), 'region-dark', A)).toMatchObject({
    kind: 'partly',
    causes: ['aws_db_instance.a'],
  });
  expect(verdict(of('a', 'b'), 'region-dark', A)).toEqual(recovers(80, 107));
});

test('a read replica in another region reads until somebody promotes it', () => {
  const replica = { provider: 'aws.b', replicate_source_db: '${aws_db_instance.a.arn}' };
  const of: Resources = { ...PAIR, aws_db_instance: { a: { provider: 'aws.a' }, b: replica } };
  expect(verdict(of, 'region-dark', A)).toEqual({
    kind: 'partly',
    span: [80, 107],
    causes: ['aws_db_instance.a', 'aws_db_instance.b'],
  });
  expect(verdict(of, 'app-errors', A)).toEqual(recovers(80, 95));
  expect(verdict(of, 'region-dark', B)).toEqual(NOBODY);
});

test('our own stack recovers within what it promises', () => {
  const [name] = judged(readStack(join(__dirname, '../../../../golden/cdk.tf.json')));
  expect(name?.faults.map(({ fault, awsRegion, kind, span }) => [fault, awsRegion, kind, span?.worst])).toEqual([
    ['region-dark', 'ap-south-1', 'recovers', 57],
    ['region-dark', 'ap-southeast-1', 'recovers', 57],
    ['region-dark', 'us-east-1', 'recovers', 0],
    ['app-errors', 'ap-south-1', 'recovers', 45],
    ['app-errors', 'ap-southeast-1', 'recovers', 45],
    ['app-errors', 'us-east-1', 'recovers', 0],
  ]);
});

describe('a standby that is scaled to zero', () => {
  const service = (alias: string, count: number): Body => ({
    ...{ name: `shop-${alias}`, provider: `aws.${alias}`, desired_count: count },
    load_balancer: {
      target_group_arn: `\${aws_lb_target_group.${alias}.arn}`,
      container_name: 'x',
      container_port: 80,
    },
  });
  const of = (count: number, more: Resources = {}): Resources => ({
    ...PAIR,
    aws_ecs_service: { a: service('a', 2), b: service('b', count) },
    ...more,
  });
  const waits = { kind: 'manual', span: null, causes: ['aws_ecs_service.b'] };

  it('waits for somebody to start it', () => {
    expect(verdict(of(0), 'region-dark', A)).toEqual(waits);
    expect(verdict(of(0), 'app-errors', A)).toEqual(waits);
    expect(verdict(of(0), 'region-dark', B)).toEqual(NOBODY);
    expect(verdict(of(1), 'region-dark', A)).toEqual(recovers(80, 107));
  });

  it('unless something scales it up by itself', () => {
    const scaling = (least: number): Resources => ({
      aws_appautoscaling_target: { b: { provider: 'aws.b', resource_id: 'service/x/shop-b', min_capacity: least } },
    });
    expect(verdict(of(0, scaling(1)), 'region-dark', A)).toEqual(recovers(80, 107));
    expect(verdict(of(0, scaling(0)), 'region-dark', A)).toEqual(waits);
  });

  it('in a group of machines', () => {
    const group = (size: Body): Resources => ({
      ...PAIR,
      aws_autoscaling_group: { b: { name: 'b', provider: 'aws.b', ...size } },
      aws_autoscaling_attachment: {
        b: {
          provider: 'aws.b',
          autoscaling_group_name: '${aws_autoscaling_group.b.name}',
          lb_target_group_arn: '${aws_lb_target_group.b.arn}',
        },
      },
    });
    expect(verdict(group({ min_size: 0 }), 'region-dark', A)).toEqual({
      ...waits,
      causes: ['aws_autoscaling_group.b'],
    });
    expect(verdict(group({ min_size: 0, desired_capacity: 1 }), 'region-dark', A)).toEqual(recovers(80, 107));
  });
});

describe('a check that follows an alarm', () => {
  const metric = (insufficient: string, awsRegion = A): Resources => ({
    ...PAIR,
    aws_route53_health_check: {
      a: {
        type: 'CLOUDWATCH_METRIC',
        cloudwatch_alarm_name: 'errors',
        cloudwatch_alarm_region: awsRegion,
        insufficient_data_health_status: insufficient,
      },
    },
  });

  it.each([
    ['Unhealthy', recovers(60, null)],
    ['Healthy', never('aws_route53_health_check.a')],
    ['LastKnownStatus', never('aws_route53_health_check.a')],
  ])('of the lost region says %s', (insufficient, expected) => {
    expect(verdict(metric(insufficient), 'region-dark', A)).toEqual(expected);
  });

  it('rings when its metric says so, which no file does', () => {
    expect(verdict(metric('Unhealthy'), 'app-errors', A)).toMatchObject({ kind: 'unknown' });
    expect(verdict(metric('Unhealthy'), 'region-dark', B)).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    ['AWS/ApplicationELB', NOBODY],
    ['CloudWatchSynthetics', expect.objectContaining({ kind: 'unknown' })],
  ])('of %s in its own region, when another is lost', (namespace, expected) => {
    const alarm = { provider: 'aws.a', alarm_name: 'errors', namespace, metric_name: 'x' };
    const of = { ...metric('Healthy'), aws_cloudwatch_metric_alarm: { errors: alarm } };
    expect(verdict(of, 'region-dark', B)).toEqual(expected);
  });
});

describe('a record that evaluates its load balancer alone', () => {
  const group = (alias: string, dns: Body): Body => ({
    ...{ name: alias, provider: `aws.${alias}`, port: 80, protocol: 'HTTP', health_check: { interval: 10 } },
    target_group_health: { dns_failover: dns },
  });
  const evaluated = (dns: Body): Resources => ({
    aws_route53_record: { app_a: failover('a', toBalancer('a', true)), app_b: failover('b') },
    aws_lb_target_group: { a: group('a', dns), b: group('b', dns) },
  });

  it.each([
    [
      'whose failing targets move nobody in DNS',
      { minimum_healthy_targets_count: 'off' },
      never('aws_route53_record.app_a'),
    ],
    [
      'of which half must be well',
      { minimum_healthy_targets_count: 'off', minimum_healthy_targets_percentage: '50' },
      recovers(80, null),
    ],
    ['of which two must be well', { minimum_healthy_targets_count: '2' }, recovers(80, null)],
  ])('with a group %s', (_, dns, expected) => {
    expect(verdict(evaluated(dns), 'app-errors', A)).toEqual(expected);
  });
});

it('an answer says what it takes for granted', () => {
  const [{ faults } = { faults: [] }] = judged(stackWith(PAIR));
  const of = (awsRegion: string) => faults.find((one) => one.fault === 'region-dark' && one.awsRegion === awsRegion);
  expect(of(A)?.assumptions).toEqual([
    "a client's next request is answered 5 s after it could be, at the latest",
    'aws_lb.b answers: no code behind it is run',
  ]);
  expect(of(B)?.assumptions).toEqual([]);
});

describe('what is not told', () => {
  const named = (alias: string, more: Body = {}): Body =>
    failover(alias, {
      alias: { name: `x.${alias === 'a' ? A : B}.elb.amazonaws.com`, zone_id: 'Z', evaluate_target_health: true },
      ...more,
    });
  const elsewhere: Resources = { aws_route53_record: { app_a: named('a'), app_b: named('b') } };

  it('a load balancer that no file holds is lost with the region that its name tells; its targets are unknown', () => {
    expect(verdict(elsewhere, 'region-dark', A)).toEqual(recovers(60, null));
    expect(verdict(elsewhere, 'app-errors', A)).toEqual({
      kind: 'unknown',
      span: null,
      causes: ['aws_route53_record.app_a'],
    });
  });

  it('nor of one whose target groups no file holds', () => {
    const { aws_route53_record } = {
      aws_route53_record: { app_a: failover('a', toBalancer('a', true)), app_b: failover('b') },
    };
    const bare: Resources = { aws_route53_record, aws_lb_listener: {}, aws_lb_target_group: {} };
    expect(verdict(bare, 'app-errors', A)).toMatchObject({ kind: 'unknown', causes: ['aws_route53_record.app_a'] });
  });

  const policy = (of: (alias: string) => Body): Resources => ({
    aws_route53_health_check: { a: check('a.origin'), b: check('b.origin') },
    aws_route53_record: Object.fromEntries(
      ['a', 'b'].map((alias) => [
        `app_${alias}`,
        { name: 'app', set_identifier: alias, ...toBalancer(alias), ...checked(alias), ...of(alias) },
      ]),
    ),
  });

  it('whom Route 53 answers by address blocks', () => {
    const byBlock = policy((alias) => ({ cidr_routing_policy: { collection_id: 'c', location_name: alias } }));
    expect(verdict(byBlock, 'region-dark', A)).toMatchObject({ kind: 'unknown', causes: ['aws_route53_record.app_a'] });
  });

  it('who is nearest with a bias: anybody may be, and all are moved', () => {
    const byBias = policy((alias) => ({
      geoproximity_routing_policy: { aws_region: alias === 'a' ? A : B, bias: 10 },
    }));
    expect(verdict(byBias, 'region-dark', A)).toEqual(recovers(80, 107));
  });
});
