// What a synth writes, and that bad input leaves nothing behind.
import { parseConfig } from '@dr/contracts/system/config';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { parseArguments } from './arguments';
import { synthesize, synthesizeFirst } from './synthesize';
import { StackQuery } from './testing/stack-query';
import { configWith, stubBundles, synthesized, temporaryDirectory } from './testing/synth-in-test';

const temporary = (): string => join(temporaryDirectory(), 'out');

test('a second synth replaces the code and keeps what Terraform left there', () => {
  const outDirectory = temporary();
  const stack = join(outDirectory, 'stacks', 'dr');
  const config = parseConfig(configWith());
  synthesize({ config, outDirectory, bundles: stubBundles('// old') });
  writeFileSync(join(stack, 'terraform.tfstate'), '{}');
  synthesize({ config, outDirectory, bundles: stubBundles('// new') });
  expect(existsSync(join(stack, 'terraform.tfstate'))).toBe(true);
  const [hash, ...others] = readdirSync(join(stack, 'assets', 'traffic-router'));
  expect(others).toEqual([]);
  const zip = readFileSync(join(stack, 'assets', 'traffic-router', hash ?? '', 'traffic-router.zip'));
  expect(Buffer.from(unzipSync(zip)['index.js'] ?? []).toString()).toBe('// new');
  const query = new StackQuery(readFileSync(join(stack, 'cdk.tf.json'), 'utf8'));
  expect(query.one('aws_lambda_function', 'mumbai_traffic_router')['filename']).toBe(
    `assets/traffic-router/${hash}/traffic-router.zip`,
  );
});

test('fails without writing anything when a bundle is missing', () => {
  const outDirectory = temporary();
  const config = parseConfig(configWith());
  expect(() => synthesize({ config, outDirectory, bundles: '/nowhere' })).toThrow(/npm run build/);
  expect(existsSync(outDirectory)).toBe(false);
});

test('the state stack is one private, versioned bucket that a lock file can be deleted from', () => {
  const state = { backend: 's3', bucket: 'dr-state', region: 'us-east-1' } as const;
  const { json } = synthesizeFirst('state', { config: parseConfig(configWith({ state })), outDirectory: undefined });
  const query = new StackQuery(json);
  expect(query.property('aws_s3_bucket', 'bucket')).toEqual({ state: 'dr-state' });
  expect(query.all('aws_s3_bucket_versioning')).toHaveLength(1);
  expect(query.all('aws_s3_bucket_public_access_block')).toHaveLength(1);
  expect(JSON.stringify(query.policies())).not.toContain('s3:DeleteObject');
});

test('the command line wins over the caller, the caller over the default', () => {
  expect(parseArguments([], undefined)).toMatchObject({ outDirectory: 'cdktf.out', bundles: 'dist', mode: 'synth' });
  expect(parseArguments([], 'from-cdktf').outDirectory).toBe('from-cdktf');
  const { outDirectory, override } = parseArguments(
    ['--out', 'x', '--rto', '170', '--routing', 'failover'],
    'from-cdktf',
  );
  expect(outDirectory).toBe('x');
  expect(override(configWith())).toMatchObject({ routing: 'failover', objectives: { rtoSeconds: 170, rpoSeconds: 5 } });
});

test('any key of the config can be set from the command line', () => {
  const { override } = parseArguments(
    ['--set', 'options.protect=false', '--set', 'state.backend=s3', '--set', 'release.mumbai=before'],
    undefined,
  );
  expect(override(configWith({ release: { singapore: 'x' } }))).toMatchObject({
    options: { protect: false },
    state: { backend: 's3' },
    release: { singapore: 'x', mumbai: 'before' },
  });
});

test('fails to set a key without a value', () => {
  expect(() => parseArguments(['--set', 'options'], undefined).override(configWith())).toThrow(/sets nothing/);
});

test.each([
  [[], 'warn'],
  [['--deployable'], 'refuse'],
  [['--simulate'], 'ignore'],
  [['--golden'], 'ignore'],
])('%j: what may not be deployed is met with "%s"', (argv, obstacles) =>
  expect(parseArguments(argv, undefined).obstacles).toBe(obstacles),
);

test('a region that is applied and has left the config keeps its provider, so that Terraform can plan its removal', () => {
  const applied = JSON.stringify({
    version: 4,
    resources: ['mumbai', 'paris'].map((alias, at) => ({
      mode: 'managed',
      provider: `provider["registry.terraform.io/hashicorp/aws"].${alias}`,
      instances: [{ attributes: { arn: `arn:aws:sns:${['ap-south-1', 'eu-west-3'][at]}:123456789012:x` } }],
    })),
  });
  const config = parseConfig(configWith());
  const { json } = synthesize({ config, outDirectory: undefined, bundles: stubBundles(), applied });
  const { aws } = (JSON.parse(json) as { provider: { aws: { alias?: string; region: string }[] } }).provider;
  expect(aws.map(({ alias, region }) => [alias, region])).toEqual([
    [undefined, 'us-east-1'],
    ['mumbai', 'ap-south-1'],
    ['singapore', 'ap-southeast-1'],
    ['paris', 'eu-west-3'],
  ]);
});

test.each([
  [['--unknown']],
  [['stray']],
  [['--golden', '--state']],
  [['--zone', '--state']],
  [['--deployable', '--simulate']],
])('fails on %s', (argv) => {
  expect(() => parseArguments(argv, undefined)).toThrow(/Use --routing/);
});

test('fails on an option that takes one value and is given twice; --set may be given often, and the last of a key counts', () => {
  expect(() => parseArguments(['--rto', '60', '--rto=70'], undefined)).toThrow(/infra --rto: is given twice/);
  const args = parseArguments(['--set', 'system=one', '--set', 'routing=weighted', '--set', 'system=two'], undefined);
  expect(args.override(configWith())).toMatchObject({ system: 'two', routing: 'weighted' });
});

test('another routing than that of the config drops its weights', () => {
  const config = configWith({ routing: 'weighted', weights: { mumbai: 1, singapore: 2 } });
  const routed = parseArguments(['--routing', 'latency'], undefined).override(config);
  expect(parseConfig(routed).weights).toBeUndefined();
});

test('warns of regions too far apart to ask each other in time, and of no others', () => {
  const between = (...awsRegions: string[]): readonly string[] =>
    synthesized({ regions: awsRegions.map((awsRegion, at) => ({ name: ['near', 'far'][at] ?? '', awsRegion })) })
      .warnings;
  expect(between('sa-east-1', 'ap-northeast-1')).toContainEqual(
    expect.stringContaining('near and far are so far apart'),
  );
  expect(between('us-east-1', 'ap-south-1')).not.toContainEqual(expect.stringContaining('so far apart'));
});
