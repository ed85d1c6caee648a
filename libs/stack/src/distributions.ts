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

/** Requests of one path, and what they are sent to. */
export interface Behaviour {
  /** `*` for the default one. */
  readonly path: string;
  /** One origin, or the two of a group. */
  readonly origins: readonly Origin[];
  /** Does it pass on anything but reads? undefined where nobody can tell before an apply. */
  readonly takesWrites: boolean | undefined;
}

/** The default one first. */
export const behavioursOf = (graph: Graph, resource: Resource): readonly Behaviour[] =>
  ['default_cache_behavior', 'ordered_cache_behavior'].flatMap((block) =>
    blocksOf(resource.values, block).map((one) => ({
      path: textOf(one, 'path_pattern') ?? '*',
      origins: originsAt(graph, resource, textOf(one, 'target_origin_id') ?? ''),
      takesWrites: takesWrites(one),
    })),
  );

/** Of its default behaviour. */
export const originsOf = (graph: Graph, resource: Resource): readonly Origin[] =>
  originsAt(
    graph,
    resource,
    textOf(blockOf(resource.values, 'default_cache_behavior') ?? {}, 'target_origin_id') ?? '',
  );

/**
 * Does a group go on to its second origin where the first answers nothing? Not connecting counts as 503, and an answer that does
 * not come as 504 (developer guide, origin failover).
 */
export const goesOnAtSilence = ({ failoverOn }: Pick<Origin, 'failoverOn'>): boolean =>
  failoverOn.includes(503) || failoverOn.includes(504);

/** [A] What an application answers that fails: its own error. 502, 503 and 504 are what stands before it answers. */
export const APPLICATION_ERROR = 500;

function originsAt(graph: Graph, resource: Resource, id: string): readonly Origin[] {
  const { values } = resource;
  const group = blocksOf(values, 'origin_group').find((one) => textOf(one, 'origin_id') === id);
  const ids = group ? blocksOf(group, 'member').map((member) => textOf(member, 'origin_id') ?? '') : [id];
  const criteria = blockOf(group ?? {}, 'failover_criteria') ?? {};
  const codes = criteria['status_codes'];
  const failoverOn = Array.isArray(codes) ? codes.map(Number) : [];
  const origins = blocksOf(values, 'origin');
  return ids.flatMap((one) => {
    const origin = origins.find((block) => textOf(block, 'origin_id') === one);
    return origin ? [readOrigin(graph, resource, origin, failoverOn)] : [];
  });
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

function takesWrites(behaviour: Values): boolean | undefined {
  const allowed = knownOrAbsent(() => textsOf(behaviour, 'allowed_methods'));
  return allowed && (allowed.length === 0 || allowed.some((method) => !READS.has(method)));
}

function readOrigin(graph: Graph, owner: Resource, origin: Values, failoverOn: readonly number[]): Origin {
  const domain = knownOrAbsent(() => textOf(origin, 'domain_name'));
  const attempts = numberOf(origin, 'connection_attempts', { least: 1, most: 3 }) ?? CONNECT.attempts;
  const timeout = numberOf(origin, 'connection_timeout', { least: 1, most: 10 }) ?? CONNECT.timeoutSeconds;
  return {
    name: textOf(origin, 'origin_id') ?? '',
    domain,
    endpoints: domain === undefined ? [] : endpointsAt(graph, owner, domain),
    connectSeconds: attempts * timeout,
    failoverOn,
  };
}

function endpointsAt(graph: Graph, owner: Resource, domain: string): readonly Endpoint[] {
  const found = readNames(graph).endpointsBehind(domain);
  return found.length > 0 ? found : bucketsAt(graph, owner, domain);
}

const BUCKET = /\.s3[.-]([a-z]{2}(?:-[a-z]+){1,2}-\d)\.amazonaws\.com(?:\.cn)?$/;

/** Files of a bucket, which CloudFront asks by S3's own names: for records it is no endpoint. */
function bucketsAt(graph: Graph, owner: Resource, domain: string): readonly Endpoint[] {
  const isNamed = (resource: Resource): boolean =>
    ['bucket_regional_domain_name', 'bucket_domain_name'].some(
      (name) => knownOrAbsent(() => graph.attribute(resource, name)) === domain,
    );
  const bucket = graph.resources.find((one) => one.type === 'aws_s3_bucket' && isNamed(one));
  const awsRegion = bucket ? knownOrAbsent(() => bucket.awsRegion) : BUCKET.exec(domain)?.[1];
  return awsRegion === undefined ? [] : [{ kind: 'bucket', resource: bucket ?? owner, names: [domain], awsRegion }];
}

/** Of a distribution with one origin, whose name has a choice: CloudFront resolves it as anybody does. A group of two chooses by itself. */
export function soleOrigin(graph: Graph, { resource }: Endpoint): string | undefined {
  const [first, second] = originsOf(graph, resource);
  const isChosen = first?.domain !== undefined && readNames(graph).endpointsBehind(first.domain).length > 1;
  return second === undefined && isChosen ? first.domain : undefined;
}
