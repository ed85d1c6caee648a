// FIS over its REST API, signed by the SDK's own signer: there is no client of a current version for it.
import { randomUUID } from 'node:crypto';
import type { Experiment, ExperimentPlan, GameDayAws } from '../gameday/ports';
import type { AwsCall } from './aws-errors';
import { once, PATIENCE, quietly, saying } from './sdk';

type Fis = Pick<
  GameDayAws,
  'makeExperiment' | 'experiment' | 'startExperiment' | 'stopExperiment' | 'removeExperiment'
>;
type Method = 'GET' | 'POST' | 'DELETE';
type Json = Readonly<Record<string, unknown>>;

/** Tag by which a template is found again. */
const TAG = 'GameDay';
const SUBNETS = 'public';
const ACTION = 'disrupt';
const MAX_PAGES = 20;
const MAX_ANSWER_BYTES = 1 << 20;

export function fis(awsRegion: string): Fis {
  const send = once(() => sender(awsRegion));
  const ask = (
    verb: string,
    method: Method,
    path: string,
    options: { query?: Record<string, string>; body?: Json } = {},
  ) => {
    const call: AwsCall = { action: `fis:${verb}`, resource: path.slice(1), awsRegion };
    return saying(call, async () => (await send())(method, path, options));
  };
  async function* pages(verb: string, path: string, query: Record<string, string>): AsyncGenerator<Json> {
    let nextToken: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await ask(verb, 'GET', path, { query: { ...query, ...(nextToken ? { nextToken } : {}) } });
      yield answer;
      nextToken = typeof answer['nextToken'] === 'string' ? answer['nextToken'] : undefined;
      if (nextToken === undefined) return;
    }
  }
  const templateOf = async (name: string): Promise<string | undefined> => {
    for await (const { experimentTemplates } of pages('ListExperimentTemplates', '/experimentTemplates', {})) {
      const found = (experimentTemplates as readonly Template[]).find(({ tags }) => tags?.[TAG] === name);
      if (found) return found.id;
    }
    return undefined;
  };
  return {
    makeExperiment: async (plan) => {
      await ask('CreateExperimentTemplate', 'POST', '/experimentTemplates', { body: templateBody(plan) });
    },
    experiment: async (name): Promise<Experiment | undefined> => {
      const templateId = await templateOf(name);
      if (templateId === undefined) return undefined;
      const { experimentTemplate } = await ask('GetExperimentTemplate', 'GET', `/experimentTemplates/${templateId}`);
      const runs: Experiment['runs'][number][] = [];
      const query = { experimentTemplateId: templateId };
      for await (const { experiments } of pages('ListExperiments', '/experiments', query)) {
        for (const { id, state } of experiments as readonly Run[])
          runs.push({ id, status: state?.status ?? '', reason: state?.reason ?? '' });
      }
      return { templateId, seconds: secondsIn(experimentTemplate as Template), runs };
    },
    startExperiment: async (experimentTemplateId) => {
      const body = { clientToken: randomUUID(), experimentTemplateId };
      await ask('StartExperiment', 'POST', '/experiments', { body });
    },
    stopExperiment: async (id) => {
      await ask('StopExperiment', 'DELETE', `/experiments/${id}`);
    },
    removeExperiment: async (templateId) => {
      await ask('DeleteExperimentTemplate', 'DELETE', `/experimentTemplates/${templateId}`);
    },
  };
}

interface Template {
  readonly id: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly actions?: Readonly<Record<string, { readonly parameters?: Readonly<Record<string, string>> }>>;
}

interface Run {
  readonly id: string;
  readonly state?: { readonly status?: string; readonly reason?: string };
}

/** `aws:network:disrupt-connectivity` with scope `all` (FIS actions reference). It ends by itself after `duration`. */
export const templateBody = ({ name, roleArn, subnetArns, seconds }: ExperimentPlan): Json => ({
  clientToken: name,
  description: 'A game day cuts off the public subnets of a region',
  roleArn,
  stopConditions: [{ source: 'none' }],
  targets: { [SUBNETS]: { resourceType: 'aws:ec2:subnet', resourceArns: subnetArns, selectionMode: 'ALL' } },
  actions: {
    [ACTION]: {
      actionId: 'aws:network:disrupt-connectivity',
      parameters: { duration: durationText(seconds), scope: 'all' },
      targets: { Subnets: SUBNETS },
    },
  },
  tags: { [TAG]: name },
});

/** ISO 8601. The reference gives PT1M as its example; whole minutes are written like it. */
const durationText = (seconds: number): string => (seconds % 60 === 0 ? `PT${seconds / 60}M` : `PT${seconds}S`);

function secondsIn({ actions }: Template): number {
  const text = actions?.[ACTION]?.parameters?.['duration'] ?? '';
  const [, hours, minutes, seconds] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text) ?? [];
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Buffer>;
}

async function sender(awsRegion: string) {
  const [{ STSClient }, { SignatureV4 }] = await Promise.all([
    import('@aws-sdk/client-sts'),
    import('@smithy/signature-v4'),
  ]);
  // Credentials, hash and connections are those of every other client of the SDK.
  const { config } = quietly(() => new STSClient({ region: awsRegion, ...PATIENCE }));
  const url = new URL(
    process.env['AWS_ENDPOINT_URL_FIS'] ?? process.env['AWS_ENDPOINT_URL'] ?? `https://fis.${awsRegion}.amazonaws.com`,
  );
  const signer = new SignatureV4({
    credentials: config.credentials,
    region: awsRegion,
    service: 'fis',
    sha256: config.sha256,
  });
  return async (
    method: Method,
    path: string,
    { query = {}, body }: { query?: Record<string, string>; body?: Json },
  ) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const request = {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port ? { port: Number(url.port) } : {}),
      path,
      query,
      headers: {
        host: url.host,
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
      },
      ...(text === undefined ? {} : { body: text }),
    };
    const signed = await signer.sign(request);
    const { response } = (await config.requestHandler.handle(signed as never)) as unknown as { response: Answer };
    return parsed(response);
  };
}

async function parsed({ statusCode, headers, body }: Answer): Promise<Json> {
  let text = '';
  for await (const chunk of body) {
    text += chunk.toString('utf8');
    if (text.length > MAX_ANSWER_BYTES) throw new Error(`the answer of FIS exceeds ${MAX_ANSWER_BYTES} bytes`);
  }
  const json = (text ? JSON.parse(text) : {}) as { message?: string };
  if (statusCode < 300) return json as Json;
  // As the SDK's clients do it: what is wrong is the error's name.
  const name = (headers['x-amzn-errortype'] ?? 'FisError').split(':')[0] ?? '';
  throw Object.assign(new Error(json.message ?? `status ${statusCode}`), {
    name,
    $metadata: { httpStatusCode: statusCode },
  });
}
