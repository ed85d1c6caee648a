// `protect: true` on an applied system: destroying it is refused at plan; a region leaves only when it is named; bad zones are named.
import { CreateHostedZoneCommand, DeleteHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { run, type CommandResult } from './support/command';
import { DEPLOYABLE, layGroundwork, settings, UNPROTECTED, ZONE } from './support/deployable';
import { CREDENTIALS, startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { ROOT, Stack, temporaryDirectory } from './support/stack';

const WITHOUT_SINGAPORE = settings(
  'regions=[{"name":"mumbai","awsRegion":"ap-south-1"},{"name":"tokyo","awsRegion":"ap-northeast-1"}]',
);
const NO_LOCK = ['--lock', join(temporaryDirectory(), 'none')];

/** Stands for the health of the regions: what is applied here is too little of the stack to serve. */
const healthy = createServer((_request, response) => response.end());

let aws: EmulatedAws;
let stack: Stack;

beforeAll(async () => {
  await new Promise<void>((resolve) => healthy.listen(0, '127.0.0.1', resolve));
  aws = await startEmulatedAws();
  await layGroundwork(aws);
  stack = await Stack.synthesize('dr', DEPLOYABLE, aws.env);
  await stack.init();
  await stack.apply(...targets(keptBy(stack)));
});

afterAll(async () => {
  healthy.close();
  await aws?.stop();
});

/** Addresses of what the stack keeps: enough of it to see what becomes of it, and a third of an apply. */
function keptBy({ directory }: Stack): string[] {
  const { resource } = JSON.parse(readFileSync(join(directory, 'cdk.tf.json'), 'utf8')) as {
    resource: Record<string, Record<string, { lifecycle?: { prevent_destroy?: true } }>>;
  };
  return Object.entries(resource).flatMap(([type, byId]) =>
    Object.entries(byId).flatMap(([id, { lifecycle }]) => (lifecycle?.prevent_destroy ? [`${type}.${id}`] : [])),
  );
}

const targets = (addresses: readonly string[]): string[] => addresses.map((address) => `-target=${address}`);

/** A script on the applied system; what it plans is narrowed to what is applied and kept. */
async function script(name: string, args: readonly string[], exitCodes: readonly number[]): Promise<CommandResult> {
  const applied = (await stack.applied()).map(({ address }) => address);
  const of = [...new Set([...applied, ...keptBy(stack), ...applied.map((one) => one.replace('singapore', 'tokyo'))])];
  const env = { ...aws.env, TF_CLI_ARGS_plan: ['-parallelism=40', ...targets(of)].join(' ') };
  return run('node', [`scripts/${name}.mjs`, ...args], { cwd: ROOT, env, exitCodes, timeoutSeconds: 400 });
}

function release(args: readonly string[], exitCodes: readonly number[]): Promise<CommandResult> {
  const { port } = healthy.address() as AddressInfo;
  const probes = ['--health-url', `http://127.0.0.1:${port}/{region}.{domain}`, '--stable-seconds', '0'];
  return script(
    'release',
    ['--commit', 'e2e', '--out', stack.out, ...NO_LOCK, ...probes, ...DEPLOYABLE, ...args],
    exitCodes,
  );
}

/** Sessions of the roles of functions that run meanwhile, with their keys; what moto keeps of a zone that is gone. */
const NO_RESOURCES = { 'sts/aws/assumed_roles': 0, 'iam/aws/access_keys': 0, 'route53/aws/delegation_sets': 0 };

/** Nothing that AWS holds and nothing in the state differs afterwards. */
async function changesNothing(work: () => Promise<void>): Promise<void> {
  const picture = async () => {
    const held = { ...(await aws.inventory()), ...NO_RESOURCES };
    return { held, applied: (await stack.applied()).map((r) => r.address) };
  };
  const before = await picture();
  expect(before.applied.length).toBeGreaterThan(30);
  await work();
  expect(await picture()).toEqual(before);
}

test('terraform destroy is refused at plan, and destroys nothing', () =>
  changesNothing(async () => {
    const { stderr } = await stack.terraform(['destroy', '-input=false', '-auto-approve'], [1]);
    // Terraform names those on which nothing else depends; the others it has not reached.
    for (const id of ['mumbai_dns_record', 'singapore_dns_record', 'audit_trail']) {
      expect(stderr).toContain(`.${id}`);
    }
    expect(stderr).toContain('Instance cannot be destroyed');
  }));

test('fails to destroy with cdktf, and is told the steps', () =>
  changesNothing(async () => {
    const app = `node dist/infra/main.js ${DEPLOYABLE.map((word) => `'${word}'`).join(' ')}`;
    const { stderr } = await script(
      'cdktf',
      ['destroy', 'dr', '--app', app, '--output', stack.out, '--auto-approve'],
      [1],
    );
    expect(stderr).toContain('"Destroying" in docs/state.md');
  }));

test('fails on a region that has left the config, named or not, while AWS protects what is there', () =>
  changesNothing(async () => {
    for (const named of [[], ['--allow-destroy', 'singapore']]) {
      const { stdout, stderr } = await release([...WITHOUT_SINGAPORE, ...named], [1]);
      expect(stdout).toContain('aws_dynamodb_table_replica.system_table_replica_singapore cannot be destroyed');
      expect(stdout).toContain('apply options.protect = false first');
      expect(stderr).toContain('nothing was applied');
    }
  }));

test('fails on the zone that is found twice, with the fix', () =>
  changesNothing(async () => {
    const client = new Route53Client({ endpoint: aws.endpoint, region: 'us-east-1', credentials: CREDENTIALS });
    const { HostedZone } = await client.send(new CreateHostedZoneCommand({ Name: ZONE, CallerReference: 'twice' }));
    const Id = HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
    try {
      const { stderr } = await release([], [2]);
      expect(stderr).toContain('Set options.zoneId');
      // The other zone, named by its id, holds none of the records: they would leave the one that is delegated.
      const { stderr: moved } = await release(settings(`options.zoneId="${Id}"`), [1]);
      expect(moved).toContain('aws_route53_record.mumbai_dns_regional_name');
      expect(moved).toContain('nothing was destroyed');
    } finally {
      await client.send(new DeleteHostedZoneCommand({ Id }));
    }
  }));

test('protection is turned off only when that is asked for', async () => {
  await changesNothing(async () => {
    const { stdout } = await release(UNPROTECTED, [1]);
    expect(stdout).toContain('aws_dynamodb_table.system_table loses its protection');
    expect(stdout).toContain('--allow-unprotect');
  });
  await release([...UNPROTECTED, '--allow-unprotect'], [0]);
});

test('a region that has left the config goes only when it is named, and takes nothing else with it', async () => {
  const without = [...WITHOUT_SINGAPORE, ...UNPROTECTED];
  await changesNothing(async () => {
    for (const named of [[], ['--allow-destroy', 'mumbai']]) {
      const { stdout } = await release([...without, ...named], [1]);
      expect(stdout).toContain('singapore leaves: the whole region ap-southeast-1');
      expect(stdout).toContain('--allow-destroy singapore');
    }
  });
  const before = await aws.inventory();
  await release([...without, '--allow-destroy', 'singapore'], [0]);
  const after = await aws.inventory();
  const balancersIn = (held: Readonly<Record<string, number>>, region: string): number =>
    held[`elbv2/${region}/load_balancers`] ?? 0;
  expect(balancersIn(before, 'ap-southeast-1')).toBe(1);
  expect(balancersIn(after, 'ap-southeast-1')).toBe(0);
  expect(balancersIn(after, 'ap-south-1')).toBe(1);
  const applied = (await stack.applied()).map(({ address }) => address);
  expect(applied.filter((address) => address.includes('singapore'))).toEqual([]);
  expect(applied).toEqual(expect.arrayContaining(['aws_dynamodb_table.system_table', 'aws_lb.mumbai_alb']));
});
