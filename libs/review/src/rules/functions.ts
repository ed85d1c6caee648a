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
  whyNotAssumed,
  type Finding,
} from '@dr/stack';
import { numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import type { Rule } from './rule';
import { wayOut } from './ways-out';

const ALB = 'elasticloadbalancing.amazonaws.com';
/** What the twin runs bundles in; AWS no longer takes older ones (Lambda developer guide, "Lambda runtimes"). */
const NODE = /^nodejs(2[024]|2[68]|[3-9]\d)\.x$/;

export const FUNCTION_RULES: readonly Rule[] = [
  {
    id: 'target-is-a-function',
    of: 'serving',
    *judge({ graph, names }) {
      for (const balancer of frontBalancers(names))
        for (const arn of forwardedGroups(graph, balancer)) yield* targetFindings(graph, arn, balancer);
    },
  },
  {
    // Of an empty group AWS says both that it does not count and that it is unhealthy (API_AliasTarget).
    id: 'evaluated-groups-have-targets',
    of: 'failover',
    *judge({ graph, names }) {
      for (const balancer of frontBalancers(names)) {
        const dnsName = normalName(String(graph.attribute(balancer, 'dns_name')));
        const alias = names.records.find((one) => one.evaluateTargetHealth && one.target === dnsName);
        const groups = alias ? forwardedGroups(graph, balancer) : [];
        for (const arn of groups.filter((one) => attachmentsOf(graph, one).length === 0))
          yield finding(
            graph.find('aws_lb_target_group', 'arn', arn)?.address ?? balancer.address,
            `has no target, and ${alias?.address} evaluates it: AWS says both that such a group does not count and that it is unhealthy`,
            'Attach a target, or take the group out of the rules',
          );
      }
    },
  },
  {
    id: 'alias-has-a-version',
    of: 'serving',
    *judge({ graph }) {
      for (const { address, values, awsRegion } of graph.ofType('aws_lambda_alias')) {
        const version = textOf(values, 'function_version');
        const { name } = splitArn(textOf(values, 'function_name') ?? '');
        const fn = graph
          .ofType('aws_lambda_function')
          .find((one) => one.awsRegion === awsRegion && textOf(one.values, 'function_name') === name);
        if (!fn) {
          const sentence = `is an alias of "${name}", which is no function of ${awsRegion} in the stack`;
          yield finding(address, sentence, `Name a function of ${awsRegion}`);
        } else if (version !== '$LATEST' && version !== graph.attribute(fn, 'version')) {
          const sentence = `leads to version ${version ?? 'none'} of ${fn.address}, which nothing in the stack makes`;
          yield finding(address, sentence, `Take ${fn.address}.version, and publish = true`);
        }
      }
    },
  },
  {
    id: 'function-runs',
    of: 'serving',
    *judge({ graph }, { callsPeers }) {
      for (const fn of graph.ofType('aws_lambda_function')) {
        const { address, values } = fn;
        const runtime = textOf(values, 'runtime') ?? 'none';
        const otherCode = `has the runtime ${runtime}, and its code is for a supported Node.js`;
        if (!NODE.test(runtime)) yield finding(address, otherCode, 'Take nodejs22.x or later');
        const refused = 'reserves no execution (0): AWS refuses every invocation';
        const reserved = numberOf(values, 'reserved_concurrent_executions');
        if (reserved === 0) yield finding(address, refused, 'Reserve what one region needs, or nothing');
        const isImage = 'is an image, of which nobody can say here what it runs';
        if (textOf(values, 'package_type') === 'Image')
          yield finding(address, isImage, 'Take a file, package_type Zip');
        yield* wayOut(graph, fn, callsPeers?.(fn) ?? false);
      }
    },
  },
  {
    id: 'roles-are-taken-on',
    of: 'serving',
    *judge({ graph }) {
      const users = [
        ...graph.ofType('aws_lambda_function').map((one) => [one, 'role', 'lambda.amazonaws.com'] as const),
        ...graph.ofType('aws_cloudwatch_event_target').map((one) => [one, 'role_arn', 'events.amazonaws.com'] as const),
      ];
      for (const [{ address, values }, argument, service] of users) {
        const arn = textOf(values, argument);
        if (arn === undefined) continue;
        const role = graph.find('aws_iam_role', 'arn', arn);
        const unknown = `has the role "${arn}", which is not in the stack: what it may do is unknown`;
        if (!role) yield finding(address, unknown, 'Make it in this stack');
        const why = role && whyNotAssumed(role, service);
        if (why !== undefined)
          yield finding(
            role?.address ?? address,
            `(of ${address}) ${why}`,
            `Let ${service} assume it, on no condition`,
          );
      }
    },
  },
];

/** What stands between a target group of a load balancer and its function. */
function* targetFindings(graph: Graph, groupArn: string, balancer: Resource): Iterable<Finding> {
  const group = graph.find('aws_lb_target_group', 'arn', groupArn);
  const [attachment, ...others] = attachmentsOf(graph, groupArn);
  // A group that is not there is refused as the rule is read.
  if (!group) return;
  if (!attachment)
    return yield finding(group.address, 'has no target: the load balancer answers 503', 'Attach the live alias');
  const kind = textOf(group.values, 'target_type') ?? 'instance';
  const otherKind = `takes targets of type ${kind}, and no function`;
  if (kind !== 'lambda') yield finding(group.address, otherKind, 'Set target_type to lambda');
  const tooMany = `is one of several targets of ${group.address}, and AWS takes one function`;
  if (others.length > 0)
    yield finding(others.map((one) => one.address).join(', '), tooMany, 'Attach the live alias alone');
  const { address, values } = attachment;
  const target = textOf(values, 'target_id') ?? '';
  const fn = functionOfArn(graph, target);
  if (!fn) {
    const sentence = `puts "${target}" behind ${group.address}, which is no function of the stack`;
    return yield finding(address, sentence, 'Attach a function or an alias of this stack');
  }
  if (fn.awsRegion !== balancer.awsRegion) {
    const sentence = `puts ${fn.address} of ${fn.awsRegion} behind ${group.address} of ${balancer.awsRegion}`;
    return yield finding(address, sentence, `Attach the function of ${balancer.awsRegion}`);
  }
  const { name, qualifier } = splitArn(target);
  const isAlias = graph.ofType('aws_lambda_alias').some((one) => graph.attribute(one, 'arn') === target);
  const missing = `names ${qualifier} of ${fn.address}, which is no alias of the stack`;
  if (qualifier !== undefined && !isAlias) yield finding(address, missing, 'Name an alias that is there');
  const denied = `lets no load balancer invoke it for ${group.address}: an aws_lambda_permission is missing or for another`;
  if (!permitted(graph, fn.awsRegion, { name, qualifier }, ALB, groupArn))
    yield finding(fn.address, denied, `Permit ${ALB} to invoke that alias, with the group's ARN as source_arn`);
}

/** Every group that some rule of the load balancer forwards to, once. */
const forwardedGroups = (graph: Graph, balancer: Resource): readonly string[] => [
  ...new Set(
    readListeners(graph, graph.attribute(balancer, 'arn')).flatMap(({ rules }) =>
      rules.flatMap(({ action }) => (action.kind === 'forward' ? action.groups.map(({ arn }) => arn) : [])),
    ),
  ),
];
