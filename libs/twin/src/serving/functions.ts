// From a target group to code that runs: attachment, permission, alias, version, runtime, concurrency and way out.
import { ENV, functionOf, OTHER_FUNCTIONS_CONCURRENCY, regionConcurrency } from '@dr/contracts/system';
import { blockOf, numberOf, textMapOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { permitted } from '../services/lambda/config';
import { splitArn } from '../services/lambda/lambda';
import { finding, type Finding } from './finding';
import { wayOut } from './network';

const ALB = 'elasticloadbalancing.amazonaws.com';
/** What the twin runs bundles in; AWS no longer takes older ones (Lambda developer guide, "Lambda runtimes"). */
const NODE = /^nodejs(2[024]|2[68]|[3-9]\d)\.x$/;

export interface Behind {
  readonly resource: Resource;
  readonly logicalName: string;
}

/** The function that a target group sends requests to; undefined when the stack has none. */
export function functionBehind(graph: Graph, groupArn: string): Behind | undefined {
  const target = attachmentsOf(graph, groupArn).map(({ values }) => textOf(values, 'target_id') ?? '')[0];
  const resource = target === undefined ? undefined : functionOfArn(graph, target);
  if (!resource) return undefined;
  return { resource, logicalName: functionOf(textOf(resource.values, 'function_name') ?? '') };
}

const attachmentsOf = (graph: Graph, groupArn: string): readonly Resource[] =>
  graph
    .ofType('aws_lb_target_group_attachment')
    .filter(({ values }) => textOf(values, 'target_group_arn') === groupArn);

function functionOfArn(graph: Graph, arn: string): Resource | undefined {
  const base = arn.split(':').slice(0, 7).join(':');
  return graph.find('aws_lambda_function', 'arn', base);
}

/** What stands between a target group of a load balancer and its function. */
export function targetFindings(graph: Graph, groupArn: string, balancer: Resource): Finding[] {
  const group = graph.find('aws_lb_target_group', 'arn', groupArn);
  const [attachment] = attachmentsOf(graph, groupArn);
  if (!group) return [finding(balancer.address, `forwards to "${groupArn}", which is no target group of the stack`)];
  if (!attachment) return [finding(group.address, 'has no target: the load balancer answers 503')];
  const target = textOf(attachment.values, 'target_id') ?? '';
  const fn = functionOfArn(graph, target);
  if (!fn)
    return [finding(attachment.address, `puts "${target}" behind ${group.address}, which is no function of the stack`)];
  if (fn.awsRegion !== balancer.awsRegion) {
    return [
      finding(
        attachment.address,
        `puts ${fn.address} of ${fn.awsRegion} behind ${group.address} of ${balancer.awsRegion}`,
      ),
    ];
  }
  const { name, qualifier } = splitArn(target);
  return [
    ...(qualifier === undefined ||
    graph.ofType('aws_lambda_alias').some((one) => graph.attribute(one, 'arn') === target)
      ? []
      : [finding(attachment.address, `names ${qualifier} of ${fn.address}, which is no alias of the stack`)]),
    ...(permitted(graph, fn.awsRegion, { name, qualifier }, ALB, groupArn)
      ? []
      : [
          finding(
            fn.address,
            `lets no load balancer invoke it for ${group.address}: an aws_lambda_permission is missing or for another`,
          ),
        ]),
  ];
}

/** Each alias leads to a version that this stack makes. */
export function aliasFindings(graph: Graph): Finding[] {
  return graph.ofType('aws_lambda_alias').flatMap((alias) => {
    const { address, values, awsRegion } = alias;
    const version = textOf(values, 'function_version');
    const { name } = splitArn(textOf(values, 'function_name') ?? '');
    const fn = graph
      .ofType('aws_lambda_function')
      .find((one) => one.awsRegion === awsRegion && textOf(one.values, 'function_name') === name);
    if (!fn) return [finding(address, `is an alias of "${name}", which is no function of ${awsRegion} in the stack`)];
    if (version === '$LATEST' || version === graph.attribute(fn, 'version')) return [];
    return [
      finding(address, `leads to version ${version ?? 'none'} of ${fn.address}, which nothing in the stack makes`),
    ];
  });
}

/** `requestsPerSecond`: what one region must be able to serve alone; undefined where the stack does not say. */
export function functionFindings(graph: Graph, requestsPerSecond: number | undefined): Finding[] {
  return graph.ofType('aws_lambda_function').flatMap((fn) => {
    const { address, values } = fn;
    const runtime = textOf(values, 'runtime');
    const peers = textMapOf(blockOf(values, 'environment') ?? {}, 'variables')[ENV.peers];
    return [
      ...(runtime !== undefined && NODE.test(runtime)
        ? []
        : [finding(address, `has the runtime ${runtime ?? 'none'}, and its code is for a supported Node.js`)]),
      ...concurrency(fn, requestsPerSecond),
      ...wayOut(graph, fn, peers !== undefined && peers !== '[]'),
    ];
  });
}

function concurrency({ address, values }: Resource, requestsPerSecond: number | undefined): Finding[] {
  const reserved = numberOf(values, 'reserved_concurrent_executions');
  if (reserved === undefined || reserved < 0) return [];
  if (reserved === 0) return [finding(address, 'reserves no execution (0): AWS refuses every invocation')];
  const name = functionOf(textOf(values, 'function_name') ?? '');
  const others: Readonly<Record<string, number>> = OTHER_FUNCTIONS_CONCURRENCY;
  const router = requestsPerSecond === undefined ? undefined : regionConcurrency(requestsPerSecond).router;
  const needed = name === 'traffic-router' ? router : Object.hasOwn(others, name) ? others[name] : undefined;
  if (needed === undefined || reserved >= needed) return [];
  return [finding(address, `reserves ${reserved} executions at once, and one region needs ${needed} of ${name}`)];
}
