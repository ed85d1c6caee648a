// Listeners of a load balancer: rules in order of priority, their conditions, and what a rule does with a request.
import { InputError } from '@dr/contracts';
import { blockOf, blocksOf, numberOf, textOf, textsOf } from '@dr/terraform-json';
import type { Graph, Resource, Values } from '@dr/terraform-json';
import { wildcardPattern } from '../arns';
import { having } from '../having';

/** What a rule looks at. */
export interface AskedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Action =
  | { readonly kind: 'forward'; readonly groups: readonly { readonly arn: string; readonly weight: number }[] }
  | { readonly kind: 'fixed-response'; readonly status: number; readonly contentType: string; readonly body: string }
  /** Its texts hold placeholders such as `#{host}`, for what is kept of the request. */
  | {
      readonly kind: 'redirect';
      readonly status: number;
      readonly origin: string;
      readonly path: string;
      readonly query: string;
    };

interface Condition {
  readonly kind: 'path_pattern' | 'host_header' | 'http_request_method';
  /** One of them must hold. */
  readonly matchers: readonly ((text: string) => boolean)[];
}

export interface Rule {
  /** Of the rule, or of the listener whose default action it is. */
  readonly address: string;
  readonly conditions: readonly Condition[];
  readonly action: Action;
}

export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly isTls: boolean;
  /** By priority; the default action is the last, without conditions (ALB-06). */
  readonly rules: readonly Rule[];
}

const CONDITIONS = ['path_pattern', 'host_header', 'http_request_method'] as const;
const OTHER_CONDITIONS = ['http_header', 'query_string', 'source_ip'] as const;
/** Of rules and of actions (ELBv2 API reference). */
const ORDER = { least: 1, most: 50_000 } as const;
/** ALB's defaults by protocol. */
const DEFAULT_PORTS = { HTTP: 80, HTTPS: 443 } as const;

const known = new WeakMap<Graph, Map<unknown, readonly Listener[]>>();

/** Read once for each load balancer of a graph. */
export function readListeners(graph: Graph, loadBalancerArn: unknown): readonly Listener[] {
  const read = known.get(graph) ?? new Map<unknown, readonly Listener[]>();
  known.set(graph, read);
  const listeners =
    read.get(loadBalancerArn) ??
    having(graph, 'aws_lb_listener', 'load_balancer_arn', String(loadBalancerArn)).map((listener) =>
      readListener(graph, listener),
    );
  read.set(loadBalancerArn, listeners);
  return listeners;
}

function readListener(graph: Graph, listener: Resource): Listener {
  const arn = graph.attribute(listener, 'arn');
  const protocol = textOf(listener.values, 'protocol') ?? 'HTTP';
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') {
    throw new InputError(
      `${listener.address}: protocol "${protocol}"`,
      'is not one of an application load balancer',
      'Use HTTP or HTTPS',
    );
  }
  const rules = [...having(graph, 'aws_lb_listener_rule', 'listener_arn', String(arn))]
    .sort((a, b) => priorityOf(a) - priorityOf(b))
    .map((rule) => ({
      address: rule.address,
      conditions: blocksOf(rule.values, 'condition').flatMap((block) => readConditions(rule, block)),
      action: readAction(graph, rule, blocksOf(rule.values, 'action')),
    }));
  const { address } = listener;
  return {
    address,
    port: numberOf(listener.values, 'port', { least: 1, most: 65_535 }) ?? DEFAULT_PORTS[protocol],
    isTls: protocol === 'HTTPS',
    rules: [
      ...rules,
      { address, conditions: [], action: readAction(graph, listener, blocksOf(listener.values, 'default_action')) },
    ],
  };
}

const priorityOf = ({ values }: Resource): number => numberOf(values, 'priority', ORDER) ?? Number.MAX_SAFE_INTEGER;

function readConditions(rule: Resource, block: Values): readonly Condition[] {
  const other = OTHER_CONDITIONS.find((kind) => blockOf(block, kind));
  if (other) {
    throw new InputError(
      `${rule.address}: condition ${other}`,
      'the twin does not evaluate it, so it could send requests elsewhere than AWS would',
      `Use ${CONDITIONS.join(', ')}`,
    );
  }
  return CONDITIONS.flatMap((kind) => {
    const condition = blockOf(block, kind);
    if (!condition) return [];
    return [{ kind, matchers: textsOf(condition, 'values').map((value) => matcher(value, kind)) }];
  });
}

/** Host names ignore case, and methods have no wildcards. */
function matcher(value: string, kind: Condition['kind']): (text: string) => boolean {
  if (kind === 'http_request_method') return (text) => text === value;
  const pattern = wildcardPattern(value, kind === 'host_header' ? 'is' : 's');
  return (text) => pattern.test(text);
}

const ENDS: ReadonlySet<string> = new Set(['forward', 'redirect', 'fixed-response']);

function readAction(graph: Graph, owner: Resource, blocks: readonly Values[]): Action {
  const ordered = [...blocks].sort((a, b) => (numberOf(a, 'order', ORDER) ?? 0) - (numberOf(b, 'order', ORDER) ?? 0));
  // A login comes before the request goes on, wherever it stands in the list.
  const block = ordered.find((one) => !ENDS.has(textOf(one, 'type') ?? '')) ?? ordered[0];
  const type = block && textOf(block, 'type');
  switch (type) {
    case 'forward':
      return readForward(graph, owner, block as Values);
    case 'fixed-response': {
      const fixed = blockOf(block as Values, 'fixed_response') ?? {};
      return {
        kind: 'fixed-response',
        status: numberOf(fixed, 'status_code', { least: 200, most: 599 }) ?? 200,
        contentType: textOf(fixed, 'content_type') ?? 'text/plain',
        body: textOf(fixed, 'message_body') ?? '',
      };
    }
    case 'redirect': {
      const redirect = blockOf(block as Values, 'redirect') ?? {};
      const part = (name: string, kept = `#{${name}}`): string => textOf(redirect, name) ?? kept;
      return {
        kind: 'redirect',
        status: textOf(redirect, 'status_code') === 'HTTP_301' ? 301 : 302,
        origin: `${part('protocol')}://${part('host')}:${part('port')}`,
        path: part('path', '/#{path}'),
        query: part('query'),
      };
    }
    default:
      throw new InputError(
        `${owner.address}: action "${type ?? 'none'}"`,
        'the twin does not know what becomes of the request',
        'Use forward, redirect or fixed-response',
      );
  }
}

function readForward(graph: Graph, owner: Resource, block: Values): Action {
  const single = textOf(block, 'target_group_arn');
  const groups = single
    ? [{ arn: single, weight: 1 }]
    : blocksOf(blockOf(block, 'forward') ?? {}, 'target_group').map((group) => ({
        arn: textOf(group, 'arn') ?? '',
        weight: numberOf(group, 'weight', { least: 0, most: 999 }) ?? 1,
      }));
  const unknown = groups.find(({ arn }) => !graph.find('aws_lb_target_group', 'arn', arn));
  if (unknown || groups.length === 0) {
    throw new InputError(
      `${owner.address}: target group "${unknown?.arn ?? 'none'}"`,
      'is not part of this stack, so the rule forwards to nobody',
      'Refer to an aws_lb_target_group of the same stack',
    );
  }
  return { kind: 'forward', groups };
}

/** The first rule whose every condition holds. */
export function ruleFor(listener: Listener, request: AskedRequest): Rule {
  const subject = {
    path_pattern: splitPath(request.path).path,
    host_header: (request.headers['host'] ?? '').replace(/:\d+$/, ''),
    http_request_method: request.method,
  };
  const rule = listener.rules.find(({ conditions }) =>
    conditions.every(({ kind, matchers }) => matchers.some((matches) => matches(subject[kind]))),
  );
  if (!rule) throw new Error('a listener always has a default action');
  return rule;
}

/** Where a redirect leads. The port is written even when it is the protocol's own, as ALB does. */
export function locationOf(
  redirect: Extract<Action, { kind: 'redirect' }>,
  request: AskedRequest,
  connection: { readonly protocol: string; readonly port: number },
): string {
  const { path, query } = splitPath(request.path);
  const values: Readonly<Record<string, string>> = {
    protocol: connection.protocol,
    host: (request.headers['host'] ?? '').replace(/:\d+$/, ''),
    port: String(connection.port),
    path: path.replace(/^\//, ''),
    query,
  };
  const fill = (template: string): string => template.replace(/#\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  const search = fill(redirect.query);
  const origin = fill(redirect.origin).replace(/^\w+/, (protocol) => protocol.toLowerCase());
  return `${origin}${fill(redirect.path)}${search ? `?${search}` : ''}`;
}

export function splitPath(pathAndQuery: string): { readonly path: string; readonly query: string } {
  const at = pathAndQuery.indexOf('?');
  return at < 0
    ? { path: pathAndQuery, query: '' }
    : { path: pathAndQuery.slice(0, at), query: pathAndQuery.slice(at + 1) };
}
