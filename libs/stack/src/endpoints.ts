// What answers at the end of a name: load balancers, gateways, machines, buckets, accelerators, distributions.
import { blockOf, knownOrAbsent, textOf, textsOf, type Graph, type Resource } from '@dr/terraform-json';
import { endpointName, normalName } from './names/normal-name';

/** `gateway`: API Gateway. `compute`: what runs the application itself. `bucket`: files, which no error of an application stops. */
export type EndpointKind = 'alb' | 'nlb' | 'gateway' | 'compute' | 'bucket' | 'accelerator' | 'distribution';

export interface Endpoint {
  readonly kind: EndpointKind;
  readonly resource: Resource;
  /** DNS names that AWS gives it, as records and health checks may name it. */
  readonly names: readonly string[];
  /** Where it runs; undefined for what AWS runs everywhere, and where that is unknown. */
  readonly awsRegion: string | undefined;
  /** It is in no file that was given: its name, which `resource` gives, is all that is known of it. @default false */
  readonly isElsewhere?: true;
}

interface EndpointType {
  readonly kind: EndpointKind;
  readonly names: (graph: Graph, resource: Resource) => readonly unknown[];
  /** AWS runs it at its edge: no region's loss stops it. @default false */
  readonly isGlobal?: true;
}

const attributes =
  (...names: readonly string[]): EndpointType['names'] =>
  (graph, resource) =>
    names.flatMap((name) => knownOrAbsent(() => graph.attribute(resource, name)) ?? []);

/** Before an apply, what a plan says in its place: the attribute's own address. */
const inBlock =
  (block: string, name: string): EndpointType['names'] =>
  (_, { address, values }) => [textOf(blockOf(values, block) ?? {}, name) ?? `${address}.${block}[0].${name}`];

/** A plan tells it by the id alone. */
const invokeName: EndpointType['names'] = (graph, resource) => {
  const id = knownOrAbsent(() => graph.attribute(resource, 'id'));
  const awsRegion = knownOrAbsent(() => resource.awsRegion);
  return id === undefined ? [] : [`${String(id)}.execute-api.${awsRegion}.amazonaws.com`, id];
};

const balancer = (kind: 'alb' | 'nlb'): EndpointType => ({ kind, names: attributes('dns_name') });

/** By Terraform's type. Some attributes are whole addresses, `https://<id>.execute-api.<region>.amazonaws.com/<stage>`: the host counts. */
const TYPES: Readonly<Record<string, (resource: Resource) => EndpointType>> = {
  aws_lb: ({ values }) =>
    balancer((textOf(values, 'load_balancer_type') ?? 'application') === 'application' ? 'alb' : 'nlb'),
  aws_elb: () => balancer('nlb'),
  aws_apigatewayv2_api: () => ({ kind: 'gateway', names: attributes('api_endpoint') }),
  aws_apigatewayv2_stage: () => ({ kind: 'gateway', names: attributes('invoke_url') }),
  aws_apigatewayv2_domain_name: () => ({
    kind: 'gateway',
    names: inBlock('domain_name_configuration', 'target_domain_name'),
  }),
  aws_api_gateway_rest_api: () => ({ kind: 'gateway', names: invokeName }),
  aws_api_gateway_stage: () => ({ kind: 'gateway', names: attributes('invoke_url') }),
  // An edge-optimized name leads through CloudFront to an API in one region all the same.
  aws_api_gateway_domain_name: () => ({
    kind: 'gateway',
    names: attributes('regional_domain_name', 'cloudfront_domain_name'),
  }),
  aws_eip: () => ({ kind: 'compute', names: attributes('public_ip', 'public_dns') }),
  aws_instance: () => ({ kind: 'compute', names: attributes('public_ip', 'public_dns') }),
  aws_lambda_function_url: () => ({ kind: 'compute', names: attributes('function_url') }),
  aws_apprunner_service: () => ({ kind: 'compute', names: attributes('service_url') }),
  aws_elastic_beanstalk_environment: () => ({ kind: 'compute', names: attributes('cname', 'endpoint_url') }),
  // An alias leads to the region's own name: which bucket it is, its own name says.
  aws_s3_bucket_website_configuration: () => ({
    kind: 'bucket',
    names: attributes('website_endpoint', 'website_domain'),
  }),
  aws_globalaccelerator_accelerator: () => ({
    kind: 'accelerator',
    names: attributes('dns_name', 'dual_stack_dns_name'),
    isGlobal: true,
  }),
  aws_cloudfront_distribution: () => ({ kind: 'distribution', names: attributes('domain_name'), isGlobal: true }),
};

const REGION = '([a-z]{2}(?:-[a-z]+){1,2}-\\d)';
const SUFFIX = '\\.amazonaws\\.com(?:\\.cn)?';

/** Names that AWS gives, which say what has them and where it is. */
const NAMED: readonly (readonly [EndpointKind, RegExp])[] = [
  ['alb', new RegExp(`\\.${REGION}\\.elb${SUFFIX}$`)],
  ['nlb', new RegExp(`\\.elb\\.${REGION}${SUFFIX}$`)],
  ['gateway', new RegExp(`\\.execute-api\\.${REGION}${SUFFIX}$`)],
  ['compute', new RegExp(`\\.lambda-url\\.${REGION}\\.on\\.aws$`)],
  ['compute', new RegExp(`^ec2-[\\d-]+\\.${REGION}\\.compute${SUFFIX}$`)],
  ['compute', new RegExp(`\\.${REGION}\\.(?:elasticbeanstalk|awsapprunner)\\.com$`)],
  ['bucket', new RegExp(`(?:^|\\.)s3-website[.-]${REGION}${SUFFIX}$`)],
];

const known = new WeakMap<Graph, readonly Endpoint[]>();

/** Read once for each graph, in the stack's order; those that it only looks up, and that it only names, are among them. */
export function readEndpoints(graph: Graph): readonly Endpoint[] {
  const found = known.get(graph);
  if (found) return found;
  const declared = graph.resources
    .filter(({ type }) => Object.hasOwn(TYPES, type))
    .map((resource) => toEndpoint(graph, resource));
  const names = new Set(declared.flatMap((one) => one.names));
  const endpoints = [...declared];
  for (const { name, resource } of namesGiven(graph)) {
    const endpoint = names.has(name) ? undefined : toNamed(name, resource);
    if (!endpoint) continue;
    names.add(name);
    endpoints.push(endpoint);
  }
  known.set(graph, endpoints);
  return endpoints;
}

/** What records lead to and health checks ask. */
const namesGiven = (graph: Graph): readonly { readonly name: string; readonly resource: Resource }[] =>
  graph.resources
    .filter(({ type, mode }) => mode === 'managed' && /^aws_route53_(record|health_check)$/.test(type))
    .flatMap((resource) => {
      const { values } = resource;
      const texts = knownOrAbsent(() => [
        textOf(values, 'fqdn'),
        textOf(blockOf(values, 'alias') ?? {}, 'name'),
        ...(textOf(values, 'type') === 'CNAME' ? textsOf(values, 'records') : []),
      ]);
      return (texts ?? []).flatMap((text) => (text === undefined ? [] : [{ name: endpointName(text), resource }]));
    });

function toNamed(name: string, resource: Resource): Endpoint | undefined {
  for (const [kind, pattern] of NAMED) {
    const awsRegion = pattern.exec(name)?.[1];
    if (awsRegion !== undefined) return { kind, resource, names: [name], awsRegion, isElsewhere: true };
  }
  return undefined;
}

function toEndpoint(graph: Graph, resource: Resource): Endpoint {
  const { kind, names, isGlobal } = (TYPES[resource.type] as (resource: Resource) => EndpointType)(resource);
  const given = (knownOrAbsent(() => names(graph, resource)) ?? []).filter((name) => typeof name === 'string');
  return {
    kind,
    resource,
    names: [...new Set(given.map(hostIn))],
    awsRegion: isGlobal ? undefined : knownOrAbsent(() => resource.awsRegion),
  };
}

/** The host of a URL; a name is one already. */
const hostIn = (text: string): string => normalName(text.replace(/^\w+:\/\//, '').replace(/\/.*$/, ''));
