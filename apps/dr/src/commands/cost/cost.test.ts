// The fixed cost against the bar and the budget: what it ends with, and what it says of prices nobody knows.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemOf } from '../../testing/run-on';

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
  const { code, out, err } = await cost(1, { region: 'mx-central-1' });
  expect({ code, err }).toEqual({ code: 0, err: 'warning: no price is known for KMS keys in mx-central-1\n' });
  expect(out).toMatch(/total +at least 0\.00\n/);
  expect(out).toContain('70 USD, not known, prices are missing');
  expect(JSON.parse((await cost(1, { region: 'mx-central-1', flags: ' --json' })).out)).toMatchObject({ within: null });
});

test('what is paid once is said beside the total, with where its price is from', async () => {
  const stack = join(directory, 'warm.tf.json');
  const warm_throughput = { read_units_per_second: 24_000, write_units_per_second: 16_000 };
  const t = { billing_mode: 'PAY_PER_REQUEST', warm_throughput };
  const resource = { aws_dynamodb_table: { t } };
  writeFileSync(stack, JSON.stringify({ provider: { aws: [{ region: 'us-east-1' }] }, resource }));
  const { dr } = systemOf();
  const { code, out } = await dr('cost --stack', stack);
  expect(code).toBe(0);
  expect(out).toMatch(/total +0\.00\n/);
  expect(out).toContain(
    'Warm throughput, write units: 12000 in all beyond those of new tables in us-east-1, 7.80 USD at 0.00065 each, once',
  );
  const { oneTime } = JSON.parse((await dr('cost --json --stack', stack)).out) as { oneTime: { usd: number }[] };
  expect(oneTime.map(({ usd }) => Number(usd.toFixed(2)))).toEqual([1.56, 7.8]);
  expect((await cost(1)).out).not.toContain('Warm throughput');
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

/** A plan that takes one key of two away, in a region with prices. */
function plan(): string {
  const file = join(directory, 'plan.json');
  const key = (name: string) => ({
    ...{ address: `aws_kms_key.${name}`, mode: 'managed', type: 'aws_kms_key', name },
    ...{ provider_name: 'registry.terraform.io/hashicorp/aws', values: {} },
  });
  writeFileSync(
    file,
    JSON.stringify({
      format_version: '1.2',
      planned_values: { root_module: { resources: [key('a')] } },
      prior_state: { format_version: '1.0', values: { root_module: { resources: [key('a'), key('b')] } } },
      resource_changes: [],
      configuration: {
        provider_config: {
          aws: {
            name: 'aws',
            full_name: 'registry.terraform.io/hashicorp/aws',
            expressions: { region: { constant_value: 'eu-west-1' } },
          },
        },
        root_module: {
          resources: ['a', 'b'].map((name) => ({
            ...{ address: `aws_kms_key.${name}`, mode: 'managed', type: 'aws_kms_key', name },
            ...{ provider_config_key: 'aws', schema_version: 0 },
          })),
        },
      },
    }),
  );
  return file;
}

test('files of any team need no dr.config.ts and meet no bar; a plan says what it changes', async () => {
  const { dr } = systemOf({ config: { objectives: { rtoSeconds: 60, monthlyBudgetUsd: 0.5 } } });
  const { code, out } = await dr('cost', plan());
  expect(code).toBe(0);
  expect(out).toContain('This change: 2.00 -> 1.00 USD a month');
  expect(out).toContain('\n- KMS keys: 2.00 -> 1.00');
  expect(out).toContain('1 of 1 billed resources are priced');
  expect(out).toContain('In all 1.00 USD a month.');
  expect(out).toContain('Tip: PAY_PER_REQUEST for DynamoDB: does not apply: there is no table.');
  expect(out).not.toContain('Bar for fixed cost');
  const answer: unknown = JSON.parse((await dr('cost --json', plan())).out);
  expect(answer).toMatchObject({ totalUsd: 1, change: { beforeUsd: 2, afterUsd: 1 }, within: null, fixedBarUsd: null });
});

test('the load of a file is taken, and what it does not give is as usual', async () => {
  const stack = join(directory, 'table.tf.json');
  const table = { aws_dynamodb_table: { t: { billing_mode: 'PAY_PER_REQUEST' } } };
  writeFileSync(stack, JSON.stringify({ provider: { aws: [{ region: 'us-east-1' }] }, resource: table }));
  const file = join(directory, 'usage.json');
  writeFileSync(file, '{"writes": 8000000}');
  const { dr } = systemOf();
  const { code, out } = await dr(`cost ${stack} --json --usage`, file);
  expect(code).toBe(0);
  const { usage, useLines } = JSON.parse(out) as {
    usage: Record<string, number>;
    useLines: { what: string; usd: number }[];
  };
  expect(usage).toMatchObject({ writes: 8_000_000, requests: 100_000 });
  expect(useLines.find(({ what }) => what === 'Table writes')?.usd).toBeCloseTo(8 * 0.625, 9);
});

test.each([
  ['{"wrties": 1}', 'has the unknown key wrties. The keys are requests, '],
  ['{"writes": -1}', 'gives -1 for writes. Give a number'],
  ['{"writes": "1"}', 'gives "1" for writes. Give a number'],
  ['[]', 'is not an object'],
  ['writes: 1', 'is not JSON'],
])('fails with 2 for the usage file %s', async (text, why) => {
  const file = join(directory, 'bad-usage.json');
  writeFileSync(file, text);
  const { code, out, err } = await systemOf().dr(`cost ${plan()} --usage`, file);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(why);
});

test('fails with 2 when a stack is named in both ways', async () => {
  const { code, err } = await systemOf().dr(`cost ${plan()} --stack`, plan());
  expect(code).toBe(2);
  expect(err).toContain('--stack: cannot be given with files');
});
