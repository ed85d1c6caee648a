// FIS over its REST API, signed by the SDK's own signer: there is no client of a current version for it.
import { randomUUID } from 'node:crypto';
import type { ExperimentPlan, GameDayAws } from '../operate/gameday/ports';
import { pages } from './aws-account/ask';
import { signedRequest, type SignedRequest } from './aws-account/sts-reader';
import { saying } from './sdk';

type Fis = Pick<
  GameDayAws,
  'makeExperiment' | 'experiment' | 'startExperiment' | 'stopExperiment' | 'removeExperiment'
>;

/** A template, or an experiment made from one. */
interface Item {
  readonly id: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly state?: { readonly status?: string };
  readonly actions?: Readonly<Record<string, { readonly parameters?: Readonly<Record<string, string>> }>>;
}

/** One item, or a page of them. */
interface Answer {
  readonly experimentTemplate?: Item;
  readonly experimentTemplates?: readonly Item[];
  readonly experiments?: readonly Item[];
  readonly nextToken?: string;
  readonly message?: string;
}

/** Tag by which a template is found again. */
const TAG = 'GameDay';
const SUBNETS = 'public';
const ACTION = 'disrupt';

export function fis(awsRegion: string): Fis {
  const ask = (verb: string, request: Pick<SignedRequest, 'method' | 'path' | 'query' | 'body'>): Promise<Answer> =>
    saying({ action: `fis:${verb}`, resource: request.path.slice(1), awsRegion }, async () =>
      parsed(await signedRequest({ service: 'fis', awsRegion, ...request })),
    );
  const list = (verb: string, path: string, query: Record<string, string>) =>
    pages(async (nextToken) => {
      const page = await ask(verb, { method: 'GET', path, query: { ...query, ...(nextToken && { nextToken }) } });
      return { items: page.experimentTemplates ?? page.experiments ?? [], next: page.nextToken };
    });
  return {
    makeExperiment: (plan) =>
      ask('CreateExperimentTemplate', { method: 'POST', path: '/experimentTemplates', body: templateBody(plan) }),
    experiment: async (name) => {
      const templates = await list('ListExperimentTemplates', '/experimentTemplates', {});
      const templateId = templates.find(({ tags }) => tags?.[TAG] === name)?.id;
      if (templateId === undefined) return undefined;
      const path = `/experimentTemplates/${templateId}`;
      const { experimentTemplate } = await ask('GetExperimentTemplate', { method: 'GET', path });
      const runs = await list('ListExperiments', '/experiments', { experimentTemplateId: templateId });
      return {
        templateId,
        seconds: secondsIn(experimentTemplate),
        runs: runs.map(({ id, state }) => ({ id, status: state?.status ?? '' })),
      };
    },
    startExperiment: (experimentTemplateId) => {
      const body = { clientToken: randomUUID(), experimentTemplateId };
      return ask('StartExperiment', { method: 'POST', path: '/experiments', body });
    },
    stopExperiment: (id) => ask('StopExperiment', { method: 'DELETE', path: `/experiments/${id}` }),
    removeExperiment: (id) => ask('DeleteExperimentTemplate', { method: 'DELETE', path: `/experimentTemplates/${id}` }),
  };
}

/** `aws:network:disrupt-connectivity` with scope `all` (FIS actions reference). It ends by itself after `duration`. */
const templateBody = ({ name, roleArn, subnetArns, seconds }: ExperimentPlan) => ({
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

function secondsIn(template: Item | undefined): number {
  const text = template?.actions?.[ACTION]?.parameters?.['duration'] ?? '';
  const [, hours, minutes, seconds] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text) ?? [];
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}

function parsed({ status, headers, text }: Awaited<ReturnType<typeof signedRequest>>): Answer {
  const json = (text ? JSON.parse(text) : {}) as Answer;
  if (status < 300) return json;
  // As the SDK's clients do it: what is wrong is the error's name.
  const name = (headers['x-amzn-errortype'] ?? 'FisError').split(':')[0] ?? '';
  throw Object.assign(new Error(json.message ?? `status ${status}`), { name, $metadata: { httpStatusCode: status } });
}
