// The checks find what is planted in a good stack, and name its address.
import { parseConfig } from '@dr/contracts/system/config';
import { parseStack } from '@dr/terraform-json';
import { configWith, synthesized } from '../testing/synth-in-test';
import { checkParity, PARITY_EXCEPTIONS } from './parity';
import { checkRules, ruleWarnings } from './rules';
import type { StackJson } from './stack-json';

type Mutable = { resource: Record<string, Record<string, Record<string, unknown>>> };

const { json } = synthesized();
const { regions } = parseConfig(configWith());

function checked(plant: (resource: Mutable['resource']) => void): () => void {
  const stack = JSON.parse(json) as StackJson & Mutable;
  plant(stack.resource);
  return () => {
    checkRules(parseStack(stack, '.'));
    checkParity(stack, regions);
  };
}
const set =
  (type: string, id: string, property: string, value: unknown) =>
  (resource: Mutable['resource']): void => {
    const found = resource[type]?.[id];
    if (!found) throw new Error(`no ${type}.${id}`);
    found[property] = value;
  };

test('accepts the stack as it is', () => {
  expect(checked(() => undefined)).not.toThrow();
});

test('warns of what only makes a failover slower or costs data, and not of the stack as it is', () => {
  const stack = JSON.parse(json) as StackJson & Mutable;
  expect(ruleWarnings(parseStack(stack, '.'))).toEqual([]);
  set('aws_dynamodb_table', 'system_table', 'stream_view_type', 'KEYS_ONLY')(stack.resource);
  expect(ruleWarnings(parseStack(stack, '.'))).toEqual([
    'aws_dynamodb_table.system_table has replicas, and streams KEYS_ONLY. Set stream_view_type to NEW_AND_OLD_IMAGES',
  ]);
});

test.each([
  [
    'an idle timeout',
    set('aws_lb', 'singapore_alb', 'idle_timeout', 30),
    /aws_lb.*idle_timeout = not set in mumbai, 30/,
  ],
  [
    'a memory size',
    set('aws_lambda_function', 'mumbai_traffic_router', 'memory_size', 256),
    /memory_size = 256 in mumbai/,
  ],
  ['an environment variable', set('aws_lambda_function', 'mumbai_health_checker', 'environment', {}), /environment/],
  [
    'a missing alarm',
    (r: Mutable['resource']) => void delete r['aws_cloudwatch_metric_alarm']?.['mumbai_latency_high'],
    /0 times in mumbai/,
  ],
])('fails on regions that differ in %s', (_, plant, message) => {
  expect(checked(plant)).toThrow(message);
});

test('a difference on the list is no failure', () => {
  expect(checked(set('aws_lambda_function', 'mumbai_traffic_router', 'source_code_hash', 'x'))).not.toThrow();
  expect(PARITY_EXCEPTIONS.every((e) => e.because.length > 0)).toBe(true);
});

test.each([
  [
    'a health check that meets the redirect',
    (r: Mutable['resource']) => {
      for (const check of Object.values(r['aws_route53_health_check'] ?? {}))
        Object.assign(check, { type: 'HTTP', port: 80 });
    },
    /mumbai_dns_health_check.*aws_lb_listener\.mumbai_alb_http answers itself \(redirect\)/,
  ],
  [
    'a record without health check',
    (r: Mutable['resource']) => void delete r['aws_route53_record']?.['mumbai_dns_record']?.['health_check_id'],
    /mumbai_dns_record: has no health_check_id/,
  ],
  [
    'an alarm on a topic in another region',
    set('aws_cloudwatch_metric_alarm', 'mumbai_latency_high', 'alarm_actions', [
      '${aws_sns_topic.singapore_alerts.arn}',
    ]),
    /mumbai_latency_high.*ap-southeast-1.*ap-south-1/,
  ],
])('fails on %s', (_, plant, message) => {
  expect(checked(plant)).toThrow(message);
});
