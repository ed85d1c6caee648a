// Our own plan, as real Terraform shows it, is the graph that our configuration is: resources, regions, values, and where names lead.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ifKnown, isGlobal, readStack, type Graph, type Resource } from '@dr/terraform-json';
import { reviewStack } from '@dr/review';
import { readNames } from '@dr/stack';
import { applyZone } from './support/deployable';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { Stack } from './support/stack';

let aws: EmulatedAws;
let configured: Graph;
let shown: Graph;

beforeAll(async () => {
  aws = await startEmulatedAws();
  await applyZone(aws);
  const stack = await Stack.synthesize('dr', ['--set', 'options.protect=false'], aws.env);
  await stack.init();
  await stack.terraform(['plan', '-input=false', '-out=tfplan']);
  const plan = join(stack.directory, 'plan.json');
  writeFileSync(plan, (await stack.terraform(['show', '-json', 'tfplan'])).stdout);
  expect(readFileSync(plan, 'utf8')).toMatch(/^\{"format_version":"1\./);
  configured = readStack(join(stack.directory, 'cdk.tf.json'));
  shown = readStack(plan);
});

afterAll(() => aws?.stop());

const managed = ({ resources }: Graph): readonly Resource[] => resources.filter(({ mode }) => mode === 'managed');
const byAddress = (pairs: readonly (readonly [string, unknown])[]): Record<string, unknown> =>
  Object.fromEntries([...pairs].sort(([one], [two]) => (one < two ? -1 : 1)));

test('has the same resources, and each in the same region', () => {
  const regionsOf = (graph: Graph): object =>
    byAddress(
      managed(graph).map(({ address, type, awsRegion }) => [address, isGlobal(type) ? 'global' : awsRegion] as const),
    );
  expect(Object.keys(regionsOf(shown)).length).toBeGreaterThan(100);
  expect(regionsOf(shown)).toEqual(regionsOf(configured));
});

test('lacks nothing that it does not say', () => {
  expect(shown.notes).toEqual([]);
  expect(shown.unknown.filter(({ path }) => path === 'region' || path === 'count')).toEqual([]);
});

/** Simple values of a resource that both know, and that neither makes up for AWS. */
function knownOf(resource: Resource, other: Resource): [string, string][] {
  return Object.keys(resource.values).flatMap((key): [string, string][] => {
    const read = [resource, other].map(({ values }) => ifKnown(() => values[key]));
    const [own] = read.map((one) => ('value' in one ? one.value : undefined));
    const isSimple = ['string', 'number', 'boolean'].includes(typeof own) && own !== '';
    return isSimple && read.every((one) => 'value' in one && one.value !== undefined) ? [[key, String(own)]] : [];
  });
}

test('says the same of every value that both know', () => {
  let compared = 0;
  // The configuration makes ids up for what is looked up in the account.
  const madeUp = /arn:aws:|^Z[0-9A-Z]{13,}|^[0-9a-f]{16,}|\.elb\.|123456789012|^aws_|^data\.|_validation/;
  for (const resource of managed(configured)) {
    const other = shown.get(resource.address) as Resource;
    for (const [key, value] of knownOf(resource, other)) {
      if (madeUp.test(value) || madeUp.test(String(other.values[key])) || value.startsWith('{')) continue;
      compared += 1;
      expect(`${resource.address}.${key} ${String(other.values[key])}`).toBe(`${resource.address}.${key} ${value}`);
    }
  }
  expect(compared).toBeGreaterThan(300);
});

test('leads every public name through the same doors', () => {
  const doorsOf = (graph: Graph): object =>
    readNames(graph).publicNames.map(({ domain, routing, doors }) => ({
      domain,
      routing,
      doors: doors.map(({ record, balancer, chain }) => [record.address, balancer.address, chain.length]).sort(),
    }));
  expect(readNames(shown).publicNames.flatMap(({ doors }) => doors).length).toBeGreaterThanOrEqual(2);
  expect(doorsOf(shown)).toEqual(doorsOf(configured));
});

test('is reviewed as the configuration is, and nothing blocks', () => {
  const objective = { rtoSeconds: 60, rpoSeconds: null };
  const [ofPlan, ofConfiguration] = [shown, configured].map((graph) => reviewStack(graph, objective));
  const outcomesOf = (names: NonNullable<typeof ofPlan>['names'] = []): object[] =>
    names.map(({ name, faults }) => ({
      name,
      faults: faults.map(({ fault, region, outcome, seconds }) => ({ fault, region, outcome, seconds })),
    }));
  expect(outcomesOf(ofPlan?.names)).toEqual(outcomesOf(ofConfiguration?.names));
  expect(ofPlan?.findings.filter(({ severity }) => severity === 'blocks')).toEqual([]);
  expect(ofPlan?.verdict).not.toBe('fails');
});
