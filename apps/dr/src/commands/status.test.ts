// Which regions serve, seen from outside.
import { FUNCTIONS } from '@dr/contracts/system';
import type { Context } from '../context';
import { accountWith, dark, denied } from '../testing/fake-account';
import { systemOf, type Setup } from '../testing/run-on';

async function status(setup: Setup) {
  const { system, dr } = systemOf(setup);
  const { code, out, seconds } = await dr('status --json');
  const { regions } = JSON.parse(out || '{"regions":[]}') as { regions: Record<string, unknown>[] };
  return { system, dr, code, seconds, regions };
}

test('regions that beat and are reached serve, and that is seen within two beats', async () => {
  const { code, regions, seconds, dr } = await status({});
  expect(code).toBe(0);
  expect(regions).toMatchObject([
    { region: 'mumbai', serves: true, tableAnswers: true, beats: true, state: 'serving', openOrder: null },
    { region: 'singapore', serves: true },
  ]);
  // Both regions are watched at once, and waiting for either is waiting for both.
  expect(seconds).toBeLessThan(30);
  expect((await dr('status')).out).toMatch(/^mumbai {5}serves/);
});

test('a region whose heart has stopped does not serve, whatever its record says', async () => {
  const { code, regions } = await status({ stopped: ['mumbai'] });
  expect(code).toBe(0);
  expect(regions[0]).toMatchObject({ state: 'serving', beats: false, serves: false, tableAnswers: true });
});

test('a dark region is seen through the others', async () => {
  const { regions } = await status({ dark: ['mumbai'] });
  expect(regions).toMatchObject([{ tableAnswers: false, serves: false }, { serves: true }]);
});

test('an order that is not decided yet, and one that is, are shown', async () => {
  const { dr } = systemOf({ stopped: ['mumbai'] });
  await dr('evacuate --region mumbai');
  expect((await dr('status')).out).toMatch(/order 1 \(evacuate, given in singapore\) is not decided/);
  const living = systemOf();
  await living.dr('evacuate --region mumbai');
  expect((await living.dr('status')).out).toMatch(
    /mumbai .*evacuated.* order 1 \(evacuate\): obeyed, singapore serves/,
  );
});

test('fails when nobody serves, and when nobody answers', async () => {
  expect((await status({ stopped: ['mumbai', 'singapore'] })).code).toBe(1);
  expect(await systemOf({ dark: ['mumbai', 'singapore'] }).dr('status')).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^mumbai {5}does not serve  no record .*table does not answer\n/),
    err: expect.stringContaining('No region answers'),
  });
});

type Account = Partial<Context['account']>;

const withAccount = (account: Account, more: Setup = {}) =>
  systemOf({ ...more, context: { account: accountWith(account), ...more.context } });

describe('what AWS says', () => {
  test('is shown below, in 80 columns', async () => {
    const { out } = await systemOf().dr('status');
    expect(out).toContain('\nmumbai (ap-south-1)\n  /health      answers 200\n');
    expect(out).toContain('  Route 53     16 of 16 checkers find it healthy\n');
    expect(out).toContain('  targets      health healthy, router healthy');
    expect(out).toContain(`  functions    no errors, none throttled, ${FUNCTIONS.length * 100} calls in 10 minutes\n`);
    expect(out).toContain('  table        ACTIVE, about 1234 items; singapore ACTIVE, 0.8 s behind\n');
    expect(out).toContain("\nus-east-1, where Route 53's alarms are\n  alerts ");
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each<[string, Account, RegExp]>([
    [
      'checkers that fail, with what most of them report',
      {
        checkerReports: async () => [
          'Success: 200',
          'Success: 200',
          'Failure: a',
          ...Array(2).fill('Failure: timed out'),
        ],
      },
      /Route 53 +2 of 5 checkers find it healthy; the others: Failure: timed out/,
    ],
    [
      'a region that Route 53 has given up',
      { checkerReports: async () => ['Success: 200', ...Array(9).fill('Failure: 503')] },
      /Route 53 +UNHEALTHY: 1 of 10 checkers/,
    ],
    ['a region without a check', { healthChecks: async () => [] }, /NO HEALTH CHECK of this region/],
    ['a group that is gone', { targets: async () => undefined }, /health NO SUCH GROUP, router NO SUCH GROUP/],
    ['a group without a target', { targets: async () => [] }, /health NO TARGET/],
    [
      'a target that is unhealthy',
      { targets: async () => [{ state: 'unhealthy', reason: 'Target.ResponseCodeMismatch' }] },
      /health unhealthy\s+\(Target\.ResponseCodeMismatch\)/,
    ],
    [
      'a function that fails',
      { invocations: async () => new Map([['dr-traffic-router', { invocations: 9, errors: 3, throttles: 2 }]]) },
      /functions +traffic-router 3 ERRORS, 2 THROTTLED, 9 calls, in 10 minutes/,
    ],
    [
      'a replica that is gone',
      { tableStatus: async () => ({ status: 'ACTIVE', items: 1, replicas: [] }), replicationMs: async () => new Map() },
      /table +ACTIVE, about 1 items; singapore MISSING\n/,
    ],
  ])('shows %s', async (_, account, text) => {
    expect((await withAccount(account).dr('status')).out).toMatch(text);
  });

  test('tells which addresses are told, in each topic', async () => {
    const emails = ['a@shop.in', 'b@shop.in', 'c@shop.in'];
    const asked: string[] = [];
    const { dr } = withAccount(
      {
        subscriptions: async (awsRegion, arn) => {
          asked.push(`${awsRegion} ${arn}`);
          return [
            { protocol: 'email', endpoint: 'a@shop.in', confirmed: true },
            { protocol: 'email', endpoint: 'b@shop.in', confirmed: false },
            { protocol: 'email', endpoint: 'old@shop.in', confirmed: true },
            { protocol: 'lambda', endpoint: 'arn:aws:lambda:x', confirmed: true },
          ];
        },
      },
      { config: { alerts: { emails } } },
    );
    const { regions, global } = JSON.parse((await dr('status --json')).out) as {
      regions: { alerts: unknown }[];
      global: unknown;
    };
    const alerts = {
      known: {
        people: [
          { protocol: 'email', endpoint: 'a@shop.in', state: 'confirmed' },
          { protocol: 'email', endpoint: 'b@shop.in', state: 'pending' },
          { protocol: 'email', endpoint: 'c@shop.in', state: 'absent' },
        ],
        functions: 1,
        others: 1,
      },
    };
    expect(regions[0]?.alerts).toEqual(alerts);
    expect(global).toEqual({ awsRegion: 'us-east-1', alerts });
    expect(asked.sort()).toEqual([
      'ap-south-1 arn:aws:sns:ap-south-1:123456789012:dr-alerts-mumbai',
      'ap-southeast-1 arn:aws:sns:ap-southeast-1:123456789012:dr-alerts-singapore',
      'us-east-1 arn:aws:sns:us-east-1:123456789012:dr-alerts-us-east-1',
    ]);
    expect((await dr('status')).out).toMatch(/b@shop\.in NOT CONFIRMED.*\n.*\n? *.*c@shop\.in\s+NOT SUBSCRIBED/);
  });

  test.each<[keyof Context['account'], string, string]>([
    ['subscriptions', 'sns:ListSubscriptionsByTopic', 'alerts'],
    ['healthChecks', 'route53:ListHealthChecks', 'healthCheck'],
    ['checkerReports', 'route53:GetHealthCheckStatus', 'healthCheck'],
    ['targets', 'elasticloadbalancing:DescribeTargetGroups', 'targets'],
    ['invocations', 'cloudwatch:GetMetricData', 'functions'],
    ['tableStatus', 'dynamodb:DescribeTable', 'table'],
    ['replicationMs', 'cloudwatch:GetMetricData', 'table'],
    ['identity', 'sts:GetCallerIdentity', 'alerts'],
  ])('without %s is unknown in that part alone, and the exit code is what it was', async (question, action, part) => {
    const { dr } = withAccount({ [question]: denied(action) });
    const { code, out } = await dr('status --json');
    const [mumbai] = (JSON.parse(out) as { regions: Record<string, object>[] }).regions;
    expect(code).toBe(0);
    expect(mumbai?.[part]).toEqual({ unknown: `${action} is denied`, toDo: expect.stringContaining(action) });
    const parts = ['health', 'healthCheck', 'targets', 'functions', 'table', 'alerts'];
    for (const other of parts.filter((one) => one !== part)) expect(mumbai?.[other]).toHaveProperty('known');
    expect((await dr('status')).out).toContain(`unknown: ${action} is denied`);
  });

  test('of a region that is dark is unknown, and of the other is shown', async () => {
    const account = accountWith();
    const inLight =
      <A extends unknown[], T>(ask: (awsRegion: string, ...more: A) => Promise<T>) =>
      (awsRegion: string, ...more: A) =>
        awsRegion === 'ap-south-1' ? dark() : ask(awsRegion, ...more);
    const { dr } = withAccount(
      {
        identity: inLight(account.identity),
        subscriptions: inLight(account.subscriptions),
        targets: inLight(account.targets),
        invocations: inLight(account.invocations),
        tableStatus: inLight(account.tableStatus),
        replicationMs: inLight(account.replicationMs),
      },
      { dark: ['mumbai'] },
    );
    const { code, out } = await dr('status --json');
    const { regions } = JSON.parse(out) as { regions: Record<string, object>[] };
    expect(code).toBe(0);
    for (const part of ['targets', 'functions', 'table', 'alerts']) {
      expect(regions[0]?.[part]).toHaveProperty('unknown');
      expect(regions[1]?.[part]).toHaveProperty('known');
    }
  });

  test('--quick asks for nothing of it', async () => {
    const fails = async (): Promise<never> => {
      throw new Error('more than control records was asked for');
    };
    const all = Object.fromEntries(Object.keys(accountWith()).map((name) => [name, fails])) as Account;
    const { dr } = withAccount(all, { context: { askHealth: fails } });
    const { code, out } = await dr('status --quick --json');
    expect(code).toBe(0);
    expect(Object.keys((JSON.parse(out) as { regions: object[] }).regions[0] ?? {})).not.toContain('table');
    expect((await dr('status --quick')).out.trim().split('\n')).toHaveLength(2);
  });
});
