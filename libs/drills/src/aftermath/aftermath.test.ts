// What is left of a stack without a region, and the arithmetic of the plan.
import { outlook } from '@dr/contracts';
import { degradedWithout } from './degraded';
import { backfillSeconds, recoveryPlan, type PlanInput } from './plan';
import { withSynthesizedStack } from '../testing/synthesized-stack';

const join = { appliedSeconds: 600, servingSeconds: 720, requests: 100, failed: 0 };
const input: PlanInput = {
  lost: { name: 'mumbai', awsRegion: 'ap-south-1' },
  region: { name: 'seoul', awsRegion: 'ap-northeast-2' },
  left: [{ name: 'singapore', awsRegion: 'ap-southeast-1' }],
  commands: { fill: ['fill'], state: ['pull', 'push'], apply: ['release'] },
  tableGb: 1,
  promisedPerSecond: 100,
  join,
};

test('people work beside a small table that is being filled; a big one decides, and the apply waits for it', () => {
  const small = recoveryPlan(input);
  expect(small.redundantAfterSeconds).toBe(1_800 + 900 + 600 + 120);
  expect(small.withoutRedundancySeconds).toBe(small.redundantAfterSeconds);
  const big = recoveryPlan({ ...input, tableGb: 500 });
  expect(big.redundantAfterSeconds).toBe(1_800 + backfillSeconds(500) + 600 + 120);
  expect(backfillSeconds(500)).toBe(300 + 5 * 3_600);
  expect(backfillSeconds(0)).toBe(300);
});

test('the steps take as long as the plan says: each begins after the one before, or alongside it', () => {
  for (const tableGb of [0, 1, 37.5, 500]) {
    const { steps, redundantAfterSeconds } = recoveryPlan({ ...input, tableGb });
    const times = steps.map(({ seconds }) => seconds ?? NaN);
    const after = steps.reduce<[number, number]>(
      ([begun, ended], { alongside }, at) =>
        alongside ? [begun, Math.max(ended, begun + (times[at] ?? 0))] : [ended, ended + (times[at] ?? 0)],
      [0, 0],
    );
    expect(after[1]).toBe(redundantAfterSeconds);
  }
  expect(recoveryPlan(input).steps.flatMap(({ command }) => command ?? [])).toEqual(['fill', 'pull\npush', 'release']);
});

test('with two regions left one more loss is no outage, and the report says so; with one left it is', () => {
  const sydney = { name: 'sydney', awsRegion: 'ap-southeast-2' };
  const two = recoveryPlan({ ...input, left: [...input.left, sydney] });
  expect(two).toMatchObject({ withoutRedundancySeconds: 0, servingMeanwhile: ['singapore', 'sydney'] });
  expect(outlook(two)).toMatch(
    /^Still redundant: singapore and sydney serve, and one more loss is no outage\. seoul serves 57 min 0 s after/,
  );
  expect(outlook(two)).toContain('Each region is to serve 100 requests a second alone');
  expect(outlook(recoveryPlan(input))).toMatch(
    /^singapore serves alone until seoul does, and one more loss is an outage\./,
  );
});

test('a region that never serves has no end', () => {
  expect(recoveryPlan({ ...input, join: { ...join, servingSeconds: null } })).toMatchObject({
    redundantAfterSeconds: null,
    withoutRedundancySeconds: null,
  });
});

test('each step says what it rests on', () => {
  for (const { basis, source } of recoveryPlan(input).steps) {
    expect(source).not.toBe('');
    if (basis === 'assumed') expect(source).toContain('[A]');
  }
});

test('of our stack: state, table, secret, keys and what is in the region alone, by address', async () => {
  await withSynthesizedStack([], (graph) => {
    const mumbai = degradedWithout(graph, 'ap-south-1');
    const of = (what: string) => mumbai.find((one) => one.what.includes(what));
    expect(of('Terraform state')).toMatchObject({ state: 'degraded' });
    expect(of('aws_dynamodb_table.system_table')).toMatchObject({ state: 'degraded' });
    expect(of('aws_dynamodb_table.system_table')?.why).toContain('more than 20 hours');
    expect(of('aws_dynamodb_table.system_table')?.remedy).toContain('a replica that is left becomes the table');
    expect(of('aws_secretsmanager_secret.api_keys')).toMatchObject({ state: 'read-only' });
    expect(of('aws_kms_key.mumbai_key')).toMatchObject({ state: 'lost' });
    expect(of('aws_s3_bucket.mumbai_access_logs_bucket')).toMatchObject({ state: 'lost' });
    expect(JSON.stringify(mumbai)).not.toContain('aws_kms_key.singapore');
    const singapore = degradedWithout(graph, 'ap-southeast-1');
    const table = singapore.find(({ what }) => what === 'aws_dynamodb_table.system_table');
    expect(table?.remedy).toContain('leave that replica alone');
    expect(singapore.some(({ state }) => state === 'read-only')).toBe(false);
    expect(degradedWithout(graph, 'us-east-1')[0]).toMatchObject({ what: expect.stringContaining('Route 53') });
    expect(degradedWithout(graph, 'eu-west-1')).toEqual([]);
    return Promise.resolve();
  });
}, 60_000);
