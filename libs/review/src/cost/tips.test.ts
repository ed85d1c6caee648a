// The five tips and the first table, computed: what each is for a stack to which it applies, and what is said where it does not.
import { parseStack } from '@dr/terraform-json';
import { costTable } from './compared';
import { monthlyCost } from './monthly-cost';
import { costTips } from './tips';
import { USUAL_USAGE, type Usage } from './usage';

const provider = { aws: [{ region: 'us-east-1' }] };
const graphOf = (resource: object) => parseStack({ provider, resource }, '/stack');
const tipsOf = (resource: object, usage: Partial<Usage> = {}) =>
  costTips(graphOf(resource), { ...USUAL_USAGE, ...usage });

test('an empty stack has nothing to save, and each tip says so', () => {
  const tips = tipsOf({ aws_iam_role: { r: {} } });
  expect(tips).toHaveLength(5);
  for (const { savesUsd, because } of tips) {
    expect(savesUsd).toBeNull();
    expect(because).toMatch(/^does not apply: /);
  }
});

test('functions instead of instances', () => {
  const usage = { requests: 1e6, requestSeconds: 0.2 };
  const [tip] = tipsOf({ aws_instance: { i: { instance_type: 't3.medium' } } }, usage);
  expect(tip?.savesUsd).toBeCloseTo(730 * 0.0416 - (0.2 + 1e6 * 0.2 * 0.5 * 0.0000166667), 9);
  const [heavy] = tipsOf({ aws_instance: { i: { instance_type: 't3.nano' } } }, { requests: 1e8 });
  expect(heavy?.savesUsd).toBeLessThan(0);
  const [unknown] = tipsOf({ aws_instance: { i: { instance_type: 'unheard.large' } } });
  expect(unknown?.savesUsd).toBeNull();
});

test('tables by request', () => {
  const usage = { writes: 2e6, reads: 4e6 };
  const table = (body: object) => ({ aws_dynamodb_table: { t: body } });
  const [, tip] = tipsOf(table({ write_capacity: 10, read_capacity: 20 }), usage);
  expect(tip?.savesUsd).toBeCloseTo(730 * (10 * 0.00065 + 20 * 0.00013) - (2 * 0.625 + 4 * 0.125), 9);
  const [, already] = tipsOf(table({ billing_mode: 'PAY_PER_REQUEST' }), usage);
  expect(already).toMatchObject({ savesUsd: 0, because: expect.stringMatching(/^already so/) as string });
});

test('memory of functions', () => {
  const stack = (memory_size: number) => ({
    aws_lambda_function: { f: { memory_size, architectures: ['arm64'] } },
    aws_lambda_permission: {
      p: { function_name: '${aws_lambda_function.f.arn}', principal: 'apigateway.amazonaws.com' },
    },
    aws_apigatewayv2_api: { a: { protocol_type: 'HTTP' } },
  });
  const [, , tip] = tipsOf(stack(1536), { requests: 1e6, requestSeconds: 1 });
  expect(tip?.savesUsd).toBeCloseTo(1e6 * 0.0000133334, 9);
  expect(tipsOf(stack(512))[2]?.savesUsd).toBeNull();
});

test('retention of logs', () => {
  const groups = (...days: readonly number[]) => ({
    aws_cloudwatch_log_group: Object.fromEntries(
      days.map((retention_in_days, at) => [`g${at}`, { retention_in_days }]),
    ),
  });
  const saved = (...days: readonly number[]) => tipsOf(groups(...days), { logGb: 12 })[3]?.savesUsd;
  expect(saved(7 + 365 / 12)).toBeCloseTo(12 * 0.03, 9);
  expect(saved(7, 7 + 365 / 12)).toBeCloseTo(6 * 0.03, 9);
  expect(saved(0)).toBeCloseTo(12 * ((365 - 7) / (365 / 12)) * 0.03, 9);
  expect(saved(1, 7)).toBe(0);
});

test('backups in S3', () => {
  const bucket = { aws_s3_bucket: { b: {} } };
  expect(tipsOf(bucket)[4]?.savesUsd).toBe(0);
  expect(tipsOf(bucket, { backupGb: 10 })[4]).toMatchObject({ savesUsd: null });
});

test('the first table said 39.45 USD, and every line of this stack is in one of its rows', () => {
  const cost = monthlyCost(graphOf({ aws_lb: { a: { name: 'a' } }, aws_kms_key: { k: {} }, aws_sqs_queue: { q: {} } }));
  const table = costTable(cost);
  expect(table.reduce((sum, { estimatedUsd }) => sum + (estimatedUsd ?? 0), 0)).toBeCloseTo(39.45, 9);
  expect(table.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(cost.totalUsd, 9);
  expect(table.find(({ service }) => service === 'Other')).toMatchObject({ usd: 1, unpriced: 1 });
});
