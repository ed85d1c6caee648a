// Contracts of the small ports (invoker, notifier, secrets, HTTP), held by the fakes and by the adapters over loopback.
import { requestSigner, signedHeaders, type AwsIdentity } from '../adapters/aws-request';
import { httpsGet } from '../adapters/https-get';
import { lambdaInvoker } from '../adapters/lambda-invoker';
import { secretsManager } from '../adapters/secrets-manager';
import { snsNotifier } from '../adapters/sns-notifier';
import type { Invocation } from '../ports';
import { FakeHttp, FakeInvoker, FakeNotifier, FakeSecrets } from '../testing/fakes';
import { serviceLoopback, type Answer, type Loopback, type Received } from '../testing/loopback-adapter';

const REGION = 'ap-south-1';
const open: Loopback[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((one) => one.close()))));

async function service(answer: Answer): Promise<{ readonly identity: AwsIdentity; readonly received: Received[] }> {
  const received: Received[] = [];
  const loopback = await serviceLoopback((request) => (received.push(request), answer));
  open.push(loopback);
  return { identity: loopback.identity, received };
}

describe('FunctionInvoker', () => {
  const outcomes: { readonly answer: Answer; readonly outcome: Partial<Invocation> }[] = [
    { answer: { status: 200, body: '{"statusCode":200}' }, outcome: { kind: 'ok', payload: { statusCode: 200 } } },
    {
      answer: { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body: '{"errorMessage":"boom"}' },
      outcome: { kind: 'function-error' },
    },
    { answer: { status: 429, body: '{}' }, outcome: { kind: 'throttled' } },
    { answer: { status: 500, body: '{}' }, outcome: { kind: 'unreachable' } },
    { answer: { status: 200, body: 'not json' }, outcome: { kind: 'function-error' } },
  ];

  it.each(outcomes)('answers $outcome.kind for status $answer.status', async ({ answer, outcome }) => {
    const { identity, received } = await service(answer);
    expect(await lambdaInvoker(identity, REGION).invoke('router:live', { a: 1 })).toMatchObject(outcome);
    expect(received[0]).toMatchObject({
      url: '/2015-03-31/functions/router%3Alive/invocations',
      body: '{"a":1}',
      headers: { 'x-amz-invocation-type': 'RequestResponse' },
    });
    expect(await Object.assign(new FakeInvoker(), { answer: outcome }).invoke('router:live', {})).toMatchObject(
      outcome,
    );
  });

  it('answers unreachable, and does not reject, when nobody listens or the signal aborts', async () => {
    const nobody = { credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, endpoint: 'http://127.0.0.1:9' };
    expect((await lambdaInvoker(nobody, REGION).invoke('f', {})).kind).toBe('unreachable');
    const { identity } = await service({ status: 200, body: '{}' });
    expect((await lambdaInvoker(identity, REGION).invoke('f', {}, AbortSignal.abort())).kind).toBe('unreachable');
  });

  it('hands an event over, and rejects when it is not taken', async () => {
    const { identity, received } = await service({ status: 202 });
    await lambdaInvoker(identity, REGION).invokeLater('validator:live', {});
    expect(received[0]?.headers['x-amz-invocation-type']).toBe('Event');
    const refusing = await service({ status: 429, body: '{}' });
    await expect(lambdaInvoker(refusing.identity, REGION).invokeLater('f', {})).rejects.toThrow('429');
    await expect(
      Object.assign(new FakeInvoker(), { answer: { kind: 'throttled' } }).invokeLater('f', {}),
    ).rejects.toThrow();
  });
});

describe('Notifier', () => {
  const notification = { subject: 'Failover: mumbai', body: { id: 'mumbai#1#Route53Failover' } };
  const published =
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';

  it('publishes subject and JSON body to its topic', async () => {
    const { identity, received } = await service({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: published,
    });
    await snsNotifier(identity, REGION, 'arn:aws:sns:ap-south-1:1:dr-alerts-mumbai').publish(notification);
    const form = new URLSearchParams(received[0]?.body);
    expect(form.get('Subject')).toBe(notification.subject);
    expect(form.get('TopicArn')).toContain('dr-alerts-mumbai');
    expect(JSON.parse(form.get('Message') ?? '')).toEqual(notification.body);
  });

  it('fails when the topic does not take it', async () => {
    const { identity } = await service({
      status: 403,
      body: '<ErrorResponse><Error><Code>AuthorizationError</Code></Error></ErrorResponse>',
    });
    await expect(snsNotifier(identity, REGION, 'arn').publish(notification)).rejects.toThrow();
    await expect(Object.assign(new FakeNotifier(), { failing: true }).publish(notification)).rejects.toThrow();
  });
});

describe('Secrets', () => {
  it.each([
    { name: 'the text', answer: { status: 200, body: '{"SecretString":"text"}' }, text: 'text' },
    {
      name: 'nothing for a secret without a value',
      answer: { status: 400, body: '{"__type":"ResourceNotFoundException"}' },
      text: undefined,
    },
  ])('gives $name', async ({ answer, text }) => {
    const { identity, received } = await service(answer);
    expect(await secretsManager(identity, REGION).read('dr-api-keys')).toBe(text);
    expect(received[0]).toMatchObject({
      body: '{"SecretId":"dr-api-keys"}',
      headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    });
    expect(await new FakeSecrets(text).read()).toBe(text);
  });

  it('fails when it may not read', async () => {
    const { identity } = await service({ status: 400, body: '{"__type":"AccessDeniedException"}' });
    await expect(secretsManager(identity, REGION).read('x')).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(Object.assign(new FakeSecrets('x'), { failing: true }).read()).rejects.toThrow();
  });
});

describe('Http', () => {
  it('answers any status with its body, and says who asks', async () => {
    const { identity, received } = await service({ status: 503, body: '{"reason":"evacuated"}' });
    const answer = { status: 503, body: '{"reason":"evacuated"}' };
    expect(await httpsGet.get(`${identity.endpoint}/health`)).toEqual(answer);
    expect(received[0]?.headers['user-agent']).toBe('dr-peer/1');
    const fake = new FakeHttp();
    fake.answers.set('https://peer/health', answer);
    expect(await fake.get('https://peer/health')).toEqual(answer);
  });

  it('fails when nobody answers', async () => {
    await expect(httpsGet.get('http://127.0.0.1:9/health')).rejects.toThrow();
    await expect(new FakeHttp().get('https://peer/health')).rejects.toThrow();
  });
});

describe('signing', () => {
  const at = new Date('2015-08-30T12:36:00Z');
  const example = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

  it('agrees with the vector that AWS publishes (post-vanilla)', async () => {
    const signer = requestSigner({ credentials: example }, 'service', 'us-east-1');
    const request = { method: 'POST' as const, path: '/', headers: {}, body: '' };
    const signed = await signedHeaders(signer, request, 'example.amazonaws.com', at);
    expect(signed['authorization']).toContain(
      'Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    );
  });
});
