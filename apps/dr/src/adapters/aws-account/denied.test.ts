// Every read of the account, in an account that denies everything: each names its permission, and docs/operations.md lists it.
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Denied } from '../../operate/operator';
import { serveAws, whole } from '../../testing/aws-in-test';
import { preflightReader } from '.';
import { statusReader } from './status-reader';

const DOCS = join(__dirname, '..', '..', '..', '..', '..', 'docs', 'operations.md');

/** What is not denied, by what its request contains. */
const otherwise = new Map<string, { type: string; status: number; text: string }>();
beforeAll(() =>
  serveAws(
    whole((request, body, response) => {
      const target = String(request.headers['x-amz-target'] ?? '');
      const answer = [...otherwise].find(([text]) => target.includes(text) || body.includes(text))?.[1];
      if (answer) return void response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.text);
      const { type, text } = denial(request, body);
      response.writeHead(403, { 'content-type': type, 'x-amzn-errortype': 'AccessDeniedException' }).end(text);
    }),
  ),
);

/** As each protocol says it. */
function denial({ headers, url = '' }: IncomingMessage, body: string): { type: string; text: string } {
  const restJson = url.startsWith('/20') && !url.startsWith('/2013-');
  const json = headers['x-amz-target'] !== undefined || restJson;
  if (json)
    return { type: 'application/json', text: JSON.stringify({ __type: 'AccessDeniedException', message: 'no' }) };
  const ec2 = body.includes('Version=2016-11-15');
  const error = '<Error><Code>AccessDenied</Code><Message>no</Message></Error>';
  return {
    type: 'text/xml',
    text: ec2
      ? '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>'
      : url.startsWith('/states')
        ? error
        : `<ErrorResponse>${error}</ErrorResponse>`,
  };
}

async function deniedAction(ask: () => Promise<unknown>): Promise<string> {
  const error = await ask().then(
    () => new Error('nothing was denied'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Denied)) throw error;
  return error.action;
}

/** What a method is given beside a region and a name. */
const GIVEN: Readonly<Record<string, readonly unknown[]>> = {
  quota: ['ap-south-1', { serviceCode: 'vpc', quotaCode: 'L-1' }],
  invocations: ['ap-south-1', ['dr-traffic-router'], 0, 60_000],
  replicationMs: ['ap-south-1', 'dr-system-table', ['ap-southeast-1'], 0, 60_000],
};

const askAll = (reader: object): Promise<string[]> =>
  Promise.all(
    Object.entries(reader).map(([name, method]: [string, (...given: readonly unknown[]) => Promise<unknown>]) =>
      deniedAction(() => method(...(GIVEN[name] ?? ['ap-south-1', 'states']))),
    ),
  );

/** The actions in the row of the table that begins with `command`, and in the rows below it that begin with nothing. */
function documented(command: string): string[] {
  const lines = readFileSync(DOCS, 'utf8').split('\n');
  const first = lines.findIndex((line) => line.startsWith(`| ${command} |`));
  const others = lines.slice(first + 1);
  const rows = [
    lines[first] ?? '',
    ...others.slice(
      0,
      others.findIndex((line) => !line.startsWith('| |')),
    ),
  ];
  const actions = rows.flatMap((row) =>
    [...row.matchAll(/`([a-z0-9]+:[A-Za-z0-9]+)`/g)].map(([, action]) => action ?? ''),
  );
  return [...new Set(actions)].sort();
}

afterEach(() => otherwise.clear());

test('each read of preflight names the permission that it lacks, and the documentation lists exactly these', async () => {
  const first = await askAll(preflightReader);
  otherwise.set('GetServiceQuota', {
    type: 'application/json',
    status: 400,
    text: '{"__type":"NoSuchResourceException"}',
  });
  const second = await askAll(preflightReader);
  expect([...new Set([...first, ...second])].sort()).toEqual(documented('preflight'));
});

test('each read of status does, beside the control records', async () => {
  const first = await askAll(statusReader);
  const member = '<member><TargetGroupArn>arn:aws:elasticloadbalancing:x</TargetGroupArn></member>';
  const result = `<DescribeTargetGroupsResult><TargetGroups>${member}</TargetGroups></DescribeTargetGroupsResult>`;
  otherwise.set('Action=DescribeTargetGroups', {
    type: 'text/xml',
    status: 200,
    text: `<DescribeTargetGroupsResponse>${result}</DescribeTargetGroupsResponse>`,
  });
  const second = await askAll(statusReader);
  expect([...new Set([...first, ...second, 'dynamodb:Query'])].sort()).toEqual(documented('status'));
});
