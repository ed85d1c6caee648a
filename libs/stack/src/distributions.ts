// CloudFront: the origins that a distribution asks for what clients want, the first and the one it falls back to.
import {
  blockOf,
  blocksOf,
  knownOrAbsent,
  numberOf,
  textOf,
  textsOf,
  type Graph,
  type Resource,
  type Values,
} from '@dr/terraform-json';
import type { Endpoint } from './endpoints';
import { readNames } from './names/names';

export interface Origin {
  readonly name: string;
  /** The DNS name that CloudFront resolves; undefined before an apply that gives it. */
  readonly domain: string | undefined;
  /** Those that its domain name leads to; empty where they are not in the stack. */
  readonly endpoints: readonly Endpoint[];
  /** Seconds until CloudFront gives up connecting. */
  readonly connectSeconds: number;
  /** Statuses at which a group goes on to its second origin. */
  readonly failoverOn: readonly number[];
}

/** CloudFront's own values (API reference, Origin): three attempts of 10 s. */
const CONNECT = { attempts: 3, timeoutSeconds: 10 } as const;

/** Of its default behaviour: one origin, or the two of a group. */
export function originsOf(graph: Graph, { values }: Resource): readonly Origin[] {
  const id = textOf(blockOf(values, 'default_cache_behavior') ?? {}, 'target_origin_id') ?? '';
  const group = blocksOf(values, 'origin_group').find((one) => textOf(one, 'origin_id') === id);
  const ids = group ? blocksOf(group, 'member').map((member) => textOf(member, 'origin_id') ?? '') : [id];
  const criteria = blockOf(group ?? {}, 'failover_criteria') ?? {};
  const codes = criteria['status_codes'];
  const failoverOn = Array.isArray(codes) ? codes.map(Number) : [];
  const origins = blocksOf(values, 'origin');
  return ids.flatMap((one) => {
    const origin = origins.find((block) => textOf(block, 'origin_id') === one);
    return origin ? [readOrigin(graph, origin, one, failoverOn)] : [];
  });
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Does it pass on anything but reads? undefined where nobody can tell before an apply. */
export function takesWrites({ values }: Resource): boolean | undefined {
  const behaviours = ['default_cache_behavior', 'ordered_cache_behavior'].flatMap((block) => blocksOf(values, block));
  const methods = behaviours.map((one) => knownOrAbsent(() => textsOf(one, 'allowed_methods')));
  if (methods.some((allowed) => allowed?.length === 0 || allowed?.some((method) => !READS.has(method)))) return true;
  return methods.includes(undefined) ? undefined : false;
}

function readOrigin(graph: Graph, origin: Values, name: string, failoverOn: readonly number[]): Origin {
  const domain = knownOrAbsent(() => textOf(origin, 'domain_name'));
  const attempts = numberOf(origin, 'connection_attempts', { least: 1, most: 3 }) ?? CONNECT.attempts;
  const timeout = numberOf(origin, 'connection_timeout', { least: 1, most: 10 }) ?? CONNECT.timeoutSeconds;
  return {
    name,
    domain,
    endpoints: domain === undefined ? [] : readNames(graph).endpointsBehind(domain),
    connectSeconds: attempts * timeout,
    failoverOn,
  };
}

/** Of a distribution with one origin, whose name has a choice: CloudFront resolves it as anybody does. A group of two chooses by itself. */
export function soleOrigin(graph: Graph, { resource }: Endpoint): string | undefined {
  const [first, second] = originsOf(graph, resource);
  const isChosen = first?.domain !== undefined && readNames(graph).endpointsBehind(first.domain).length > 1;
  return second === undefined && isChosen ? first.domain : undefined;
}
