// From a load balancer's rule to the function behind it.
import { InputError } from '@dr/contracts';
import { textOf, type Graph, type Resource } from '@dr/terraform-json';
import { having } from '../having';
import { readListeners, ruleFor, type AskedRequest, type Listener, type Rule } from './listeners';

/** What puts a target behind the group; AWS takes one function. */
export const attachmentsOf = (graph: Graph, groupArn: string): readonly Resource[] =>
  having(graph, 'aws_lb_target_group_attachment', 'target_group_arn', groupArn);

/** The function that an ARN names, of whatever version or alias. */
export const functionOfArn = (graph: Graph, arn: string): Resource | undefined =>
  graph.find('aws_lambda_function', 'arn', arn.split(':').slice(0, 7).join(':'));

/** The function that a target group sends requests to; undefined when the stack has none. */
export function functionBehind(graph: Graph, groupArn: string): Resource | undefined {
  const [attachment] = attachmentsOf(graph, groupArn);
  return attachment && functionOfArn(graph, textOf(attachment.values, 'target_id') ?? '');
}

/** Target groups that a rule may send a request to. */
export const groupsOf = ({ action }: Rule): readonly string[] =>
  action.kind !== 'forward'
    ? []
    : action.groups.filter(({ weight }) => weight > 0 || action.groups.length === 1).map(({ arn }) => arn);

export const listenerOn = (graph: Graph, balancer: Resource, port: number): Listener | undefined =>
  readListeners(graph, graph.attribute(balancer, 'arn')).find((listener) => listener.port === port);

export interface OwnAnswer {
  readonly status: number;
  /** Of a redirect, nothing of the application. */
  readonly body: string;
}

/** What a load balancer answers by itself, with everything behind it dead; undefined where it would have to ask, or is not understood. */
export function ownAnswer(
  graph: Graph,
  balancer: Resource,
  port: number,
  request: AskedRequest,
): OwnAnswer | undefined {
  try {
    const listener = listenerOn(graph, balancer, port);
    const action = listener && ruleFor(listener, request).action;
    if (action === undefined || action.kind === 'forward') return undefined;
    return { status: action.status, body: action.kind === 'fixed-response' ? action.body : '' };
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Statuses of all answers that its listener on that port gives by itself, to whatever request. */
export function ownAnswers(graph: Graph, balancer: Resource, port: number): readonly number[] {
  try {
    const rules = listenerOn(graph, balancer, port)?.rules ?? [];
    return rules.flatMap(({ action }) => (action.kind === 'forward' ? [] : [action.status]));
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

/** Functions that the request may reach; empty where the load balancer answers itself, or nobody does. */
export function answering(graph: Graph, balancer: Resource, port: number, request: AskedRequest): readonly Resource[] {
  const listener = listenerOn(graph, balancer, port);
  if (!listener) return [];
  return groupsOf(ruleFor(listener, request)).flatMap((arn) => functionBehind(graph, arn) ?? []);
}
