// No service reads, and no question about a stack asks for, a type of resource that the twin then reports as not modelled.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { understoodArguments } from './arguments';
import { CHECKED_TYPES, INERT, isAside } from './coverage';
import { isKnownType } from './twin';

/** What they read is for a review, which judges what the twin cannot run, or for a declared system, of which it runs HTTP APIs too. */
const OF_OTHERS =
  /^(accelerators|distributions|endpoints|global-databases|http-apis)\.ts$|(target-health|behind|idle)\.ts$/;

const sourcesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !OF_OTHERS.test(name))
    .map((name) => readFileSync(join(directory, name), 'utf8'));

test.each(['libs/twin/src/services', 'libs/stack/src'])('types that %s asks for are modelled', (directory) => {
  const asked = sourcesIn(join(__dirname, '../../..', directory)).flatMap((source) =>
    [...source.matchAll(/'(aws_[a-z0-9_]+)'/g)].map(([, type = '']) => type),
  );
  expect(asked.length).toBeGreaterThan(5);
  expect([...new Set(asked)].filter((type) => !isKnownType(type))).toEqual([]);
});

test('another one is not', () => expect(isKnownType('aws_kinesis_stream')).toBe(false));

describe('types that decide nothing', () => {
  /** Of services of which other types decide: of each, its reason says what is checked in its place. */
  const BESIDE_DECIDERS = [
    'aws_default_security_group',
    'aws_eip',
    'aws_fis_experiment_template',
    'aws_lb_trust_store',
    'aws_vpc_endpoint_route_table_association',
  ];
  test('are of services that stand aside, but for these', () =>
    expect(Object.keys(INERT).filter((type) => !isAside(type))).toEqual(BESIDE_DECIDERS));

  test.each([...CHECKED_TYPES])('%s decides', (type) => {
    expect(isAside(type)).toBe(false);
    expect(INERT).not.toHaveProperty(type);
  });

  test.each([
    'aws_lb_listener',
    'aws_wafv2_web_acl_association',
    'aws_iam_role_policy',
    'aws_dynamodb_resource_policy',
    'aws_lambda_permission',
    'aws_kms_key_policy',
    'aws_route53_zone',
    'aws_secretsmanager_secret',
    'aws_ssm_association',
    'aws_config_remediation_configuration',
    'aws_budgets_budget_action',
    'aws_s3control_access_point_policy',
    'aws_networkfirewall_firewall',
    'awscc_s3_bucket',
  ])('%s does not stand aside', (type) => {
    expect(isAside(type)).toBe(false);
    expect(INERT).not.toHaveProperty(type);
  });
});

test.each([...CHECKED_TYPES])('arguments of %s are listed, so another one is refused', (type) =>
  expect(understoodArguments(type)?.size).toBeGreaterThan(0),
);
