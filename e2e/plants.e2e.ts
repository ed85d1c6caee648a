// Each defect that AWS's API refuses, planted alone and applied by Terraform: refused, by a message that names the rule.
// DR_E2E_PLANTS=N applies every Nth plant only: CI samples, and `npm run plants` applies all.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { PLANTS, PREREQUISITES, PROVIDERS } from './support/plants';
import { Stack } from './support/stack';
import { closureOf, type StackJson } from './support/synthesized';

const EVERY = Number(process.env['DR_E2E_PLANTS'] ?? '1');
const LEAST = 25;

let aws: EmulatedAws;
let stack: Stack;
let sound: string;

beforeAll(async () => {
  aws = await startEmulatedAws();
  stack = await Stack.synthesize('dr', ['--set', 'options.protect=false'], aws.env);
  sound = readFileSync(join(stack.directory, 'cdk.tf.json'), 'utf8');
  await stack.init();
  await stack.apply(...PREREQUISITES.map((address) => `-target=${address}`));
});

afterAll(() => aws?.stop());

test(`there are at least ${LEAST}, each of another defect`, () => {
  expect(new Set(PLANTS.map(({ defect }) => defect)).size).toBe(PLANTS.length);
  expect(PLANTS.length).toBeGreaterThanOrEqual(LEAST);
});

test.each(PLANTS.filter((_, at) => at % EVERY === 0))(
  'refused: $defect ($refusedBy)',
  async ({ target, refusedBy, plant }) => {
    const planted = JSON.parse(sound) as StackJson;
    plant(planted);
    const needed = closureOf(planted, target, PROVIDERS);
    writeFileSync(join(stack.directory, 'cdk.tf.json'), JSON.stringify(needed));
    const arguments_ = ['apply', '-input=false', '-auto-approve', '-refresh=false', `-target=${target}`];
    const { exitCode, stderr } = await stack.terraform(arguments_, [0, 1]);
    // Terraform wraps its messages at 80 columns.
    const message = stderr.replace(/\n[│ ]*/g, ' ').replace(/- /g, '-');
    expect({ exitCode, message }).toEqual({
      exitCode: 1,
      message: expect.stringContaining(refusedBy.replace(/- /g, '-')),
    });
  },
);
