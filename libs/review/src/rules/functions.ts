// From a target group to code that runs: attachment, permission, alias, version, runtime, concurrency and way out.
import {
  attachmentsOf,
  finding,
  frontBalancers,
  functionOfArn,
  normalName,
  permitted,
  readListeners,
  splitArn,
  type Finding,
  when,
} from '@dr/stack';
import { numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { wayOut } from './network';
import type { Rule } from './rule';

const ALB = 'elasticloadbalancing.amazonaws.com';
/** What the twin runs bundles in; AWS no longer takes older ones (Lambda developer guide, "Lambda runtimes"). */
const NODE = /^nodejs(2[024]|2[68]|[3-9]\d)\.x$/;

const IN = 'Attach a function or an alias of this stack';

const targets: Rule = {
  id: 'target-is-a-function',
  of: 'serving',
  judge: ({ graph, names }) =>
    frontBalancers(names).flatMap((balancer) =>
      forwardedGroups(graph, balancer).flatMap((arn) => targetFindings(graph, arn, balancer)),
    ),
};

/** What stands between a target group of a load balancer and its function. */
function targetFindings(graph: Graph, groupArn: string, balancer: Resource): Finding[] {
  const group = graph.find('aws_lb_target_group', 'arn', groupArn);
  const [attachment] = attachmentsOf(graph, groupArn);
  // A group that is not there is refused as the rule is read.
  if (!group) return [];
  if (!attachment)
    return [finding(group.address, 'has no target: the load balancer answers 503', 'Attach the live alias')];
  const target = textOf(attachment.values, 'target_id') ?? '';
  const fn = functionOfArn(graph, target);
  if (!fn)
    return [
      finding(attachment.address, `puts "${target}" behind ${group.address}, which is no function of the stack`, IN),
    ];
  if (fn.awsRegion !== balancer.awsRegion) {
    const sentence = `puts ${fn.address} of ${fn.awsRegion} behind ${group.address} of ${balancer.awsRegion}`;
    return [finding(attachment.address, sentence, `Attach the function of ${balancer.awsRegion}`)];
  }
  const { name, qualifier } = splitArn(target);
  const isAlias = graph.ofType('aws_lambda_alias').some((one) => graph.attribute(one, 'arn') === target);
  const mayInvoke = permitted(graph, fn.awsRegion, { name, qualifier }, ALB, groupArn);
  const missing = `names ${qualifier} of ${fn.address}, which is no alias of the stack`;
  const denied = `lets no load balancer invoke it for ${group.address}: an aws_lambda_permission is missing or for another`;
  return [
    ...when(qualifier !== undefined && !isAlias, attachment.address, missing, 'Name an alias that is there'),
    ...when(!mayInvoke, fn.address, denied, `Permit ${ALB} to invoke that alias, with the group's ARN as source_arn`),
  ];
}

const aliases: Rule = {
  id: 'alias-has-a-version',
  of: 'serving',
  judge: ({ graph }) =>
    graph.ofType('aws_lambda_alias').flatMap(({ address, values, awsRegion }) => {
      const version = textOf(values, 'function_version');
      const { name } = splitArn(textOf(values, 'function_name') ?? '');
      const fn = graph
        .ofType('aws_lambda_function')
        .find((one) => one.awsRegion === awsRegion && textOf(one.values, 'function_name') === name);
      if (!fn) {
        const sentence = `is an alias of "${name}", which is no function of ${awsRegion} in the stack`;
        return [finding(address, sentence, `Name a function of ${awsRegion}`)];
      }
      if (version === '$LATEST' || version === graph.attribute(fn, 'version')) return [];
      const sentence = `leads to version ${version ?? 'none'} of ${fn.address}, which nothing in the stack makes`;
      return [finding(address, sentence, `Take ${fn.address}.version, and publish = true`)];
    }),
};

const functions: Rule = {
  id: 'function-runs',
  of: 'serving',
  judge: ({ graph }, { callsPeers }) =>
    graph.ofType('aws_lambda_function').flatMap((fn) => {
      const { address, values } = fn;
      const runtime = textOf(values, 'runtime') ?? 'none';
      const otherCode = `has the runtime ${runtime}, and its code is for a supported Node.js`;
      const refused = 'reserves no execution (0): AWS refuses every invocation';
      const reserved = numberOf(values, 'reserved_concurrent_executions');
      return [
        ...when(!NODE.test(runtime), address, otherCode, 'Take nodejs22.x or later'),
        ...when(reserved === 0, address, refused, 'Reserve what one region needs, or nothing'),
        ...wayOut(graph, fn, callsPeers?.(fn) ?? false),
      ];
    }),
};

/** Of an empty group AWS says both that it does not count and that it is unhealthy (API_AliasTarget). */
const emptyGroups: Rule = {
  id: 'evaluated-groups-have-targets',
  of: 'failover',
  judge: ({ graph, names }) =>
    frontBalancers(names).flatMap((balancer) => {
      const dnsName = normalName(String(graph.attribute(balancer, 'dns_name')));
      const alias = names.records.find(
        ({ target, evaluateTargetHealth }) => evaluateTargetHealth && target === dnsName,
      );
      return !alias
        ? []
        : forwardedGroups(graph, balancer)
            .filter((arn) => attachmentsOf(graph, arn).length === 0)
            .map((arn) =>
              finding(
                graph.find('aws_lb_target_group', 'arn', arn)?.address ?? balancer.address,
                `has no target, and ${alias.address} evaluates it: AWS says both that such a group does not count and that it is unhealthy`,
                'Attach a target, or take the group out of the rules',
              ),
            );
    }),
};

/** Every group that some rule of the load balancer forwards to, once. */
const forwardedGroups = (graph: Graph, balancer: Resource): readonly string[] => [
  ...new Set(
    readListeners(graph, graph.attribute(balancer, 'arn')).flatMap(({ rules }) =>
      rules.flatMap(({ action }) => (action.kind === 'forward' ? action.groups.map(({ arn }) => arn) : [])),
    ),
  ),
];

export const FUNCTION_RULES: readonly Rule[] = [targets, emptyGroups, aliases, functions];
