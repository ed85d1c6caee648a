// FIS over its REST API, signed by the SDK's own signer: there is no client of a current version for it.
import { randomUUID } from 'node:crypto';
import type { Experiment, ExperimentPlan, GameDayAws } from '../operate/gameday/ports';
import { signedRequest } from './aws-account/sts-reader';
import { saying } from './sdk';

type Fis = Pick<
  GameDayAws,
  'makeExperiment' | 'experiment' | 'startExperiment' | 'stopExperiment' | 'removeExperiment'
>;
type Json = Readonly<Record<string, unknown>>;

/** Tag by which a template is found again. */
const TAG = 'GameDay';
const SUBNETS = 'public';
const ACTION = 'disrupt';
const MAX_PAGES = 20;

export function fis(awsRegion: string): Fis {
  const ask = (
    verb: string,
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    options: { query?: Record<string, string>; body?: Json } = {},
  ) =>
    saying({ action: `fis:${verb}`, resource: path.slice(1), awsRegion }, async () =>
      parsed(await signedRequest({ service: 'fis', awsRegion, method, path, ...options })),
    );
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

function parsed({ status, headers, text }: Awaited<ReturnType<typeof signedRequest>>): Json {
  const json = (text ? JSON.parse(text) : {}) as { message?: string };
  if (status < 300) return json as Json;
  // As the SDK's clients do it: what is wrong is the error's name.
  const name = (headers['x-amzn-errortype'] ?? 'FisError').split(':')[0] ?? '';
  throw Object.assign(new Error(json.message ?? `status ${status}`), { name, $metadata: { httpStatusCode: status } });
}
