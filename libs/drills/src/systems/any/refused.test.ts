// No drill of any stack begins on one that AWS does not take: each value is named, with the fix.
import { InputError } from '@dr/contracts';
import { BASES, set } from '@dr/review/testing';
import { parseStack } from '@dr/terraform-json';
import { drillNames } from '.';

test.each([
  ['aws_route53_health_check.a', { failure_threshold: 11 }, 'failure_threshold 11', 'Use a whole number from 1 to 10'],
  ['aws_route53_health_check.a', { regions: ['us-east-1'] }, 'regions names 1', 'Name 3 or more'],
  ['aws_route53_record.app_a', { ttl: 60 }, 'has alias and ttl', 'Remove ttl'],
  ['aws_cloudwatch_metric_alarm.a', { period: 90 }, 'has period 90', 'Use 10, 20, 30'],
  ['aws_dynamodb_table.orders', { billing_mode: 'ON_DEMAND' }, 'has billing_mode "ON_DEMAND"', 'Use PROVISIONED'],
])('%s with %j', async (address, values, what, fix) => {
  const stack = BASES.shop();
  set(address, values)(stack);
  const drilled = drillNames({ graph: parseStack(stack, '/stack'), seed: 1 });
  const text = new RegExp(`is none that AWS takes: ${address} .*${what}.*\\(${fix}`);
  await expect(drilled).rejects.toThrow(InputError);
  await expect(drilled).rejects.toThrow(text);
});
