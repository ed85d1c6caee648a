// What is known of our own system alone: what clients ask, who may answer, what each function needs and is told.
import {
  CHECK_PATH,
  ENV,
  functionOf,
  METRIC_NAMESPACE,
  METRICS,
  OTHER_FUNCTIONS_CONCURRENCY,
  regionConcurrency,
  type Peer,
} from '@dr/contracts/system';
import { isByHand } from './orders';
import { metricId, metricsOf, type CustomMetric, type Rule, type ServedSystem } from '@dr/review';
import { answering, finding, frontNames, listenerOn, ruleFor, type Finding, type Names, when } from '@dr/stack';
import { blockOf, numberOf, textMapOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { acceleratorAsksHealth } from './accelerated';

/** What clients ask for. */
const ASKED = [
  ['GET', '/items/some-id'],
  ['PUT', '/items/some-id'],
] as const;
const HTTPS = 443;

const variablesOf = (fn: Resource): Readonly<Record<string, string>> =>
  textMapOf(blockOf(fn.values, 'environment') ?? {}, 'variables');
const nameOf = (fn: Resource): string => functionOf(textOf(fn.values, 'function_name') ?? '');

/** The table that functions are told to use. */
export const tableIn = (graph: Graph): string | undefined =>
  graph.ofType('aws_lambda_function').flatMap((fn) => variablesOf(fn)[ENV.table] ?? [])[0];

/** Functions of our own that serve no items. */
const KNOWN_OTHERS = ['health-checker', 'failover-orchestrator', 'data-consistency-validator'];

const rightFunction: Rule = {
  id: 'items-reach-the-router',
  of: 'serving',
  judge: ({ graph, names }) =>
    frontNames(names).flatMap(({ domain, doors }) =>
      doors.flatMap(({ balancer }) =>
        ASKED.flatMap(([method, path]) => {
          const listener = listenerOn(graph, balancer, HTTPS);
          const request = { method, path, headers: { host: domain } };
          if (!listener) return [];
          return answering(graph, balancer, HTTPS, request)
            .map(nameOf)
            .filter((name) => KNOWN_OTHERS.includes(name))
            .map((name) =>
              finding(
                ruleFor(listener, request).address,
                `sends ${method} ${path} to ${name}, which does not serve it`,
                'Send it to traffic-router',
              ),
            );
        }),
      ),
    ),
};

const rightChecker: Rule = {
  id: 'health-checks-reach-the-checker',
  of: 'serving',
  judge: ({ graph, names, checks }) => {
    const knows = graph.ofType('aws_lambda_function').some((fn) => nameOf(fn) === 'health-checker');
    if (!knows) return [];
    return [...checks.values()].flatMap(({ address, source }) => {
      if (source.kind !== 'endpoint' || source.protocol === 'tcp') return [];
      const { host, path, port } = source;
      const functions = names
        .behind(host)
        .flatMap((balancer) => answering(graph, balancer, port, { method: 'GET', path, headers: { host } }));
      const wrong = functions.map(nameOf).find((name) => name !== 'health-checker');
      const asks = `asks ${path}, which ${wrong} answers: only health-checker knows whether the region serves`;
      const guesses = `sends a token that health-checker is not told (${ENV.checkTokens}): its questions are anybody's`;
      const tokens = functions.map((fn) => variablesOf(fn)[ENV.checkTokens]);
      const isKnown = tokens.every(
        (told) => told === undefined || told.split(',').includes(path.slice(CHECK_PATH.length)),
      );
      return [
        ...when(wrong !== undefined, address, asks, 'Ask the path of health-checker'),
        ...when(wrong === undefined && !isKnown, address, guesses, `Ask ${CHECK_PATH} with one of its tokens`),
      ];
    });
  },
};

const concurrency: Rule = {
  id: 'concurrency-is-enough',
  of: 'serving',
  judge: ({ graph }) => {
    const requestsPerSecond = promisedRequests(graph);
    const router =
      requestsPerSecond === undefined ? {} : { 'traffic-router': regionConcurrency(requestsPerSecond).router };
    const needs: Readonly<Record<string, number>> = { ...OTHER_FUNCTIONS_CONCURRENCY, ...router };
    return graph.ofType('aws_lambda_function').flatMap((fn) => {
      const reserved = numberOf(fn.values, 'reserved_concurrent_executions') ?? -1;
      const name = nameOf(fn);
      const needed = Object.hasOwn(needs, name) ? (needs[name] as number) : 0;
      if (reserved <= 0 || reserved >= needed) return [];
      const sentence = `reserves ${reserved} executions at once, and one region needs ${needed} of ${name}`;
      return [finding(fn.address, sentence, `Reserve ${needed}, or nothing`)];
    });
  },
};

/** `objectives.requestsPerSecond`, as the stack's output says. */
function promisedRequests(graph: Graph): number | undefined {
  const { objectives } = graph.outputs;
  const given = (objectives as Readonly<Record<string, unknown>> | null | undefined)?.['requestsPerSecond'];
  return typeof given === 'number' && Number.isFinite(given) ? given : undefined;
}

const regionsTold: Rule = {
  id: 'functions-know-the-regions',
  of: 'serving',
  judge: ({ graph, names }) => [
    ...toldRegions(graph),
    ...graph.ofType('aws_lambda_function').flatMap((fn) => told(graph, fn, names)),
  ],
};

const TELL =
  'Give it what the stack itself has: its own region, its table, and every peer at the name of its load balancer';

/** Short name -> AWS region, as the stack's output says. */
function namedRegions(graph: Graph): ReadonlyMap<string, string> {
  const named = graph.outputs['regions'];
  const isMap = typeof named === 'object' && named !== null && !Array.isArray(named);
  return new Map(isMap ? Object.entries(named).map(([name, id]) => [name, String(id)]) : []);
}

function toldRegions(graph: Graph): Finding[] {
  const named = namedRegions(graph);
  const awsRegions = [...named.values()];
  return [...named]
    .filter(([, id], at) => awsRegions.indexOf(id) !== at)
    .map(([name, id]) =>
      finding(
        'output.regions',
        `gives ${name} the AWS region ${id}, which another has already`,
        'Give each region an AWS region of its own',
      ),
    );
}

/** What a function is told must be where it runs. */
function told(graph: Graph, fn: Resource, names: Names): Finding[] {
  const variables = variablesOf(fn);
  const named = namedRegions(graph);
  const own = variables[ENV.region];
  const table = variables[ENV.table];
  const router = variables[ENV.routerFunction]?.split(':')[0];
  const isThere = graph
    .ofType('aws_lambda_function')
    .some(({ awsRegion, values }) => awsRegion === fn.awsRegion && textOf(values, 'function_name') === router);
  const hasTable = graph.ofType('aws_dynamodb_table').some(({ values }) => textOf(values, 'name') === table);
  const peers = peersIn(variables[ENV.peers]);
  const isElsewhere = own !== undefined && named.size > 0 && named.get(own) !== fn.awsRegion;
  const sentences = [
    ...(isElsewhere ? [`is told that it is in ${own} (${ENV.region}), but it runs in ${fn.awsRegion}`] : []),
    ...(table !== undefined && !hasTable
      ? [`is told to use the table "${table}" (${ENV.table}), which is not in the stack`]
      : []),
    ...(router !== undefined && !isThere
      ? [`is told to ask the function "${router}" (${ENV.routerFunction}), which ${fn.awsRegion} does not have`]
      : []),
    ...(peers === 'unreadable' ? [`is told of peers in a form that it cannot read (${ENV.peers})`] : []),
    ...(Array.isArray(peers) ? wrongPeers(fn, { own, peers, named, names }) : []),
  ];
  return sentences.map((sentence) => finding(fn.address, sentence, TELL));
}

function peersIn(text: string | undefined): readonly Peer[] | 'unreadable' | undefined {
  if (text === undefined) return undefined;
  try {
    const peers = JSON.parse(text) as unknown;
    return Array.isArray(peers) && peers.every(isPeer) ? peers : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

const isPeer = (value: unknown): value is Peer =>
  typeof value === 'object' &&
  value !== null &&
  ['name', 'awsRegion', 'host'].every((field) => typeof (value as Record<string, unknown>)[field] === 'string');

interface Told {
  readonly own: string | undefined;
  readonly peers: readonly Peer[];
  readonly named: ReadonlyMap<string, string>;
  readonly names: Names;
}

function wrongPeers(fn: Resource, { own, peers, named, names }: Told): string[] {
  const wrong = peers.flatMap((peer) => {
    const { name, awsRegion, host } = peer;
    if (name === own || awsRegion === fn.awsRegion)
      return [`is told that ${name} (${awsRegion}) is a peer, which is its own region`];
    if (named.size > 0 && named.get(name) !== awsRegion)
      return [`is told of a peer ${name} in ${awsRegion}, which the stack does not have`];
    const [there] = names.behind(host);
    if (there?.awsRegion === awsRegion) return [];
    return [
      `is told that ${name} answers at ${host}, which leads to ${there?.address ?? 'no load balancer of the stack'}`,
    ];
  });
  const missing = [...named.keys()].filter((name) => name !== own && !peers.some((peer) => peer.name === name));
  return [...wrong, ...(missing.length > 0 ? [`is not told of ${missing.join(' and ')} (${ENV.peers})`] : [])];
}

const PER_PEER: readonly string[] = [METRICS.peerStaleness.name, METRICS.replicaDifferences.name];

/** Metrics of our own that the functions of a region emit between them: of each of them, all. */
export function emittedMetrics(fn: Resource): CustomMetric[] {
  const { [ENV.region]: region, [ENV.peers]: told, [ENV.recovery]: recovery = '' } = variablesOf(fn);
  if (region === undefined) return [];
  const peers = peersIn(told);
  const { awsRegion } = fn;
  const emitted = Object.values(METRICS).filter((metric) => metric !== METRICS.failbackWaiting || isByHand(recovery));
  return emitted.flatMap(({ name }) =>
    (PER_PEER.includes(name) ? (Array.isArray(peers) ? peers : []).map((peer) => ({ Peer: peer.name })) : [{}]).map(
      (more) => ({ id: metricId(awsRegion, METRIC_NAMESPACE, name, { Region: region, ...more }), awsRegion }),
    ),
  );
}

const alarmsOnEmitted: Rule = {
  id: 'alarm-has-a-metric-of-ours',
  of: 'unseen',
  judge: ({ graph }) => {
    const emitted = new Set(
      graph.ofType('aws_lambda_function').flatMap((fn) => emittedMetrics(fn).map(({ id }) => id)),
    );
    return graph.ofType('aws_cloudwatch_metric_alarm').flatMap((alarm) =>
      metricsOf(alarm).flatMap((metric) => {
        const [namespace, name] = [textOf(metric, 'namespace') ?? '', textOf(metric, 'metric_name') ?? ''];
        const dimensions = textMapOf(metric, 'dimensions');
        if (namespace !== METRIC_NAMESPACE || emitted.has(metricId(alarm.awsRegion, namespace, name, dimensions)))
          return [];
        const of = Object.entries(dimensions)
          .map((pair) => pair.join(' '))
          .join(', ');
        const sentence = `reads ${namespace} ${name} of ${of} in ${alarm.awsRegion}, where no function emits it: there is never a data point`;
        return [
          finding(alarm.address, sentence, 'Make the alarm where the function is, with the dimensions that it emits'),
        ];
      }),
    );
  },
};

/** Our own system, for the rules that every stack is judged by. */
export const OUR_SERVICE: ServedSystem = {
  asked: ASKED,
  requestsPerSecond: promisedRequests,
  callsPeers: (fn) => ![undefined, '[]'].includes(variablesOf(fn)[ENV.peers]),
  rules: [regionsTold, rightFunction, rightChecker, acceleratorAsksHealth, concurrency, alarmsOnEmitted],
};
