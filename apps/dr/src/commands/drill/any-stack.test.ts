// `dr drill --stack` on the stack of another team.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemOf } from '../../testing/run-on';

const GOLDEN = join(__dirname, '../../../../../golden/cdk.tf.json');
const folder = mkdtempSync(join(tmpdir(), 'any-stack-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Body = Readonly<Record<string, unknown>>;
const [A, B] = ['eu-west-1', 'us-east-2'];
const PROVIDER = { aws: [{ region: 'us-east-1' }, { alias: 'a', region: A }, { alias: 'b', region: B }] };
const ZONE = '${aws_route53_zone.zone.zone_id}';

const leading = (alias: string): Body => ({
  zone_id: ZONE,
  type: 'A',
  alias: { name: `\${aws_lb.${alias}.dns_name}`, zone_id: 'Z' },
});
const record = (alias: string, more: Body = {}): Body => ({
  ...leading(alias),
  ...{ name: 'www', set_identifier: alias, failover_routing_policy: { type: alias === 'a' ? 'PRIMARY' : 'SECONDARY' } },
  ...more,
});
const CHECK = {
  ...{ type: 'HTTPS', fqdn: 'a.shop.example', resource_path: '/health', request_interval: 10, failure_threshold: 3 },
};

/** `www` fails over from A to B: by a check, or without any. */
function stack(name: string, isChecked = true): string {
  const checked = isChecked ? { health_check_id: '${aws_route53_health_check.a.id}' } : {};
  const file = join(folder, `${name}.tf.json`);
  const resource = {
    aws_route53_zone: { zone: { name: 'shop.example' } },
    aws_lb: { a: { provider: 'aws.a' }, b: { provider: 'aws.b' } },
    aws_route53_health_check: { a: CHECK },
    aws_route53_record: { origin: { ...leading('a'), name: 'a' }, a: record('a', checked), b: record('b') },
  };
  writeFileSync(file, JSON.stringify({ provider: PROVIDER, resource }));
  return file;
}

const drill = async (...args: string[]) => systemOf().dr('drill', ...args);

test('every public name is drilled, with each region lost in each way, without a dr.config.ts', async () => {
  const config = (): never => {
    throw new Error('dr.config.ts was read');
  };
  const { code, out } = await systemOf({ context: { config } }).dr('drill', '--stack', stack('checked'));
  expect(code).toBe(0);
  expect(out).toMatch(
    /^PASSES: 1 public name\. Each client that honours the TTL and opens a new connection is served again within \d+\.\d s\.\n/,
  );
  expect(out).toContain('www.shop.example (failover)\n');
  expect(out).toMatch(
    / {2}region-dark +eu-west-1 +recovers in (8|9|10)\d\.\d s +\d+ of \d+ clients failed; a unhealthy after \d+ s/,
  );
  expect(out).toMatch(/ {2}region-dark +us-east-2 +nobody affected/);
  expect(out).toMatch(/ {2}app-errors +eu-west-1 +recovers in (8|9)\d\.\d s/);
  expect(out).toContain('Answered by assumption: aws_lb.a, aws_lb.b.\n');
});

test('an objective that is missed fails, with how much; the same input gives the same bytes', async () => {
  const args = ['--stack', stack('checked'), '--rto', '60', '--fault', 'region-dark', '--region', A, '--json'];
  const { code, out } = await drill(...args);
  expect(code).toBe(1);
  const answer = JSON.parse(out) as { names: readonly { faults: readonly { worstSeconds: number }[] }[] };
  const seconds = answer.names[0]?.faults[0]?.worstSeconds;
  expect(answer).toMatchObject({
    verdict: 'fails',
    objective: { rtoSeconds: 60 },
    reasons: [
      `www.shop.example, region-dark in eu-west-1: the last client that honours the TTL and opens a new connection is served after ${seconds} s, and the objective is 60 s`,
    ],
  });
  expect(await drill(...args)).toMatchObject({ out });
});

test('whoever does not recover never does: no time is printed', async () => {
  const { code, out } = await drill('--stack', stack('unchecked', false), '--region', A, '--name', 'www.shop.example');
  expect(code).toBe(1);
  expect(out).toContain(
    'www.shop.example, region-dark in eu-west-1: clients are not served again before the region is back\n',
  );
  expect(out).toMatch(
    / {2}region-dark +eu-west-1 +never +\d+ of \d+ clients failed and were not served again; no health check changed/,
  );
});

test('several files are one stack', async () => {
  const more = join(folder, 'more.tf.json');
  const resource = {
    aws_route53_record: {
      c: { zone_id: 'Z2', type: 'CNAME', ttl: 60, name: 'docs.other.example', records: ['a.shop.example'] },
    },
  };
  writeFileSync(more, JSON.stringify({ provider: PROVIDER, resource }));
  const { code, out } = await drill('--stack', stack('checked'), more, '--fault', 'app-errors', '--region', B);
  expect(code).toBe(0);
  expect(out).toContain(
    `Repeat: npm run -s dr -- drill --region us-east-2 --fault app-errors --seed 1 --stack ${stack('checked')} ${more}\n`,
  );
});

test.each([
  [
    'a region that it has not',
    ['--region', 'eu-west-3'],
    /--region "eu-west-3": the stack has no such region\. .*Use one of eu-west-1, us-east-2/,
  ],
  [
    'a name that it has not',
    ['--name', 'app'],
    /--name "app": the stack has no such name\. Use one of www\.shop\.example/,
  ],
  ['a fault of ours', ['--fault', 'sns-down'], /--fault "sns-down": is not drilled.*Use region-dark or app-errors/],
  ['a search', ['--seeds', '5'], /--seeds with --stack: means nothing to the stack of another team/],
  ['an event log', ['--events', 'x.jsonl'], /--events with --stack: means nothing/],
  ['an objective out of range', ['--rto', '0'], /--rto 0: is out of range/],
])('fails on %s', async (_, args, message) => {
  const { code, out, err } = await drill('--stack', stack('checked'), ...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

test.each([
  ['--name', ['--stack', GOLDEN, '--name', 'app.example.com'], /--name: is for the stack of another team/],
  ['--name without a stack', ['--name', 'app.example.com'], /--name: is for the stack of another team/],
  ['several files', ['--stack', GOLDEN, GOLDEN], /--stack: names several files, and ours is one/],
])('our own stack has no use for %s', async (_, args, message) => {
  const { code, err } = await drill(...args);
  expect(code).toBe(2);
  expect(err).toMatch(message);
});
