// Each defect that AWS's API refuses, planted alone and applied by Terraform: refused, by a message that names the rule.
// DR_E2E_PLANTS=N applies every Nth plant only: CI samples, and `npm run plants` applies all.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { applyZone } from './support/deployable';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { invoke } from './support/lambda-client';
import { PLANTS, PREREQUISITES, PROVIDERS } from './support/plants';
import { Stack } from './support/stack';
import { at, closureOf, withoutActions, withoutCreationOrder, type StackJson } from './support/synthesized';

const EVERY = Number(process.env['DR_E2E_PLANTS'] ?? '1');
const LEAST = 25;

let aws: EmulatedAws;
let stack: Stack;
let sound: string;

beforeAll(async () => {
  aws = await startEmulatedAws();
  await applyZone(aws);
  stack = await Stack.synthesize('dr', ['--set', 'options.protect=false'], aws.env);
  const file = join(stack.directory, 'cdk.tf.json');
  sound = JSON.stringify(withoutCreationOrder(JSON.parse(readFileSync(file, 'utf8')) as StackJson));
  writeFileSync(file, sound);
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
  async ({ target, refusedBy, plant, after }) => {
    const apply = (change: (stack: StackJson) => void, exitCodes: readonly number[]) => {
      const planted = JSON.parse(sound) as StackJson;
      change(planted);
      const needed = closureOf(planted, target, PROVIDERS);
      writeFileSync(join(stack.directory, 'cdk.tf.json'), JSON.stringify(needed));
      const options = ['-input=false', '-auto-approve', '-refresh=false', `-target=${target}`];
      return stack.terraform(['apply', ...options], exitCodes);
    };
    if (after) await apply(after, [0]);
    const { exitCode, stderr } = await apply(plant, [0, 1]);
    // Terraform wraps its messages at 80 columns.
    const message = stderr.replace(/\n[│ ]*/g, ' ').replace(/- /g, '-');
    expect({ exitCode, message }).toEqual({
      exitCode: 1,
      message: expect.stringContaining(refusedBy.replace(/- /g, '-')),
    });
  },
);

describe('a role without dynamodb:PutItem', () => {
  const POLICY = 'aws_iam_role_policy.mumbai_health_checker_policy';
  const ROUND_MS = 3_000;
  const ROUNDS = 20;

  /** The region's own /health: why it does not serve. Alone in this account, it never does. */
  async function reason(): Promise<string> {
    const request = { httpMethod: 'GET', path: '/health', queryStringParameters: {}, body: '', isBase64Encoded: false };
    const elb = { targetGroupArn: 'arn:aws:elasticloadbalancing:e2e:targetgroup/health' };
    const event = { ...request, requestContext: { elb }, headers: { host: 'app.example.com' } };
    const answer = (await invoke(aws.endpoint, 'ap-south-1', 'health-checker', event)) as { body: string };
    return (JSON.parse(answer.body) as { reason: string }).reason;
  }

  async function becomes(expected: boolean): Promise<boolean> {
    for (let round = 0; round < ROUNDS; round += 1) {
      if (((await reason()) === 'table-denied') === expected) return true;
      await pause(ROUND_MS);
    }
    return false;
  }

  const applyPolicy = (text: StackJson) => {
    writeFileSync(join(stack.directory, 'cdk.tf.json'), JSON.stringify(closureOf(text, POLICY, PROVIDERS)));
    return stack.apply('-refresh=false', `-target=${POLICY}`);
  };

  test('is applied, and the function is denied: /health says so, and no more once the permission is back', async () => {
    await applyPolicy(JSON.parse(sound) as StackJson);
    expect(await becomes(false)).toBe(true);
    const planted = JSON.parse(sound) as StackJson;
    withoutActions(at(planted, POLICY), 'policy', ['dynamodb:PutItem']);
    await applyPolicy(planted);
    expect(await becomes(true)).toBe(true);
    await applyPolicy(JSON.parse(sound) as StackJson);
    expect(await becomes(false)).toBe(true);
  });
});
