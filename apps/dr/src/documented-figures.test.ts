// The figures and the config in README and in the guide to cost are what the commands compute for the default stack, and take.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig, recoveryObjectiveOf } from '@dr/contracts/system/config';
import { emittedMetrics } from '@dr/drills';
import { monthlyCostUsd, monthlyProbes, predict, selectSettings } from '@dr/failover';
import { fixedMonthlyCost, priceOf } from '@dr/review';
import { readStack } from '@dr/terraform-json';

const root = join(__dirname, '../../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const guide = readFileSync(join(root, 'docs/guides/cost.md'), 'utf8');
const { lines, totalUsd } = fixedMonthlyCost(readStack(join(root, 'golden/cdk.tf.json')), emittedMetrics);
const usd = (amount: number): string => amount.toFixed(2);
const sumOf = (...kinds: readonly RegExp[]): string =>
  usd(lines.reduce((sum, line) => sum + (kinds.some((kind) => kind.test(line.what)) ? (line.usd ?? 0) : 0), 0));

test('README says what the default stack costs', () => {
  expect(readme).toContain(`${usd(totalUsd)} USD a month before the first request`);
  expect(readme).toContain(`load balancers and their addresses are ${sumOf(/load balancers/, /IPv4/)}`);
});

test('the states of the model check are those of its rows, wherever their number stands', () => {
  const decision = readFileSync(join(root, 'docs/decisions/0010-admission-rules.md'), 'utf8');
  const rows = [...decision.matchAll(/^\| (?:two|three) regions, .* \| ([\d,]+) \| [\d,]+ \| \d+ \/ \d+ \|$/gm)];
  const states = rows.reduce((sum, [, count = '']) => sum + Number(count.replaceAll(',', '')), 0);
  expect(states).toBeGreaterThan(1e7);
  expect(decision).toContain(`Together ${states.toLocaleString('en-US')} states`);
  const behaviour = readFileSync(join(root, 'docs/behaviour.md'), 'utf8');
  expect(behaviour).toContain(`exhaustive check of ${(states / 1e6).toFixed(1)} million states`);
});

test.each([
  [/^Two load balancers/, [/load balancers/]],
  [/^Their four public IPv4 addresses/, [/IPv4/]],
  [/^Three KMS keys/, [/^KMS/]],
  [/^Dashboards/, [/^Dashboards/]],
  [/^Health checks/, [/^Health check/]],
  [/^Alarms and custom metrics/, [/[Aa]larms/, /metrics/]],
  [/^The secret and its replica, the hosted zone/, [/^Secrets/, /zones/]],
  [/^\*\*total/, [/./]],
] as const)('the guide: %s', (label, kinds) => {
  const rows = [...guide.matchAll(/^\| (.*) \| (?:\*\*)?([\d.]+)(?:\*\*)? \|$/gm)];
  expect(rows.find(([, what = '']) => label.test(what))?.[2]).toBe(sumOf(...kinds));
});

const [, written = ''] = /```ts\nconst config: DrConfigInput = (\{[^]*?\});\n```/.exec(readme) ?? [];
const objective = recoveryObjectiveOf(parseConfig(new Function(`return ${written}`)()));

const settings = (intervalSeconds: number, failureThreshold: number, ttlSeconds: number, recordType = 'cname') =>
  ({ intervalSeconds, failureThreshold, ttlSeconds, recordType }) as Parameters<typeof monthlyCostUsd>[0];

test('what a lower TTL and a faster check cost', () => {
  const at = (ttl: number): number => monthlyCostUsd(settings(10, 3, ttl, ttl === 60 ? 'alias' : 'cname'), objective);
  const more = usd(at(10) - at(60));
  expect(readme).toContain(`${more} USD a month more`);
  expect(guide).toContain(`${more} USD a month more`);
  const millions = [10, 30].map((interval) => (monthlyProbes(interval, 2) / 1e6).toFixed(1));
  expect(guide).toContain(`${millions[0]} million instead of ${millions[1]} million`);
});

test('the prices that the guide quotes are those of the price book', () => {
  const price = (...of: Parameters<typeof priceOf>): number => priceOf(...of) ?? Number.NaN;
  const gateways = price('nat-gateway-hour', 'ap-south-1') + price('nat-gateway-hour', 'ap-southeast-1');
  for (const said of [
    `${usd(gateways * 730)} USD a month for two NAT gateways`,
    `${price('dynamodb-writes', 'ap-south-1')} USD a million in Mumbai`,
    `${price('dynamodb-storage', 'ap-south-1')} USD a GB and month in Mumbai`,
    `${usd(price('logs-ingested', 'ap-south-1'))} USD a GB in Mumbai, ${usd(price('logs-ingested', 'ap-southeast-1'))} in Singapore`,
    `${price('cloudtrail-extra-copy', 'us-east-1')} USD for\neach 100,000`,
  ])
    expect(guide).toContain(said);
});

test('the config in README is accepted, and selects the settings that README says', () => {
  const { settings: selected } = selectSettings(objective);
  expect(selected).toMatchObject({ intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10 });
  expect(readme).toContain(`${predict(selected).worstClientSeconds} s is computed for the worst client`);
  expect(readme).toContain(`With 60 s the worst client waits for ${predict(settings(10, 3, 60)).worstClientSeconds} s`);
});

describe('the table of detection and loss in README', () => {
  const rows = [...readme.matchAll(/^\| (\d+) s x (\d) \| (\d+) s \|(.*)\|$/gm)].map(
    ([, interval, threshold, detection, clients = '']) =>
      [Number(interval), Number(threshold), Number(detection), clients.match(/\d+/g)?.map(Number)] as const,
  );

  test('is there', () => expect(rows).toHaveLength(4));

  test.each(rows)('%i s x %i', (intervalSeconds, failureThreshold, detectionSeconds, clients) => {
    const at = (ttlSeconds: number, probe?: number) =>
      predict({ intervalSeconds, failureThreshold, ttlSeconds }, probe);
    expect(at(60).worstDetectionSeconds).toBe(detectionSeconds);
    expect(at(60, 0).worstDetectionSeconds).toBe(failureThreshold * intervalSeconds);
    expect([60, 30, 15, 10, 5].map((ttl) => at(ttl).worstClientSeconds)).toEqual(clients);
  });
});
