// What a plan takes, and which flag lets it: a table of plans, and that one region's name never lets another one go.
import * as fc from 'fast-check';
import { lossesOf, NOTHING_ALLOWED, refusedLosses, type Allowance, type Loss } from './check-plan';
import { parsePlan, type PlanJson, type ResourceChange, type Values } from './plan-json';

const REGIONS = { mumbai: 'ap-south-1', singapore: 'ap-southeast-1', paris: 'eu-west-3' };
const PROTECTED_TYPES = [
  'aws_lb',
  'aws_kms_key',
  'aws_s3_bucket',
  'aws_route53_record',
  'aws_dynamodb_table_replica',
] as const;

const change = (address: string, actions: string, before: Values | null = {}, after: Values | null = null) => {
  const [type = '', name = ''] = address.split('.');
  return { address, mode: 'managed', type, name, change: { actions: actions.split('+'), before, after } } as const;
};

/** `providers`: address -> provider alias ('' for the default one), where it matters. */
function plan(
  changes: readonly ResourceChange[],
  {
    drift = [],
    providers = {},
    regions = REGIONS,
  }: {
    drift?: readonly ResourceChange[];
    providers?: Readonly<Record<string, string>>;
    regions?: Readonly<Record<string, string>>;
  } = {},
): PlanJson {
  const config = (alias: string, region: string) => ({ alias, expressions: { region: { constant_value: region } } });
  return {
    resource_changes: changes,
    resource_drift: drift,
    configuration: {
      provider_config: {
        aws: { expressions: { region: { constant_value: 'us-east-1' } } },
        ...Object.fromEntries(Object.entries(regions).map(([name, region]) => [`aws.${name}`, config(name, region)])),
      },
      root_module: {
        resources: Object.entries(providers).map(([address, alias]) => ({
          address,
          provider_config_key: alias === '' ? 'aws' : `aws.${alias}`,
        })),
      },
    },
  };
}

const told = (losses: readonly Loss[]): string[] => losses.map(({ kind, address }) => `${kind} ${address}`);
const allow = (of: Partial<Allowance>): Allowance => ({ ...NOTHING_ALLOWED, ...of });
const tableIn = (region: string): Values => ({ arn: `arn:aws:dynamodb:${region}:1:table/t` });

test.each<[string, PlanJson, readonly string[]]>([
  ['nothing changes', plan([change('aws_lb.mumbai_alb', 'no-op', {}, {})]), []],
  ['something new', plan([change('aws_lb.mumbai_alb', 'create', null, {})]), []],
  [
    'a function, which the next apply makes again',
    plan([change('aws_lambda_function.mumbai_x', 'delete'), change('aws_lb.mumbai_alb', 'no-op')]),
    [],
  ],
  ['a data source', plan([{ ...change('aws_route53_zone.zone', 'delete'), mode: 'data' }]), []],
  [
    "a certificate's validation record",
    plan([
      change('aws_route53_record.mumbai_certificate_validation', 'delete', { name: '_abc.shop.io' }),
      change('aws_lb.mumbai_alb', 'no-op'),
    ]),
    [],
  ],
  [
    'the table',
    plan([change('aws_dynamodb_table.system_table', 'delete')]),
    ['destroyed aws_dynamodb_table.system_table'],
  ],
  ['the zone', plan([change('aws_route53_zone.zone', 'delete')]), ['destroyed aws_route53_zone.zone']],
  [
    'the trail and its bucket',
    plan([change('aws_cloudtrail.audit_trail', 'delete'), change('aws_s3_bucket.audit_trail_bucket', 'delete')]),
    ['destroyed aws_cloudtrail.audit_trail', 'destroyed aws_s3_bucket.audit_trail_bucket'],
  ],
  [
    'a replacement',
    plan([change('aws_kms_key.mumbai_key', 'delete+create', {}, {})]),
    ['replaced aws_kms_key.mumbai_key'],
  ],
  [
    'a replacement that creates first',
    plan([change('aws_lb.mumbai_alb', 'create+delete', {}, {})]),
    ['replaced aws_lb.mumbai_alb'],
  ],
  [
    'one record of two',
    plan([
      change('aws_route53_record.paris_dns_record', 'delete', { name: 'app.shop.io' }),
      change('aws_route53_record.paris_dns_regional_name', 'no-op'),
    ]),
    ['destroyed aws_route53_record.paris_dns_record'],
  ],
  [
    'a region that leaves',
    plan([
      change('aws_lb.paris_alb', 'delete'),
      change('aws_vpc.paris_network_vpc', 'delete'),
      change('aws_lb.mumbai_alb', 'no-op'),
    ]),
    ['region-gone paris', 'destroyed aws_lb.paris_alb'],
  ],
  [
    'a replica in a block of the table',
    plan([
      change('aws_dynamodb_table.system_table', 'update', { replica: [{ region_name: 'eu-west-3' }] }, { replica: [] }),
    ]),
    ['replica-removed aws_dynamodb_table.system_table'],
  ],
  [
    'a replica of the secret',
    plan([
      change(
        'aws_secretsmanager_secret.api_keys',
        'update',
        { replica: [{ region: 'eu-west-3' }, { region: 'ap-southeast-1' }] },
        { replica: [{ region: 'ap-southeast-1' }] },
      ),
    ]),
    ['replica-removed aws_secretsmanager_secret.api_keys'],
  ],
  [
    'a replica more',
    plan([
      change('aws_secretsmanager_secret.api_keys', 'update', { replica: [] }, { replica: [{ region: 'eu-west-3' }] }),
    ]),
    [],
  ],
  [
    'protection off',
    plan([
      change(
        'aws_dynamodb_table.system_table',
        'update',
        { deletion_protection_enabled: true },
        { deletion_protection_enabled: false },
      ),
      change(
        'aws_lb.mumbai_alb',
        'update',
        { enable_deletion_protection: true },
        { enable_deletion_protection: false },
      ),
      change('aws_s3_bucket.audit_trail_bucket', 'update', { force_destroy: false }, { force_destroy: true }),
      change('aws_cloudtrail.audit_trail', 'update', { enable_logging: true }, { enable_logging: false }),
      change(
        'aws_secretsmanager_secret.api_keys',
        'update',
        { recovery_window_in_days: 30 },
        { recovery_window_in_days: 0 },
      ),
    ]),
    [
      'unprotected aws_dynamodb_table.system_table',
      'unprotected aws_lb.mumbai_alb',
      'unprotected aws_s3_bucket.audit_trail_bucket',
      'unprotected aws_cloudtrail.audit_trail',
      'unprotected aws_secretsmanager_secret.api_keys',
    ],
  ],
  [
    'protection on',
    plan([
      change(
        'aws_lb.mumbai_alb',
        'update',
        { enable_deletion_protection: false },
        { enable_deletion_protection: true },
      ),
    ]),
    [],
  ],
  [
    'what AWS itself protects',
    plan([
      change('aws_lb.mumbai_alb', 'delete', { enable_deletion_protection: true }),
      change('aws_vpc.mumbai_network_vpc', 'no-op'),
    ]),
    ['destroyed aws_lb.mumbai_alb', 'held aws_lb.mumbai_alb'],
  ],
  [
    'a provider moved, the resource not found there',
    plan([change('aws_kms_key.paris_key', 'create', null, {})], {
      drift: [change('aws_kms_key.paris_key', 'delete', { arn: 'arn:aws:kms:eu-west-1:1:key/k' })],
      providers: { 'aws_kms_key.paris_key': 'paris' },
    }),
    ['moved aws_kms_key.paris_key'],
  ],
  [
    'the order of regions swapped: the table is looked for where its replica is',
    plan([change('aws_dynamodb_table.system_table', 'update', tableIn('ap-southeast-1'), {})], {
      drift: [change('aws_dynamodb_table.system_table', 'update', tableIn('ap-south-1'), tableIn('ap-southeast-1'))],
      providers: { 'aws_dynamodb_table.system_table': 'singapore' },
    }),
    ['moved aws_dynamodb_table.system_table'],
  ],
  [
    'a region that is only renamed does not move the table',
    plan([change('aws_dynamodb_table.system_table', 'no-op', tableIn('ap-south-1'), tableIn('ap-south-1'))], {
      providers: { 'aws_dynamodb_table.system_table': 'bombay' },
      regions: { bombay: 'ap-south-1', mumbai: 'ap-south-1' },
    }),
    [],
  ],
])('%s', (_, of, expected) => expect(told(lossesOf(of))).toEqual(expected));

const leaving = (...more: ResourceChange[]): Loss[] =>
  lossesOf(plan([change('aws_lb.paris_alb', 'delete'), change('aws_lb.mumbai_alb', 'no-op'), ...more]));

test.each<[string, Partial<Allowance>, readonly Loss[], readonly string[]]>([
  ['no flag', {}, leaving(), ['region-gone paris', 'destroyed aws_lb.paris_alb']],
  ['its own name', { regions: ['paris'] }, leaving(), []],
  ["another region's name", { regions: ['mumbai'] }, leaving(), ['region-gone paris', 'destroyed aws_lb.paris_alb']],
  [
    'the AWS region instead of the name',
    { regions: ['eu-west-3'] },
    leaving(),
    ['region-gone paris', 'destroyed aws_lb.paris_alb'],
  ],
  [
    'both, for what they share',
    { regions: ['paris', 'mumbai'] },
    leaving(change('aws_dynamodb_table.system_table', 'delete')),
    ['destroyed aws_dynamodb_table.system_table'],
  ],
  [
    'its name, where AWS still protects it',
    { regions: ['paris'] },
    leaving(
      change('aws_dynamodb_table_replica.system_table_replica_paris', 'delete', { deletion_protection_enabled: true }),
    ),
    ['held aws_dynamodb_table_replica.system_table_replica_paris'],
  ],
  ['unprotect alone', { unprotect: true }, leaving(), ['region-gone paris', 'destroyed aws_lb.paris_alb']],
  ['the whole system', { wholeSystem: true }, leaving(change('aws_dynamodb_table.system_table', 'delete')), []],
  [
    'the whole system, where AWS still protects it',
    { wholeSystem: true },
    leaving(change('aws_s3_bucket.audit_trail_bucket', 'delete', { force_destroy: false })),
    ['held aws_s3_bucket.audit_trail_bucket'],
  ],
])('%s', (_, of, losses, expected) => expect(told(refusedLosses(losses, allow(of)))).toEqual(expected));

test.each([
  [{ unprotect: true }, []],
  [{ regions: ['mumbai'] }, ['unprotected aws_dynamodb_table.system_table']],
])('protection off, with %j', (of, expected) => {
  const losses = lossesOf(
    plan([
      change(
        'aws_dynamodb_table.system_table',
        'update',
        { deletion_protection_enabled: true },
        { deletion_protection_enabled: false },
      ),
      change(
        'aws_lb.mumbai_alb',
        'update',
        { enable_deletion_protection: true },
        { enable_deletion_protection: false },
      ),
    ]),
  );
  expect(told(refusedLosses(losses, allow(of)))).toEqual(expected);
});

test('whatever goes, what is allowed belongs to a named region, and the table and zone never are', () => {
  const names = Object.keys(REGIONS);
  const resource = fc.record({
    type: fc.constantFrom(...PROTECTED_TYPES, 'aws_dynamodb_table', 'aws_route53_zone'),
    region: fc.constantFrom(...names),
    actions: fc.constantFrom('delete', 'delete+create', 'create+delete', 'no-op'),
  });
  fc.assert(
    fc.property(fc.array(resource, { maxLength: 12 }), fc.subarray(names), (resources, regions) => {
      const isShared = (type: string): boolean => ['aws_dynamodb_table', 'aws_route53_zone'].includes(type);
      const changes = resources.map(({ type, region, actions }, at) =>
        change(`${type}.${isShared(type) ? 'shared' : region}_${at}`, actions, { name: 'app' }, {}),
      );
      const losses = lossesOf(plan(changes));
      const refused = new Set(refusedLosses(losses, allow({ regions })));
      for (const loss of losses) {
        expect(refused.has(loss)).toBe(loss.region === undefined || !regions.includes(loss.region));
        if (/aws_dynamodb_table\.|zone\./.test(loss.address)) expect(refused.has(loss)).toBe(true);
      }
      const taken = changes
        .filter(({ change: { actions } }) => actions.includes('delete'))
        .map(({ address }) => address);
      const named = losses.filter(({ kind }) => kind === 'destroyed' || kind === 'replaced');
      expect(named.map(({ address }) => address)).toEqual(taken);
    }),
  );
});

test.each([['{'], ['[]'], ['{"format_version":"1.0","values":{}}']])('fails on %s, which is no plan', (text) => {
  expect(() => parsePlan(text, 'plan.json')).toThrow(/plan.json: .*terraform show -json/);
});
