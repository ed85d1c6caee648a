// The commands of the plan, of our own stacks: what is dropped from the state, what is kept, what is imported.
import type { Graph } from '@dr/terraform-json';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { replacementCommands, type Replacement } from './commands';
import { withSynthesizedStack } from '../testing/synthesized-stack';

const MUMBAI = { name: 'mumbai', awsRegion: 'ap-south-1' };
const SINGAPORE = { name: 'singapore', awsRegion: 'ap-southeast-1' };
const SEOUL = { name: 'seoul', awsRegion: 'ap-northeast-2' };
const TOKYO = { name: 'tokyo', awsRegion: 'ap-northeast-1' };
const stackIn = (...regions: (typeof MUMBAI)[]) => ['--set', `regions=${JSON.stringify(regions)}`];

const of = (lost: typeof MUMBAI, left: (typeof MUMBAI)[], region: typeof MUMBAI, standing: (typeof MUMBAI)[]) =>
  withSynthesizedStack(stackIn(...standing), (before) =>
    withSynthesizedStack(stackIn(...left, region), (after) => {
      const replacement: Replacement = { lost, left, region, before, after };
      return Promise.resolve({ before, after, commands: replacementCommands(replacement) });
    }),
  );

const imported = (lines: readonly string[]): string[] => lines.flatMap((line) => /import (\S+)/.exec(line)?.[1] ?? []);

/** A state as Terraform writes it, of a graph's managed resources, put through the edit. */
function edited(before: Graph, lines: readonly string[]) {
  const program = lines.map((line) => /^jq '(.*)' before\.tfstate/.exec(line)?.[1]).find(Boolean) ?? '';
  const providerOf = (region: string): string =>
    'provider["registry.terraform.io/hashicorp/aws"]' +
    ([MUMBAI, SINGAPORE, SEOUL].find(({ awsRegion }) => awsRegion === region)?.name.replace(/^/, '.') ?? '');
  const resources = before.resources
    .filter(({ mode }) => mode === 'managed')
    .map(({ type, name, awsRegion }) => ({
      mode: 'managed',
      type,
      name,
      provider: providerOf(awsRegion),
      instances: [{ attributes: { arn: `arn:aws:x:${awsRegion}:1:y` } }],
    }));
  const input = JSON.stringify({ serial: 7, resources });
  const { stdout, stderr, status } = spawnSync('jq', [program], { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const state = JSON.parse(stdout) as { serial: number; resources: typeof resources };
  const addresses = state.resources.map(({ type, name }) => `${type}.${name}`);
  return { ...state, addresses, find: (address: string) => state.resources[addresses.indexOf(address)] };
}

const hasJq = spawnSync('jq', ['--version']).status === 0;
(hasJq ? describe : describe.skip)('the state, edited by jq', () => {
  test('of the owner: its resources go, the table lives on in the next region, what is global stays for the release', async () => {
    const { before, commands } = await of(MUMBAI, [SINGAPORE], SEOUL, [MUMBAI, SINGAPORE]);
    const state = edited(before, commands.state);
    expect(state.serial).toBe(8);
    expect(state.resources.some(({ provider }) => provider.endsWith('.mumbai'))).toBe(false);
    expect(state.find('aws_dynamodb_table.system_table')).toMatchObject({
      provider: 'provider["registry.terraform.io/hashicorp/aws"].singapore',
      instances: [{ attributes: { arn: 'arn:aws:x:ap-southeast-1:1:y' } }],
    });
    expect(state.addresses).not.toContain('aws_dynamodb_table_replica.system_table_replica_singapore');
    expect(state.addresses).not.toContain('aws_lb.mumbai_alb');
    expect(state.addresses).not.toContain('aws_secretsmanager_secret.api_keys');
    expect(state.addresses).toContain('aws_lb.singapore_alb');
    expect(state.addresses).toContain('aws_route53_record.mumbai_dns_record');
  }, 60_000);

  test('of another region: the table, its other replicas and the secret are left alone', async () => {
    const { before, commands } = await of(SINGAPORE, [MUMBAI, SEOUL], TOKYO, [MUMBAI, SINGAPORE, SEOUL]);
    const state = edited(before, commands.state);
    expect(state.find('aws_dynamodb_table.system_table')?.provider).toMatch(/\.mumbai$/);
    expect(state.addresses).toContain('aws_dynamodb_table_replica.system_table_replica_seoul');
    expect(state.addresses).not.toContain('aws_dynamodb_table_replica.system_table_replica_singapore');
    expect(state.addresses).toContain('aws_secretsmanager_secret.api_keys');
    expect(imported(commands.state)).toEqual(['aws_dynamodb_table_replica.system_table_replica_tokyo']);
    expect(commands.state.join('\n')).not.toContain('secretsmanager');
    expect(commands.fill[0]).toContain('--region ap-south-1 ');
  }, 60_000);
});

test('with two left, their replica and secret are made parts of the new owner; nothing asks the lost region', async () => {
  const { after, commands } = await of(MUMBAI, [SINGAPORE, SEOUL], TOKYO, [MUMBAI, SINGAPORE, SEOUL]);
  const addresses = imported(commands.state);
  expect(addresses).toEqual([
    'aws_secretsmanager_secret.api_keys',
    'aws_dynamodb_table_replica.system_table_replica_seoul',
    'aws_dynamodb_table_replica.system_table_replica_tokyo',
  ]);
  for (const address of addresses) expect(after.get(address)).toBeDefined();
  const all = [...commands.fill, ...commands.state, ...commands.apply];
  expect(all.filter((line) => line.includes('ap-south-1') && !line.startsWith('jq'))).toEqual([]);
  expect(all.join('\n')).toContain('replicate-secret-to-regions --region ap-southeast-1');
  expect(commands.fill[0]).toBe(
    `aws dynamodb update-table --region ap-southeast-1 --table-name dr-system-table --replica-updates '[{"Create":{"RegionName":"ap-northeast-1"}}]'`,
  );
  expect(commands.apply.join()).toContain('--allow-destroy mumbai');
}, 60_000);

test('what it calls of this project is there', async () => {
  const { commands } = await of(MUMBAI, [SINGAPORE], SEOUL, [MUMBAI, SINGAPORE]);
  const called = [...commands.state, ...commands.apply].flatMap((line) => /node (scripts\/\S+)/.exec(line)?.[1] ?? []);
  expect(called).toEqual(['scripts/release.mjs']);
  const root = join(__dirname, '../../../..');
  for (const file of called) expect(existsSync(join(root, file))).toBe(true);
}, 60_000);
