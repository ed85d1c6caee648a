// Each rule over changes, with an edit that it catches and a harmless one that it leaves alone.
import { reviewStack } from '../../review';
import {
  caseGraph,
  create,
  planned,
  remove,
  replace,
  stays,
  update,
  type Edit,
  type Edits,
} from '../../testing/planned';
import {
  EU,
  US,
  arn,
  balancer,
  ZONE,
  record,
  check,
  CALCULATED,
  TABLE,
  REPLICA,
  ALARM,
  CLUSTER,
  SUBSCRIPTION,
  STACK,
} from '../../testing/edited';
import { CHANGE_RULES } from '.';

/** Rules of changes that the plan meets, beside the addresses. */
const met = (edits: Edits): string[] => {
  const graph = planned({ ...STACK, ...edits });
  return reviewStack(graph, { rtoSeconds: null, rpoSeconds: null })
    .findings.filter(({ rule }) => rule.startsWith('change-'))
    .map(({ rule, severity, address }) => `${rule} ${severity} ${address}`);
};

const EU_CHECK = 'aws_route53_health_check.eu';
const EU_RECORD = 'aws_route53_record.eu';
const T = 'aws_dynamodb_table.t';
const one = (address: string, edit: Edit): Edits => ({ [address]: edit });

const CASES: readonly [rule: string, severity: string, address: string, breaking: Edits, harmless: Edits][] = [
  [
    'change-removes-a-zone',
    'blocks',
    'aws_route53_zone.z',
    one('aws_route53_zone.z', replace(ZONE, { id: undefined, zone_id: undefined, arn: undefined })),
    one('aws_route53_zone.old', remove({ ...ZONE, id: 'Z2', zone_id: 'Z2', arn: 'arn:z2', name: 'b.example' })),
  ],
  [
    'change-detaches-a-health-check',
    'warns',
    'aws_route53_record.own',
    // The endpoint's own name: nothing that clients ask stands or falls with it.
    one(
      'aws_route53_record.own',
      update(
        {
          ...record(EU, { name: 'own.a.example', fqdn: 'own.a.example' }),
          latency_routing_policy: [],
          set_identifier: '',
        },
        { health_check_id: null },
      ),
    ),
    one(EU_RECORD, update(record(EU), { health_check_id: 'check-us-east-2' })),
  ],
  [
    'change-replaces-a-health-check',
    'warns',
    EU_CHECK,
    one(EU_CHECK, replace(check(EU), { resource_path: '/health' })),
    one(EU_CHECK, replace(check(EU), { resource_path: '/health' }, ['create', 'delete'])),
  ],
  [
    'change-disables-a-health-check',
    'warns',
    'aws_route53_health_check.spare',
    one('aws_route53_health_check.spare', update({ ...check(EU), id: 'spare' }, { disabled: true })),
    one('aws_route53_health_check.spare', update({ ...check(EU), id: 'spare', disabled: true }, { disabled: false })),
  ],
  [
    'change-loosens-a-health-check',
    'warns',
    EU_CHECK,
    one(EU_CHECK, update(check(EU), { type: 'HTTPS', search_string: null })),
    one(EU_CHECK, update(check(EU), { resource_path: '/health', search_string: 'fine' })),
  ],
  [
    'change-loosens-a-health-check',
    'warns',
    'aws_route53_health_check.all',
    one(
      'aws_route53_health_check.all',
      update({ ...CALCULATED, child_health_threshold: 2 }, { child_health_threshold: 1 }),
    ),
    one('aws_route53_health_check.all', update(CALCULATED, { child_health_threshold: 2 })),
  ],
  [
    'change-stops-watching-targets',
    'warns',
    'aws_route53_record.own',
    one(
      'aws_route53_record.own',
      update(
        {
          ...record(EU, { name: 'own.a.example', fqdn: 'own.a.example' }),
          latency_routing_policy: [],
          set_identifier: '',
          health_check_id: null,
        },
        { alias: [{ ...record(EU).alias[0], evaluate_target_health: false }] },
      ),
    ),
    one(EU_RECORD, update(record(EU), { alias: [{ ...record(EU).alias[0], evaluate_target_health: false }] })),
  ],
  [
    'change-of-routing-policy',
    'note',
    EU_RECORD,
    Object.fromEntries(
      [EU, US].map((region, at) => [
        `aws_route53_record.${at === 0 ? 'eu' : 'us'}`,
        replace(record(region), { latency_routing_policy: [], weighted_routing_policy: [{ weight: 50 }] }),
      ]),
    ),
    one(EU_RECORD, update(record(EU), { latency_routing_policy: [{ region: 'eu-west-2' }] })),
  ],
  [
    'change-removes-a-routing-control',
    'warns',
    'aws_route53recoverycontrolconfig_routing_control.c',
    one('aws_route53recoverycontrolconfig_routing_control.c', remove({ name: 'eu' })),
    one('aws_route53recoverycontrolconfig_routing_control.c', create({ name: 'eu' })),
  ],
  [
    'change-deletes-data',
    'blocks',
    T,
    one(T, replace(TABLE, { hash_key: 'id' })),
    one(T, update(TABLE, { tags: { a: 'b' } })),
  ],
  [
    'change-removes-a-replica',
    'blocks',
    T,
    one(T, update({ ...TABLE, replica: [...TABLE.replica, { region_name: EU }] }, { replica: TABLE.replica })),
    one(T, update(TABLE, { replica: [{ ...TABLE.replica[0], propagate_tags: true }] })),
  ],
  [
    'change-removes-a-replica',
    'blocks',
    'aws_dynamodb_table_replica.r',
    one('aws_dynamodb_table_replica.r', remove(REPLICA)),
    one('aws_dynamodb_table_replica.r', update(REPLICA, { tags: { a: 'b' } })),
  ],
  [
    'change-removes-a-global-database',
    'blocks',
    'aws_rds_global_cluster.g',
    one('aws_rds_global_cluster.g', remove({ id: 'g', global_cluster_identifier: 'g' })),
    one('aws_rds_global_cluster.g', update({ id: 'g', global_cluster_identifier: 'g' }, { tags: { a: 'b' } })),
  ],
  [
    'change-detaches-a-copy',
    'blocks',
    'aws_rds_cluster.c',
    one('aws_rds_cluster.c', update(CLUSTER, { global_cluster_identifier: null })),
    one('aws_rds_cluster.c', update(CLUSTER, { preferred_backup_window: '01:00-02:00' })),
  ],
  [
    'change-rebuilds-in-place',
    'warns',
    T,
    one(T, update(TABLE, { replica: [{ ...TABLE.replica[0], kms_key_arn: 'two' }] })),
    one(T, update(TABLE, { replica: [{ ...TABLE.replica[0], point_in_time_recovery: true }] })),
  ],
  [
    'change-rebuilds-in-place',
    'warns',
    T,
    one(
      T,
      update(TABLE, { global_secondary_index: [{ ...TABLE.global_secondary_index[0], projection_type: 'KEYS_ONLY' }] }),
    ),
    one(T, update(TABLE, { global_secondary_index: [{ ...TABLE.global_secondary_index[0], read_capacity: 5 }] })),
  ],
  [
    'change-turns-protection-off',
    'warns',
    'aws_rds_cluster.c',
    one('aws_rds_cluster.c', update(CLUSTER, { skip_final_snapshot: true })),
    one('aws_rds_cluster.c', update({ ...CLUSTER, deletion_protection: false }, { deletion_protection: true })),
  ],
  [
    'change-removes-a-standby',
    'warns',
    'aws_db_instance.d',
    one('aws_db_instance.d', update({ arn: arn('rds', EU, 'db:d'), multi_az: true }, { multi_az: false })),
    one('aws_db_instance.d', update({ arn: arn('rds', EU, 'db:d'), multi_az: false }, { multi_az: true })),
  ],
  [
    'change-removes-an-alarm',
    'warns',
    'aws_cloudwatch_metric_alarm.a',
    one('aws_cloudwatch_metric_alarm.a', remove(ALARM)),
    {
      'aws_cloudwatch_metric_alarm.a': remove(ALARM),
      'aws_cloudwatch_metric_alarm.b': create({ ...ALARM, arn: arn('cloudwatch', EU, 'alarm:b'), alarm_name: 'b' }),
    },
  ],
  [
    'change-silences-an-alarm',
    'warns',
    'aws_cloudwatch_metric_alarm.a',
    one('aws_cloudwatch_metric_alarm.a', update(ALARM, { alarm_actions: [] })),
    one('aws_cloudwatch_metric_alarm.a', update(ALARM, { alarm_description: 'see the runbook' })),
  ],
  [
    'change-removes-the-last-subscription',
    'warns',
    'aws_sns_topic_subscription.s',
    one('aws_sns_topic_subscription.s', remove(SUBSCRIPTION)),
    {
      'aws_sns_topic_subscription.s': remove(SUBSCRIPTION),
      'aws_sns_topic_subscription.two': stays({ ...SUBSCRIPTION, arn: 'x' }),
    },
  ],
  [
    'change-turns-a-front-off',
    'blocks',
    'aws_cloudfront_distribution.d',
    one(
      'aws_cloudfront_distribution.d',
      update({ domain_name: 'd.cloudfront.net', enabled: true }, { enabled: false }),
    ),
    one('aws_cloudfront_distribution.d', update({ domain_name: 'd.cloudfront.net', enabled: true }, { comment: 'x' })),
  ],
  [
    'change-loses-static-addresses',
    'warns',
    'aws_globalaccelerator_accelerator.x',
    one('aws_globalaccelerator_accelerator.x', replace({ name: 'x', dns_name: 'x.awsglobalaccelerator.com' })),
    one(
      'aws_globalaccelerator_accelerator.x',
      update({ name: 'x', dns_name: 'x.awsglobalaccelerator.com' }, { tags: { a: 'b' } }),
    ),
  ],
  [
    'change-replaces-a-load-balancer',
    'warns',
    'aws_lb.us',
    one('aws_lb.us', replace(balancer(US), { arn: undefined, dns_name: undefined, name: 'new' })),
    one('aws_lb.us', update(balancer(US), { idle_timeout: 30 })),
  ],
  [
    'change-stops-compute',
    'warns',
    'aws_ecs_service.s',
    one('aws_ecs_service.s', update({ name: 's', desired_count: 2 }, { desired_count: 0 })),
    one('aws_ecs_service.s', update({ name: 's', desired_count: 2 }, { desired_count: 3 })),
  ],
];

test.each(CASES)('%s (%s): %s', (rule, severity, address, breaking, harmless) => {
  expect(met(breaking)).toContain(`${rule} ${severity} ${address}`);
  expect(met(harmless).filter((one) => one.startsWith(`${rule} `))).toEqual([]);
});

test('each rule has such an edit, a page and a remedy, and a plan that changes nothing meets none', () => {
  expect(CHANGE_RULES.map(({ id }) => id).filter((id) => !CASES.some(([rule]) => rule === id))).toEqual([]);
  for (const { source, fix, atFailover } of CHANGE_RULES) {
    expect(source).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|registry\.terraform\.io)\//);
    expect([fix, atFailover].every((text) => text.length > 0 && !text.endsWith('.'))).toBe(true);
  }
  expect(met({})).toEqual([]);
});

test('what keeps clients down is said once', () => {
  expect(
    met(
      one(
        EU_RECORD,
        update(record(EU), {
          health_check_id: null,
          alias: [{ ...record(EU).alias[0], evaluate_target_health: false }],
        }),
      ),
    ),
  ).toEqual([]);
});

test('a replica of a region that leaves, and one that moves into a resource of its own', () => {
  const leaving = Object.fromEntries(
    Object.entries(STACK)
      .filter(([address]) => address.endsWith('.us'))
      .map(([address, { was }]) => [address, remove(was ?? {})]),
  );
  expect(met({ ...leaving, [T]: update(TABLE, { replica: [] }) })).toEqual([
    'change-leaves-one-region blocks aws_route53_record.us',
    `change-removes-a-replica note ${T}`,
  ]);
  const own = create({ ...REPLICA, arn: arn('dynamodb', US, 'table/t'), global_table_arn: TABLE.arn });
  expect(met({ [T]: update(TABLE, { replica: [] }), 'aws_dynamodb_table_replica.r': own })).toEqual([]);
});

test('what Terraform only forgets loses nothing', () => {
  expect(met(one(T, { ...remove(TABLE), actions: ['forget'] }))).toEqual([]);
});

// What AWS fills in when a plan is applied makes nothing worse.
test.each([
  '01-alb-ecs-failover',
  '03-modules-for-each',
  '13-geolocation-pin',
  '19-table-replica-kms',
  '25-unknown-at-plan',
])('a plan beside what was applied of it: %s', (name) => {
  const [plan, state] = [caseGraph(`${name}.plan`), caseGraph(`${name}.state`)];
  const { findings } = reviewStack(state, { rtoSeconds: null, rpoSeconds: null }, plan);
  expect(findings.filter(({ rule, severity }) => rule.startsWith('change-') && severity !== 'note')).toEqual([]);
});
