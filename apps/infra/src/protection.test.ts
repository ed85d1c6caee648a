// With `protect: true` Terraform itself refuses to destroy what the service, its data or the auditor's record needs.
import { parseConfig } from '@dr/contracts/system/config';
import { resourcesOf } from './checks/stack-json';
import { synthesizeFirst } from './synthesize';
import { StackQuery } from './testing/stack-query';
import { configWith, synthesized } from './testing/synth-in-test';

const PROTECTED_TYPES = [
  'aws_cloudtrail',
  'aws_dynamodb_table',
  'aws_dynamodb_table_replica',
  'aws_kms_key',
  'aws_lb',
  'aws_s3_bucket',
  'aws_secretsmanager_secret',
];
const state = { backend: 's3', bucket: 'dr-state', region: 'us-east-1' } as const;

const kept = (query: StackQuery): string[] =>
  resourcesOf(query.stack)
    .filter(({ properties }) => (properties['lifecycle'] as { prevent_destroy?: true } | undefined)?.prevent_destroy)
    .map(({ address }) => address)
    .sort();

test('the stack keeps each of these, and the four records that clients and checkers follow', () => {
  const { query } = synthesized();
  const records = ['mumbai', 'singapore'].flatMap((region) => [
    `aws_route53_record.${region}_dns_record`,
    `aws_route53_record.${region}_dns_regional_name`,
  ]);
  const expected = PROTECTED_TYPES.flatMap((type) => query.all(type).map(({ address }) => address));
  expect(kept(query)).toEqual([...expected, ...records].sort());
  expect(expected.length).toBe(1 + 1 + 1 + 3 + 2 + 3 + 1);
});

test.each([
  [true, ['aws_s3_bucket.state']],
  [false, []],
])('the bucket of the state, protect: %s', (protect, expected) => {
  const config = parseConfig(configWith({ state, options: { protect } }));
  expect(kept(new StackQuery(synthesizeFirst('state', { config, outDirectory: undefined }).json))).toEqual(expected);
});

describe('the zone is a stack of its own', () => {
  const zoneStack = (options: object, more: object = {}): StackQuery => {
    const config = parseConfig(configWith({ options: { createZone: true, ...options }, ...more }));
    return new StackQuery(synthesizeFirst('zone', { config, outDirectory: undefined }).json);
  };

  test.each([
    [true, ['aws_route53_zone.zone']],
    [false, []],
  ])('kept, and never emptied by force, protect: %s', (protect, expected) => {
    const query = zoneStack({ protect });
    expect(kept(query)).toEqual(expected);
    expect(query.one('aws_route53_zone', 'zone')).not.toHaveProperty('force_destroy');
    expect(query.one('aws_route53_zone', 'zone')['name']).toBe('example.com');
  });

  test('its name servers are an output', () => {
    expect(zoneStack({}).stack.output['name_servers']).toMatchObject({
      value: '${aws_route53_zone.zone.name_servers}',
    });
  });

  test.each([
    [undefined, 'dr/terraform-zone.tfstate'],
    ['shop/state', 'shop/state-zone'],
    ['zone.tfstate', 'zone-zone.tfstate'],
  ])('its state is beside the main one: key %s', (key, expected) => {
    const query = zoneStack({}, { state: { ...state, ...(key === undefined ? {} : { key }) } });
    expect(query.stack.terraform['backend']).toMatchObject({
      s3: { bucket: 'dr-state', key: expected, use_lockfile: true },
    });
  });

  test('is refused where the zone is looked up', () => {
    expect(() => zoneStack({ createZone: false })).toThrow(/options.createZone = false.*looked up/);
  });

  test('the main stack looks it up all the same', () => {
    const { query } = synthesized({ options: { createZone: true } });
    expect(query.all('aws_route53_zone')).toEqual([]);
    expect(query.stack.data['aws_route53_zone']).toMatchObject({ zone: { name: 'example.com', private_zone: false } });
  });

  test('by its id where one is given, which must be that of the public zone of that name', () => {
    const { query } = synthesized({ options: { zoneId: 'Z0123456789ABC' } });
    const { zone } = query.stack.data['aws_route53_zone'] as Record<string, Record<string, unknown>>;
    expect(zone).toMatchObject({ zone_id: 'Z0123456789ABC' });
    expect(zone).not.toHaveProperty('name');
    const [postcondition] = (zone?.['lifecycle'] as { postcondition: { condition: string }[] }).postcondition;
    expect(postcondition?.condition).toContain('== "example.com"');
  });
});

test.each([['z123'], ['/hostedzone/Z123'], [''], [`Z${'1'.repeat(32)}`]])('fails on the zone id %s', (zoneId) => {
  expect(() => parseConfig(configWith({ options: { zoneId } }))).toThrow(/options.zoneId.*must be the id/);
});
