// What is left of a stack without a region, and the arithmetic of the plan.
import { degradedWithout } from './degraded';
import { backfillSeconds, recoveryPlan, type PlanInput } from './plan';
import { withSynthesizedStack } from '../testing/synthesized-stack';

const join = { appliedSeconds: 600, servingSeconds: 720, requests: 100, failed: 0 };
const input: PlanInput = {
  lost: 'mumbai',
  region: { name: 'seoul', awsRegion: 'ap-northeast-2' },
  left: ['singapore'],
  tableGb: 1,
  join,
};

test('a small table is filled while the stack is applied; a big one decides', () => {
  const small = recoveryPlan(input);
  expect(small.redundantAfterSeconds).toBe(1_800 + 900 + 600 + 120);
  expect(small.withoutRedundancySeconds).toBe(small.redundantAfterSeconds);
  const big = recoveryPlan({ ...input, tableGb: 500 });
  expect(big.redundantAfterSeconds).toBe(1_800 + 900 + backfillSeconds(500) + 120);
  expect(backfillSeconds(500)).toBe(300 + 5 * 3_600);
  expect(backfillSeconds(0)).toBe(300);
});

test('with two regions left one more loss is no outage', () => {
  expect(recoveryPlan({ ...input, left: ['singapore', 'sydney'] })).toMatchObject({ withoutRedundancySeconds: 0 });
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
    expect(of('aws_dynamodb_table.system_table')?.remedy).toContain('import the replica of ap-southeast-1');
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
