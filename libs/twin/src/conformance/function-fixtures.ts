// Functions for tests: CommonJS text in a zip, one region or more, and a network of AWS APIs and hosts that a test gives.
import { strToU8, zipSync } from 'fflate';
import { AwsApiHosts } from '../services/aws-api';
import { Iam } from '../services/iam/iam';
import { LambdaService } from '../services/lambda/lambda';
import { LambdaEndpoint, RegionalFunctions } from '../services/lambda/endpoint';
import type { DnsAnswer, Internet, InvokeResult, MetricDatum, ServiceEndpoint } from '../services/ports';
import type { KnownSystem, World } from '../world';
import { graphOf, REGIONS, resourcesIn, worldOf, type PlainResource } from './fixtures';

export interface FunctionOptions {
  readonly system?: KnownSystem;
  /** Function name -> its code. */
  readonly code: Readonly<Record<string, string>>;
  readonly seed?: number;
  /** More values of every aws_lambda_function. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly resources?: readonly PlainResource[];
  /** Statements of the role that every function has. */
  readonly allowed?: readonly object[];
  readonly hosts?: Internet;
  endpoints?(world: World, iam: Iam): readonly ServiceEndpoint[];
}

export type FunctionWorld = ReturnType<typeof functionWorld>;

export const functionArn = (name: string, awsRegion = 'ap-south-1'): string =>
  `arn:aws:lambda:${awsRegion}:123456789012:function:${name}`;

/** Stored, not compressed: tests read each zip many times. */
const zipOf = (text: string): Uint8Array => zipSync({ 'index.js': strToU8(text) }, { level: 0 });

const ROLE_ARN = 'arn:aws:iam::123456789012:role/functions';
const noHosts: Internet = { resolve: () => null, request: () => Promise.resolve('refused') };

export function functionWorld(options: FunctionOptions) {
  const { seed = 1, system = {} } = options;
  const world = worldOf({ seed, system });
  const graph = graphOf(resourcesOf(options));
  const iam = new Iam(world, graph);
  const metrics: MetricDatum[] = [];
  const lines: string[] = [];
  const published: { topicArn: string; body: string }[] = [];
  /** ARNs of queues, one for each message. */
  const queued: string[] = [];
  const api = new AwsApiHosts(world);
  const ports = {
    api,
    internet: options.hosts ?? noHosts,
    authorize: iam,
    queues: { accept: (queueArn: string) => queued.push(queueArn) > 0 },
    metrics: {
      put: (datum: MetricDatum) => void metrics.push(datum),
      ingestLogLine: (_region: string, _name: string, line: string) => void lines.push(line),
    },
    topics: {
      publish: (topicArn: string, { body }: { body: string }) => (
        published.push({ topicArn, body }),
        { messageId: 'm' }
      ),
    },
  };
  const readZip = (path: string): Uint8Array => {
    const text = options.code[path.replace(/^.*\//, '')];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return zipOf(text);
  };
  const services = REGIONS.map(({ awsRegion }) => new LambdaService(world, graph, awsRegion, ports, readZip));
  const functions = new RegionalFunctions(services);
  api.register(new LambdaEndpoint(functions, iam));
  for (const endpoint of options.endpoints?.(world, iam) ?? []) api.register(endpoint);

  /** Starts an invocation now; `result()` is its result once it has one. */
  const start = (name: string, payload: unknown = {}, region = 'ap-south-1') => {
    let result: InvokeResult | undefined;
    let endedMs = NaN;
    void functions.invoke(functionArn(name, region), payload, 'test').then((value) => {
      result = value;
      endedMs = world.scheduler.now();
    });
    return { result: () => result, endedMs: () => endedMs };
  };
  const pass = (ms: number): Promise<void> => world.scheduler.runUntil(world.scheduler.now() + ms);
  /** Invokes, and lets time pass until the invocation ends. */
  const call = async (name: string, payload?: unknown, region?: string): Promise<InvokeResult> => {
    const { result } = start(name, payload, region);
    for (let steps = 0; !result() && steps < 100_000; steps += 1) await pass(1);
    const ended = result();
    if (!ended) throw new Error('the invocation did not end in 100 s');
    return ended;
  };
  return { world, metrics, lines, iam, functions, published, queued, start, pass, call };
}

function resourcesOf({ code, values, resources, allowed }: FunctionOptions): PlainResource[] {
  const policy = JSON.stringify({ Statement: allowed ?? [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
  const functions = REGIONS.flatMap(({ awsRegion }) =>
    Object.keys(code).flatMap((name): PlainResource[] => [
      {
        type: 'aws_lambda_function',
        name: `${name}-${awsRegion}`,
        awsRegion,
        values: {
          function_name: name,
          role: ROLE_ARN,
          handler: 'index.handler',
          filename: name,
          timeout: 30,
          ...values,
        },
      },
      {
        type: 'aws_lambda_alias',
        name: `${name}-live-${awsRegion}`,
        awsRegion,
        values: { name: 'live', function_name: name },
      },
    ]),
  );
  return [
    ...resourcesIn('us-east-1', {
      aws_iam_role: { functions: { name: 'functions' } },
      aws_iam_role_policy: { access: { role: 'functions', policy } },
    }),
    ...functions,
    ...(resources ?? []),
  ];
}

/** An internet in which one name leads to a host that answers as given. */
export function oneHost(name: string, respond: Internet['request']): Internet {
  const answer: DnsAnswer = { loadBalancer: 'lb', awsRegion: 'ap-southeast-1', ttlSeconds: 10 };
  return { resolve: (asked) => (asked === name ? answer : null), request: respond };
}
