// `dr restore` by the real command line from an emulated AWS: a table of then, what differs, the plan, the write-back, and what is refused.
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREDENTIALS, startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { ROOT } from './support/stack';

const TABLE = 'dr-system-table';
const RESTORED = `${TABLE}-restored`;
const [MUMBAI, SINGAPORE] = ['ap-south-1', 'ap-southeast-1'] as const;
const BEHIND_SECONDS = 2;
const MAIN = join(ROOT, 'dist', 'dr', 'main.js');

let aws: EmulatedAws;
let table: DynamoDBClient;
const folder = mkdtempSync(join(tmpdir(), 'dr-restore-'));

beforeAll(async () => {
  // Else the test would wait for five minutes.
  process.env['DR_E2E_RESTORABLE_AFTER_SECONDS'] = String(BEHIND_SECONDS);
  process.env['DR_E2E_RESTORE_SECONDS'] = '3';
  aws = await startEmulatedAws();
  table = new DynamoDBClient({ endpoint: aws.endpoint, region: MUMBAI, credentials: CREDENTIALS });
  await table.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id', 'timestamp'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'timestamp', KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      Tags: [{ Key: 'System', Value: 'dr' }],
    }),
  );
  await table.send(
    new UpdateTableCommand({ TableName: TABLE, ReplicaUpdates: [{ Create: { RegionName: SINGAPORE } }] }),
  );
});
afterAll(() => aws?.stop());

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function dr(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'restore', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: aws.env,
  });
  return { code: status, out: stdout, err: stderr };
}

let sequence = 0;
async function put(id: string, json: string): Promise<void> {
  sequence += 1;
  const stamp = `${new Date().toISOString()}#mumbai#0000000a-${String(sequence).padStart(6, '0')}`;
  const Item = {
    id: { S: id },
    timestamp: { S: stamp },
    region: { S: 'mumbai' },
    previous: { NULL: true },
    json: { S: json },
  };
  await table.send(new PutItemCommand({ TableName: TABLE, Item: Item as never }));
}

async function versions(id: string, name = TABLE): Promise<readonly (string | undefined)[]> {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName: name,
      ScanIndexForward: false,
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': { S: id } },
    }),
  );
  return Items.map(({ json, deleted }) => json?.S ?? (deleted ? 'deleted' : undefined));
}

const recovery = (region: string, PointInTimeRecoveryEnabled: boolean): Promise<unknown> =>
  new DynamoDBClient({ endpoint: aws.endpoint, region, credentials: CREDENTIALS }).send(
    new UpdateContinuousBackupsCommand({
      TableName: TABLE,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
    }),
  );

const isoOf = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
const ITEMS = Array.from({ length: 30 }, (_, at) => `order-${at}`);
const BAD = ITEMS.filter((_, at) => at % 3 === 0);
let wellMs = 0;

test('a table without recovery is refused, and nothing is made', async () => {
  const { code, err } = dr('--to', isoOf(Date.now() - 60_000));
  expect(code).toBe(2);
  expect(err).toMatch(/^table dr-system-table in ap-south-1: has no point-in-time recovery/);
  await recovery(MUMBAI, true);
});

test('a time outside the window is refused, and nothing is made', async () => {
  await sleep(1_000);
  for (const to of [Date.now() - 3_600_000, Date.now() + 60_000]) {
    const { code, err } = dr('--to', isoOf(to));
    expect(code).toBe(2);
    expect(err).toMatch(/^--to \S+: is outside the recovery window of dr-system-table in ap-south-1/);
  }
  await expect(table.send(new DescribeTableCommand({ TableName: RESTORED }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('what a release has corrupted is found, planned key by key, and nothing is written', async () => {
  for (const id of ITEMS) await put(id, `{"good":"${id}"}`);
  wellMs = Math.ceil(Date.now() / 1_000) * 1_000;
  await sleep(wellMs - Date.now() + 1_100);
  for (const id of BAD) await put(id, '{"bad":true}');
  await put('order-new', '{"bad":true}');
  await sleep((BEHIND_SECONDS + 1) * 1_000);

  const { code, out, err } = dr('--to', isoOf(wellMs), '--progress', join(folder, 'plan.jsonl'), '--json');
  expect({ code, err: err.replace(/^dr-system-table: .*\n/gm, '') }).toEqual({ code: 0, err: '' });
  const report = JSON.parse(out);
  expect(report.found).toEqual({ versions: 11, items: 11, added: 11, altered: 0, gone: 0, late: 0 });
  expect(report.plan.map(({ id }: { id: string }) => id)).toEqual([...BAD, 'order-new'].sort());
  expect(report.restored).toMatchObject({ table: RESTORED, wasThere: false });
  expect(await versions('order-0')).toEqual(['{"bad":true}', '{"good":"order-0"}']);
  expect(await versions('order-0', RESTORED)).toEqual(['{"good":"order-0"}']);
});

test('the table that was made has nothing of the tags, the stream and the replicas of its source', async () => {
  const { Table: made } = await table.send(new DescribeTableCommand({ TableName: RESTORED }));
  expect(made?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
  expect(made?.Replicas ?? []).toEqual([]);
  expect(made?.StreamSpecification?.StreamEnabled ?? false).toBe(false);
  expect(made?.RestoreSummary).toMatchObject({ RestoreInProgress: false });
});

test('the plan is carried out by new versions alone, killed on the way and run again', async () => {
  const args = ['restore', '--to', isoOf(wellMs), '--progress', join(folder, 'plan.jsonl'), '--json', '--yes'];
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: ROOT, env: aws.env, stdio: 'ignore' });
  await sleep(900);
  child.kill('SIGKILL');
  const { code, out } = dr(...args.slice(1));
  expect(code).toBe(0);
  const { written, left } = JSON.parse(out);
  expect({ sum: written.written + written.already, changed: written.changed, left }).toEqual({
    sum: 11,
    changed: 0,
    left: 0,
  });
  for (const id of BAD) expect(await versions(id)).toEqual([`{"good":"${id}"}`, '{"bad":true}', `{"good":"${id}"}`]);
  expect(await versions('order-new')).toEqual(['deleted', '{"bad":true}']);
  expect(await versions('order-1')).toEqual(['{"good":"order-1"}']);
  expect(readFileSync(join(folder, 'plan.jsonl'), 'utf8')).toMatch(/^\{"kind":"restore","schema":1/);
});

test('again it finds the same, and writes nothing', async () => {
  const { code, out } = dr('--to', isoOf(wellMs), '--json', '--yes');
  expect(code).toBe(0);
  const report = JSON.parse(out);
  expect(report.found.versions).toBe(11);
  expect(report.items).toMatchObject({ toWrite: 0, same: 11 });
  expect(report.restored.wasThere).toBe(true);
});

test('only items that are named are looked at', () => {
  writeFileSync(join(folder, 'keys.txt'), 'order-0\norder-1\n');
  const { code, out } = dr('--to', isoOf(wellMs), '--keys', join(folder, 'keys.txt'), '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ compared: { named: 2 }, items: { toWrite: 0, same: 2 } });
});

test('keys that are missing, and a restored table of another time, are refused in one paragraph', async () => {
  const missing = dr('--to', isoOf(wellMs), '--keys', join(folder, 'none.txt'));
  expect(missing).toMatchObject({ code: 2, out: '' });
  expect(missing.err.trim().split('\n')).toHaveLength(1);
  const other = dr('--to', isoOf(wellMs + 1_000));
  expect(other).toMatchObject({ code: 2, out: '' });
  expect(other.err).toMatch(
    /^table dr-system-table-restored in ap-south-1: has the state of .*Name another one with --into/,
  );
});

test('the replica of another region is restored by its own recovery', async () => {
  const off = dr('--to', isoOf(wellMs), '--region', 'singapore');
  expect(off).toMatchObject({ code: 2 });
  expect(off.err).toMatch(/^table dr-system-table in ap-southeast-1: has no point-in-time recovery/);
  await recovery(SINGAPORE, true);
});

test('when the table is deleted nothing is left of the restore', async () => {
  await table.send(new DeleteTableCommand({ TableName: RESTORED }));
  await expect(table.send(new DescribeTableCommand({ TableName: RESTORED }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
