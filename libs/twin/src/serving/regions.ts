// Regions: two at least, each its own, and each function told which one it is in and who its peers are.
import { ENV, type Peer } from '@dr/contracts/system';
import { blockOf, textMapOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { finding, type Finding } from './finding';
import type { Names } from './front-doors';

export function regionFindings(graph: Graph, names: Names): Finding[] {
  return [
    ...sameRegion(graph),
    ...toldRegions(graph),
    ...graph.ofType('aws_lambda_function').flatMap((fn) => told(graph, fn, names)),
  ];
}

/** Load balancers that share an AWS region are lost together. */
function sameRegion(graph: Graph): Finding[] {
  const seen = new Map<string, Resource>();
  return graph.ofType('aws_lb').flatMap((balancer) => {
    const other = seen.get(balancer.awsRegion);
    seen.set(balancer.awsRegion, other ?? balancer);
    if (!other) return [];
    return [
      finding(
        balancer.address,
        `is in ${balancer.awsRegion}, as ${other.address} is: they are one region, and lost together`,
      ),
    ];
  });
}

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
    .map(([name, id]) => finding('output.regions', `gives ${name} the AWS region ${id}, which another has already`));
}

/** What a function is told must be where it runs. */
function told(graph: Graph, fn: Resource, names: Names): Finding[] {
  const variables = textMapOf(blockOf(fn.values, 'environment') ?? {}, 'variables');
  const named = namedRegions(graph);
  const own = variables[ENV.region];
  const wrong: Finding[] = [];
  const refuse = (sentence: string): void => void wrong.push(finding(fn.address, sentence));
  if (own !== undefined && named.size > 0 && named.get(own) !== fn.awsRegion) {
    refuse(`is told that it is in ${own} (${ENV.region}), but it runs in ${fn.awsRegion}`);
  }
  const table = variables[ENV.table];
  if (
    table !== undefined &&
    !graph.ofType('aws_dynamodb_table').some(({ values }) => textOf(values, 'name') === table)
  ) {
    refuse(`is told to use the table "${table}" (${ENV.table}), which is not in the stack`);
  }
  const peers = peersIn(variables[ENV.peers]);
  if (peers === 'unreadable') refuse(`is told of peers in a form that it cannot read (${ENV.peers})`);
  else if (peers) wrong.push(...peerFindings(fn, { own, peers, named, names }));
  return wrong;
}

function peersIn(text: string | undefined): readonly Peer[] | 'unreadable' | undefined {
  if (text === undefined) return undefined;
  try {
    const peers = JSON.parse(text) as unknown;
    return Array.isArray(peers) ? (peers as readonly Peer[]) : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

interface Told {
  readonly own: string | undefined;
  readonly peers: readonly Peer[];
  readonly named: ReadonlyMap<string, string>;
  readonly names: Names;
}

function peerFindings(fn: Resource, { own, peers, named, names }: Told): Finding[] {
  const wrong = peers.flatMap((peer) => {
    const { name, awsRegion, host } = peer;
    if (name === own || awsRegion === fn.awsRegion)
      return [`is told that ${name} (${awsRegion}) is a peer, which is its own region`];
    if (named.size > 0 && named.get(name) !== awsRegion)
      return [`is told of a peer ${name} in ${awsRegion}, which the stack does not have`];
    const there = names.follow(host).balancer;
    if (there?.awsRegion === awsRegion) return [];
    return [
      `is told that ${name} answers at ${host}, which leads to ${there?.address ?? 'no load balancer of the stack'}`,
    ];
  });
  const missing = [...named.keys()].filter((name) => name !== own && !peers.some((peer) => peer.name === name));
  return [...wrong, ...(missing.length > 0 ? [`is not told of ${missing.join(' and ')} (${ENV.peers})`] : [])].map(
    (sentence) => finding(fn.address, sentence),
  );
}
