// Faults kms-dark, secrets-dark and certificate-expired: what rests on a key, a secret or a certificate of the region fails.
import type { Fault, FaultKind } from '@dr/contracts';
import { DynamoDb } from '../services/dynamodb/dynamodb';
import { SecretsManager } from '../services/secrets-manager';
import { regionSite, type HttpFailure } from '../site';
import { edgeOf, fetchFrom, healthCheck, loadBalancer, MUMBAI, near, regionalName, SINGAPORE } from './edge-fixture';
import { graphOf, resourcesIn, worldOf } from './fixtures';
import { functionWorld, oneHost } from './function-fixtures';
import { cloudwatch, KEY, snsOf, useKey } from './sns-fixture';

const faultOf = (kind: FaultKind, region = 'mumbai'): Fault => ({ kind, region, startSeconds: 0, durationSeconds: 60 });
/** As long as DynamoDB and SNS keep a data key. */
const KEPT_SECONDS = 300;
const authorize = { allows: () => true, resourcePolicyAllows: () => true };

describe('FT-06 kms-dark and functions', () => {
  const code = { f: `exports.handler = () => new Promise((r) => setTimeout(() => r('done'), 1000));` };

  test('a new environment whose variables a key of a customer encrypts does not start; a warm one goes on', async () => {
    const world = functionWorld({ code, values: { kms_key_arn: KEY } });
    await world.call('f');
    const fault = faultOf('kms-dark');
    world.world.faults.start(fault);
    const [warm, cold] = [world.start('f'), world.start('f')];
    await world.pass(2_000);
    expect(warm.result()).toEqual({ kind: 'ok', payload: 'done' });
    expect(cold.result()).toMatchObject({ kind: 'function-error', errorType: 'KMSAccessDeniedException' });
    expect((await world.call('f', {}, SINGAPORE)).kind).toBe('ok');
    world.world.faults.end(fault);
    expect([world.start('f'), world.start('f')]).toHaveLength(2);
    await world.pass(2_000);
    expect(
      world.world.events
        .ofKind('invocation')
        .slice(-2)
        .map(({ outcome }) => outcome),
    ).toEqual(['ok', 'ok']);
  });

  test('without such a key it starts', async () => {
    const world = functionWorld({ code });
    world.world.faults.start(faultOf('kms-dark'));
    expect((await world.call('f')).kind).toBe('ok');
  });
});

describe('FT-07 kms-dark and tables', () => {
  function tableOf(server_side_encryption: readonly object[]) {
    const world = worldOf();
    const values = {
      name: 'table',
      billing_mode: 'PAY_PER_REQUEST',
      hash_key: 'id',
      attribute: [{ name: 'id', type: 'S' }],
      replica: [{ region_name: SINGAPORE }],
      server_side_encryption,
    };
    const graph = graphOf(resourcesIn(MUMBAI, { aws_dynamodb_table: { table: values } }));
    const dynamo = new DynamoDb(world, graph, { authorize, metrics: { put: () => {}, ingestLogLine: () => {} } });
    const ask = async (role: string, awsRegion = MUMBAI): Promise<string> => {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        authorization: 'AWS4-HMAC-SHA256 Credential=f, SignedHeaders=host, Signature=none',
        'x-amz-date': '20260105T000000Z',
        'x-amz-target': 'DynamoDB_20120810.PutItem',
      };
      const body = Buffer.from(JSON.stringify({ TableName: 'table', Item: { id: { S: role } } }));
      const caller = { roleArn: role, awsRegion, name: role };
      const pending = dynamo.handle(awsRegion, caller, { method: 'POST', path: '/', headers, body });
      await world.scheduler.runUntil(world.scheduler.now() + 1_000);
      return /#(\w+)"/.exec((await pending).body.toString())?.[1] ?? 'ok';
    };
    const pass = (seconds: number): Promise<void> => world.scheduler.runUntil(world.scheduler.now() + seconds * 1_000);
    return { world, ask, pass };
  }

  test.each([
    ['a key of AWS in KMS', [{ enabled: true }]],
    ['a key of a customer', [{ enabled: true, kms_key_arn: KEY }]],
  ])('with %s they go on for each caller while its table key is kept, then refuse', async (_name, encryption) => {
    const { world, ask, pass } = tableOf(encryption);
    const roles = Array.from({ length: 20 }, (_, at) => `role-${at}`);
    for (const role of roles) expect(await ask(role)).toBe('ok');
    const fault = faultOf('kms-dark');
    world.faults.start(fault);
    const first = await Promise.all(roles.map((role) => ask(role)));
    expect(first.filter((met) => met === 'ok').length).toBeGreaterThan(10);
    await pass(KEPT_SECONDS / 2);
    // Each caller has a key of its own, of an age of its own.
    const later = await Promise.all(roles.map((role) => ask(role)));
    expect(new Set(later)).toEqual(new Set(['ok', 'AccessDeniedException']));
    await pass(KEPT_SECONDS / 2);
    for (const role of roles) expect(await ask(role)).toBe('AccessDeniedException');
    expect(await ask('role-0', SINGAPORE)).toBe('ok');
    world.faults.end(fault);
    for (const role of roles) expect(await ask(role)).toBe('ok');
  });

  test('with the key that DynamoDB owns they notice nothing', async () => {
    const { world, ask, pass } = tableOf([]);
    world.faults.start(faultOf('kms-dark'));
    await pass(2 * KEPT_SECONDS);
    expect(await ask('role')).toBe('ok');
    expect(world.faults.timesStruck('kms-dark')).toBe(0);
  });

  test('replication into the region waits for the key, and nothing is lost', async () => {
    const { world, ask, pass } = tableOf([{ enabled: true }]);
    const fault = faultOf('kms-dark');
    world.faults.start(fault);
    await pass(KEPT_SECONDS);
    expect(await ask('role', SINGAPORE)).toBe('ok');
    await pass(60);
    expect(world.events.ofKind('item-replicated')).toHaveLength(0);
    world.faults.end(fault);
    await pass(60);
    expect(world.events.ofKind('item-replicated')).toHaveLength(1);
  });
});

describe('FT-08 kms-dark, topics and secrets', () => {
  const keyed = { topic: { kms_master_key_id: KEY }, keyPolicy: null };
  const lets = {
    topic: { kms_master_key_id: KEY },
    keyPolicy: JSON.stringify({ Statement: [useKey(cloudwatch, 'kms:Decrypt', 'kms:GenerateDataKey')] }),
  };
  const rolePolicy = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

  test('an encrypted topic takes messages while its data key is kept, then neither of alarms nor of functions', async () => {
    const { world, publish, run, fault } = snsOf(lets);
    expect(publish()).toHaveProperty('messageId');
    const dark = fault('kms-dark', 'mumbai');
    world.faults.start(dark);
    await run(KEPT_SECONDS + 1);
    expect(publish()).toEqual({ refused: 'KMS of ap-south-1 refuses the key of alerts' });
    world.faults.end(dark);
    expect(publish()).toHaveProperty('messageId');
    const ofFunctions = snsOf({ ...keyed, rolePolicy });
    ofFunctions.world.faults.start(dark);
    await ofFunctions.run(KEPT_SECONDS + 1);
    expect(await ofFunctions.call({ Message: 'm' })).toMatchObject({ status: 400, code: 'KMSAccessDenied' });
  });

  test('a topic without a key takes them', async () => {
    const { world, publish, run, fault } = snsOf();
    world.faults.start(fault('kms-dark', 'mumbai'));
    await run(KEPT_SECONDS + 1);
    expect(publish()).toHaveProperty('messageId');
  });

  test('a secret cannot be decrypted in that region, and is in another', async () => {
    const { world, ask } = secretsOf();
    world.faults.start(faultOf('kms-dark'));
    expect(await ask(MUMBAI)).toMatchObject({ __type: 'DecryptionFailure' });
    expect(await ask(SINGAPORE)).toMatchObject({ SecretString: 'k' });
  });
});

function secretsOf() {
  const world = worldOf();
  const graph = graphOf(
    resourcesIn(MUMBAI, { aws_secretsmanager_secret: { keys: { name: 'keys', replica: [{ region: SINGAPORE }] } } }),
  );
  const secrets = new SecretsManager(world, graph, authorize);
  secrets.setSecret('keys', 'k');
  const ask = async (awsRegion: string): Promise<unknown> => {
    let answer: unknown = 'silence';
    const headers = { 'x-amz-target': 'secretsmanager.GetSecretValue' };
    const request = { method: 'POST', path: '/', headers, body: Buffer.from('{"SecretId":"keys"}') };
    const caller = { roleArn: 'role', awsRegion, name: 'f' };
    void secrets.handle(awsRegion, caller, request).then(({ body }) => (answer = JSON.parse(body.toString())));
    await world.scheduler.runUntil(world.scheduler.now() + 60_000);
    return answer;
  };
  return { world, ask };
}

test('FT-09 secrets-dark: Secrets Manager of the region answers nothing, that of another does', async () => {
  const { world, ask } = secretsOf();
  const fault = faultOf('secrets-dark');
  world.faults.start(fault);
  expect(await ask(MUMBAI)).toBe('silence');
  expect(await ask(SINGAPORE)).toMatchObject({ SecretString: 'k' });
  world.faults.end(fault);
  expect(await ask(MUMBAI)).toMatchObject({ SecretString: 'k' });
});

describe('FT-10 certificate-expired', () => {
  test('clients and other regions refuse TLS there, checkers do not, and the check stays healthy', async () => {
    const resources = [...loadBalancer(MUMBAI), ...loadBalancer(SINGAPORE), healthCheck('mumbai', {})];
    const edge = edgeOf({ resources, start: true });
    const met = async (from: Parameters<typeof fetchFrom>[1], to?: string): Promise<number | HttpFailure> => {
      const { result } = await fetchFrom(edge, from, to);
      return typeof result === 'string' ? result : result.status;
    };
    const fault = faultOf('certificate-expired');
    edge.world.faults.start(fault);
    expect(await met(near(MUMBAI))).toBe('bad-certificate');
    expect(await met(regionSite(SINGAPORE))).toBe('bad-certificate');
    expect(await met({ group: 'checkers', at: 'us-east-1' })).toBe(200);
    expect(await met(near(MUMBAI), regionalName(SINGAPORE))).toBe(200);
    await edge.world.scheduler.runUntil(180_000);
    expect(edge.health.isHealthy('mumbai')).toBe(true);
    edge.world.faults.end(fault);
    expect(await met(near(MUMBAI))).toBe(200);
  });

  test('Node tells a function so', async () => {
    const world = functionWorld({
      code: {
        f: `const https = require('node:https'); exports.handler = () => new Promise((resolve) =>
          https.get('https://peer.example.com/health').on('error', ({ code, message }) => resolve({ code, message })));`,
      },
      hosts: oneHost('peer.example.com', () => Promise.resolve('bad-certificate')),
    });
    expect(await world.call('f')).toEqual({
      kind: 'ok',
      payload: { code: 'CERT_HAS_EXPIRED', message: 'certificate has expired' },
    });
  });
});
