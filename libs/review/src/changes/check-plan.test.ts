// What a plan takes, and which flag lets it: a table of plans, and that one region's name never lets another one go.
import * as fc from 'fast-check';
import { lossesOf, refusedLosses, type Allowance, type Loss } from './check-plan';
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
const NOTHING_ALLOWED: Allowance = { regions: [], unprotect: false, wholeSystem: false };
const allow = (of: Partial<Allowance>): Allowance => ({ ...NOTHING_ALLOWED, ...of });
const tableIn = (region: string): Values => ({ arn: `arn:aws:dynamodb:${region}:1:table/t` });

const TABLE = 'aws_dynamodb_table.system_table';
const REPLICA = 'aws_dynamodb_table_replica.system_table_replica_paris';
const SECRET = 'aws_secretsmanager_secret.api_keys';
const MUMBAI_ALB = 'aws_lb.mumbai_alb';
const PARIS_ALB = 'aws_lb.paris_alb';
const PARIS_KEY = 'aws_kms_key.paris_key';
const TRAIL = 'aws_cloudtrail.audit_trail';
const LOGS = 'aws_s3_bucket.audit_trail_bucket';
const PARIS_RECORD = 'aws_route53_record.paris_dns_record';

type Change = Parameters<typeof change>;
const planOf = (...changes: Change[]): PlanJson => plan(changes.map((one) => change(...one)));
/** The update that gives one attribute another value. */
const update = (address: string, attribute: string, before: unknown, after: unknown): Change => [
  address,
  'update',
  { [attribute]: before },
  { [attribute]: after },
];
const MUMBAI_STAYS: Change = [MUMBAI_ALB, 'no-op'];
const inParis = [{ region: 'eu-west-3' }];
const PROTECTION_OFF = [
  update(TABLE, 'deletion_protection_enabled', true, false),
  update(MUMBAI_ALB, 'enable_deletion_protection', true, false),
  update(LOGS, 'force_destroy', false, true),
  update(TRAIL, 'enable_logging', true, false),
  update(SECRET, 'recovery_window_in_days', 30, 0),
];

test.each<[string, PlanJson, readonly string[]]>([
  ['nothing changes', planOf([MUMBAI_ALB, 'no-op', {}, {}]), []],
  ['something new', planOf([MUMBAI_ALB, 'create', null, {}]), []],
  [
    'a function, which the next apply makes again',
    planOf(['aws_lambda_function.mumbai_x', 'delete'], MUMBAI_STAYS),
    [],
  ],
  ['a data source', plan([{ ...change('aws_route53_zone.zone', 'delete'), mode: 'data' }]), []],
  [
    "a certificate's validation record",
    planOf(['aws_route53_record.mumbai_certificate', 'delete', { name: '_a.shop.io' }], MUMBAI_STAYS),
    [],
  ],
  ['the table', planOf([TABLE, 'delete']), [`destroyed ${TABLE}`]],
  ['the zone', planOf(['aws_route53_zone.zone', 'delete']), ['destroyed aws_route53_zone.zone']],
  [
    'the trail and its bucket',
    planOf([TRAIL, 'delete'], [LOGS, 'delete']),
    [`destroyed ${TRAIL}`, `destroyed ${LOGS}`],
  ],
  ['a replacement', planOf([PARIS_KEY, 'delete+create', {}, {}]), [`replaced ${PARIS_KEY}`]],
  ['a replacement that creates first', planOf([MUMBAI_ALB, 'create+delete', {}, {}]), [`replaced ${MUMBAI_ALB}`]],
  [
    'one record of two',
    planOf([PARIS_RECORD, 'delete', { name: 'app.shop.io' }], ['aws_route53_record.paris_dns_regional_name', 'no-op']),
    [`destroyed ${PARIS_RECORD}`],
  ],
  [
    'a region that leaves',
    planOf([PARIS_ALB, 'delete'], ['aws_vpc.paris_network_vpc', 'delete'], MUMBAI_STAYS),
    ['region-gone paris', `destroyed ${PARIS_ALB}`],
  ],
  [
    'a replica in a block of the table',
    planOf(update(TABLE, 'replica', [{ region_name: 'eu-west-3' }], [])),
    [`replica-removed ${TABLE}`],
  ],
  [
    'a replica of the secret',
    planOf(update(SECRET, 'replica', [...inParis, { region: 'ap-southeast-1' }], [{ region: 'ap-southeast-1' }])),
    [`replica-removed ${SECRET}`],
  ],
  ['a replica more', planOf(update(SECRET, 'replica', [], inParis)), []],
  ['protection off', planOf(...PROTECTION_OFF), PROTECTION_OFF.map(([address]) => `unprotected ${address}`)],
  ['protection on', planOf(update(MUMBAI_ALB, 'enable_deletion_protection', false, true)), []],
  [
    'what AWS itself protects',
    planOf([MUMBAI_ALB, 'delete', { enable_deletion_protection: true }], ['aws_vpc.mumbai_network_vpc', 'no-op']),
    [`destroyed ${MUMBAI_ALB}`, `held ${MUMBAI_ALB}`],
  ],
  [
    'a provider moved, the resource not found there',
    plan([change(PARIS_KEY, 'create', null, {})], {
      drift: [change(PARIS_KEY, 'delete', { arn: 'arn:aws:kms:eu-west-1:1:key/k' })],
      providers: { [PARIS_KEY]: 'paris' },
    }),
    [`moved ${PARIS_KEY}`],
  ],
  [
    'the order of regions swapped: the table is looked for where its replica is',
    plan([change(TABLE, 'update', tableIn('ap-southeast-1'), {})], {
      drift: [change(TABLE, 'update', tableIn('ap-south-1'), tableIn('ap-southeast-1'))],
      providers: { [TABLE]: 'singapore' },
    }),
    [`moved ${TABLE}`],
  ],
  [
    'a region that is only renamed does not move the table',
    plan([change(TABLE, 'no-op', tableIn('ap-south-1'), tableIn('ap-south-1'))], {
      providers: { [TABLE]: 'bombay' },
      regions: { bombay: 'ap-south-1', mumbai: 'ap-south-1' },
    }),
    [],
  ],
])('%s', (_, of, expected) => expect(told(lossesOf(of))).toEqual(expected));

const leaving = (...more: Change[]): PlanJson => planOf([PARIS_ALB, 'delete'], MUMBAI_STAYS, ...more);
const ALL_OF_PARIS = ['region-gone paris', `destroyed ${PARIS_ALB}`];

test.each<[string, Partial<Allowance>, PlanJson, readonly string[]]>([
  ['no flag', {}, leaving(), ALL_OF_PARIS],
  ['its own name', { regions: ['paris'] }, leaving(), []],
  ["another region's name", { regions: ['mumbai'] }, leaving(), ALL_OF_PARIS],
  ['the AWS region instead of the name', { regions: ['eu-west-3'] }, leaving(), ALL_OF_PARIS],
  ['both, for what they share', { regions: ['paris', 'mumbai'] }, leaving([TABLE, 'delete']), [`destroyed ${TABLE}`]],
  [
    'its name, where AWS still protects it',
    { regions: ['paris'] },
    leaving([REPLICA, 'delete', { deletion_protection_enabled: true }]),
    [`held ${REPLICA}`],
  ],
  ['unprotect alone', { unprotect: true }, leaving(), ALL_OF_PARIS],
  ['the whole system', { wholeSystem: true }, leaving([TABLE, 'delete']), []],
  [
    'the whole system, where AWS still protects it',
    { wholeSystem: true },
    leaving([LOGS, 'delete', { force_destroy: false }]),
    [`held ${LOGS}`],
  ],
  ['unprotect, protection off', { unprotect: true }, planOf(...PROTECTION_OFF), []],
  [
    "a region's name, its protection off",
    { regions: ['mumbai'] },
    planOf(...PROTECTION_OFF.slice(0, 2)),
    [`unprotected ${TABLE}`],
  ],
])('%s', (_, of, plan, expected) => expect(told(refusedLosses(lossesOf(plan), allow(of)))).toEqual(expected));

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
