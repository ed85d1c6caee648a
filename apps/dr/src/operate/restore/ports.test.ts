// The contract of a table with point-in-time recovery, held by the fake and by the adapter of DynamoDB.
import type { ReplicaItem } from '@dr/consistency';
import { InputError } from '@dr/contracts';
import { awsRecovery } from '../../adapters/aws-recovery';
import { ARN, FakeRecovery } from '../../testing/fake-recovery';
import { serveRecovery } from '../../testing/recovery-loopback';
import type { TableRecovery } from './ports';

const TABLE = 'dr-system-table';

interface Subject {
  readonly recovery: TableRecovery;
  readonly pass: (seconds: number) => void;
  readonly turnOff: () => void;
  readonly nowMs: () => number;
  readonly close: () => Promise<void>;
}

async function inMemory(): Promise<Subject> {
  const fake = new FakeRecovery(TABLE);
  fake.makingMs = 0;
  fake.earliestMs = fake.nowMs - 3_600_000;
  // What the tool adds is a change as any other.
  const versions = fake.versions.bind(fake);
  fake.versions = (name) => {
    const table = versions(name);
    return name === TABLE
      ? { ...bound(table), add: async (item) => (await isTaken(fake, item)) ?? written(fake, item) }
      : table;
  };
  return {
    recovery: fake,
    pass: (seconds) => void (fake.nowMs += seconds * 1000),
    turnOff: () => void (fake.isOff = true),
    nowMs: () => fake.nowMs,
    close: async () => undefined,
  };
}

const bound = (table: ReturnType<TableRecovery['versions']>) => ({
  scan: table.scan.bind(table),
  history: table.history.bind(table),
});
const isTaken = async ({ live }: FakeRecovery, { id, timestamp }: ReplicaItem) =>
  live.all().some((one) => one.id === id && one.timestamp === timestamp) ? ('refused' as const) : undefined;
function written(fake: FakeRecovery, item: ReplicaItem): 'written' {
  fake.write(item);
  return 'written';
}

async function onAws(): Promise<Subject> {
  const served = await serveRecovery(TABLE);
  return {
    recovery: awsRecovery('ap-south-1', TABLE),
    pass: (seconds) => void (served.nowSeconds += seconds),
    turnOff: () => void (served.isOff = true),
    nowMs: () => served.nowSeconds * 1000,
    close: () => served.close(),
  };
}

const item = (id: string, timestamp: string, json = '{"n":1}'): ReplicaItem => ({
  id,
  timestamp,
  json,
  previous: null,
});

describe.each([
  { name: 'in memory', open: inMemory },
  { name: 'DynamoDB', open: onAws },
])('a table with recovery: $name', ({ open }) => {
  let subject: Subject;
  beforeEach(async () => (subject = await open()));
  afterEach(() => subject.close());

  test('says which times can be gone back to, and of which table', async () => {
    const { recovery, nowMs } = subject;
    expect(await recovery.window()).toEqual({
      arn: ARN,
      enabled: true,
      earliestMs: nowMs() - 3_600_000,
      latestMs: nowMs() - 300_000,
    });
    subject.turnOff();
    expect(await recovery.window()).toEqual({ arn: ARN, enabled: false, earliestMs: null, latestMs: null });
  });

  test('gives back what was written, newest first, page by page, and adds only where nothing is', async () => {
    const live = subject.recovery.versions(TABLE);
    for (const stamp of ['a', 'b', 'c']) expect(await live.add(item('one', stamp))).toBe('written');
    expect(await live.add(item('one', 'b', '{"n":2}'))).toBe('refused');
    const first = await live.history('one', undefined, 2);
    expect(first).toEqual({ items: [item('one', 'c'), item('one', 'b')], next: 'b' });
    expect(await live.history('one', 'b', 2)).toEqual({ items: [item('one', 'a')] });
    expect(await live.history('other', undefined, 2)).toEqual({ items: [] });
  });

  test('lists every version once, those of one id together', async () => {
    const live = subject.recovery.versions(TABLE);
    for (const id of ['x', 'y', 'z']) for (const stamp of ['a', 'b']) await live.add(item(id, stamp));
    const seen: string[] = [];
    let from: string | undefined;
    do {
      const page = await live.scan(from, 4);
      expect(page.items.length).toBeLessThanOrEqual(4);
      seen.push(...page.items.map(({ id, timestamp }) => `${id}${timestamp}`));
      from = page.next;
    } while (from !== undefined);
    expect([...seen].sort()).toEqual(['xa', 'xb', 'ya', 'yb', 'za', 'zb']);
    for (const id of ['x', 'y', 'z']) expect(seen.indexOf(`${id}b`)).toBe(seen.indexOf(`${id}a`) + 1);
  });

  test('makes one table of the state of that second, and says what it is of', async () => {
    const { recovery, nowMs, pass } = subject;
    await recovery.versions(TABLE).add(item('one', 'a'));
    const toMs = nowMs();
    pass(1);
    await recovery.versions(TABLE).add(item('one', 'b'));
    pass(300);
    expect(await recovery.restored('beside')).toBeUndefined();
    expect(await recovery.restore('beside', toMs)).toBe('begun');
    expect(await recovery.restore('beside', toMs)).toBe('taken');
    expect(await recovery.restored('beside')).toMatchObject({ status: 'ACTIVE', sourceArn: ARN, toMs });
    expect((await recovery.versions('beside').history('one', undefined, 9)).items).toEqual([item('one', 'a')]);
    expect((await recovery.versions(TABLE).history('one', undefined, 9)).items).toHaveLength(2);
  });

  test('fails by name for a time that it does not have', async () => {
    const { recovery, nowMs } = subject;
    await expect(recovery.restore('beside', nowMs())).rejects.toThrow(InputError);
    expect(await recovery.restored('beside')).toBeUndefined();
  });
});

describe('DynamoDB', () => {
  test('is asked for a table that is paid by use, whatever the source has reserved', async () => {
    const served = await serveRecovery(TABLE);
    await awsRecovery('ap-south-1', TABLE).restore('beside', (served.nowSeconds - 301) * 1000);
    expect(served.asked).toEqual([
      {
        SourceTableName: TABLE,
        TargetTableName: 'beside',
        RestoreDateTime: served.nowSeconds - 301,
        BillingModeOverride: 'PAY_PER_REQUEST',
      },
    ]);
    served.isOff = true;
    const late = awsRecovery('ap-south-1', TABLE).restore('other', (served.nowSeconds - 301) * 1000);
    await expect(late).rejects.toThrow(InputError);
    await served.close();
  });

  test('fails with the fix where there is no such table', async () => {
    const served = await serveRecovery(TABLE);
    await expect(awsRecovery('ap-south-1', 'shop-system-table').window()).rejects.toThrow(
      /^table shop-system-table in ap-south-1: does not exist in this account\. Apply the stack first/,
    );
    await served.close();
  });
});
