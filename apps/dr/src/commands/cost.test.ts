// The fixed cost against the bar and the budget: what it ends with, and what it says of prices nobody knows.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemOf } from '../testing/run-on';

const directory = mkdtempSync(join(tmpdir(), 'dr-cost-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function cost(keys: number, { region = 'ap-south-1', monthlyBudgetUsd = 100, flags = '' } = {}) {
  const stack = join(directory, 'cdk.tf.json');
  const aws_kms_key = Object.fromEntries(Array.from({ length: keys }, (_, at) => [`k${at}`, {}]));
  writeFileSync(stack, JSON.stringify({ provider: { aws: [{ region }] }, resource: { aws_kms_key } }));
  const { dr } = systemOf({ config: { objectives: { rtoSeconds: 60, monthlyBudgetUsd } } });
  return dr(`cost${flags} --stack`, stack);
}

test('each line and the total are given, with what is left of the bar and the budget', async () => {
  const { code, out, err } = await cost(70);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/KMS keys +70 +70 +1 +70\.00 +ap-south-1\n/);
  expect(out).toMatch(/total +70\.00\n/);
  expect(out).toContain('70 USD, 0.00 left');
  expect(out).toContain('100 USD, 30.00 left');
});

test.each([
  [71, 100, '70 USD, over by 1.00'],
  [30, 20, '20 USD, over by 10.00'],
])('fails with 1 for %d USD with a budget of %d', async (keys, monthlyBudgetUsd, verdict) => {
  const { code, out } = await cost(keys, { monthlyBudgetUsd });
  expect(code).toBe(1);
  expect(out).toContain(verdict);
  expect(JSON.parse((await cost(keys, { monthlyBudgetUsd, flags: ' --json' })).out)).toMatchObject({
    totalUsd: keys,
    within: false,
  });
});

test('a price that is unknown is a warning, and what is left is not known', async () => {
  const { code, out, err } = await cost(1, { region: 'eu-west-1' });
  expect({ code, err }).toEqual({ code: 0, err: 'warning: no price is known for KMS keys in eu-west-1\n' });
  expect(out).toMatch(/total +at least 0\.00\n/);
  expect(out).toContain('70 USD, not known, prices are missing');
  expect(JSON.parse((await cost(1, { region: 'eu-west-1', flags: ' --json' })).out)).toMatchObject({ within: null });
});

test('a trail is free or not by what else the account has, which is said beside the total', async () => {
  const stack = join(directory, 'trail.tf.json');
  const trail = { aws_cloudtrail: { audit: { name: 'a' } } };
  writeFileSync(stack, JSON.stringify({ provider: { aws: [{ region: 'us-east-1' }] }, resource: trail }));
  const { dr } = systemOf();
  const { code, out } = await dr('cost --stack', stack);
  expect(code).toBe(0);
  expect(out).toMatch(/total +0\.00\n/);
  expect(out).toMatch(
    /Audit trails: free if no other trail .*; else 2 USD for each 100,000 management events, not in the total/,
  );
  expect(out).toContain("options.auditTrail 'none'");
  expect((await cost(1)).out).not.toContain('Audit trails');
});

test.each([80, 40])('on a terminal of %d columns every line fits, and every figure is there', async (columns) => {
  const stack = join(directory, 'wide.tf.json');
  const check = (id: string) => ({ type: 'HTTPS', fqdn: `${id}.example.com`, request_interval: 10 });
  const resource = { aws_route53_health_check: { a: check('a'), b: check('b') } };
  writeFileSync(stack, JSON.stringify({ provider: { aws: [{ region: 'us-east-1' }] }, resource }));
  const wide = (await systemOf().dr('cost --stack', stack)).out;
  expect(Math.max(...wide.split('\n').map((line) => line.length))).toBeGreaterThan(80);
  const { out } = await systemOf({ context: { outTerminal: true, columns } }).dr('cost --stack', stack);
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
  const figures = (text: string) => text.match(/\d+\.\d\d\b/g)?.sort();
  expect(figures(out)).toEqual(figures(wide));
});
