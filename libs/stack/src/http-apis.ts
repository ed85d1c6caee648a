// HTTP APIs of API Gateway and function URLs: which function answers a request there.
import { InputError } from '@dr/contracts';
import { knownOrAbsent, textOf, type Graph, type Resource } from '@dr/terraform-json';
import type { Endpoint } from './endpoints';
import { namesFunction } from './functions';
import { functionOfArn } from './load-balancers/targets';

export interface FunctionRoute {
  /** `$default`, or `PUT /orders/{id}`. */
  readonly key: string;
  /** undefined: it leads to something else. */
  readonly target: RouteTarget | undefined;
  /** Of the event: 1.0 is that of a REST API. */
  readonly format: '1.0' | '2.0';
}

export interface RouteTarget {
  readonly fn: Resource;
  /** The function's, or that of the alias. */
  readonly arn: string;
}

/** What stands between clients and functions at an endpoint. */
export interface FunctionFront {
  readonly kind: 'http-api' | 'function-url';
  readonly address: string;
  readonly stage: string;
  readonly routes: readonly FunctionRoute[];
  /** Why it cannot be run. */
  readonly refused: InputError | undefined;
}

/** undefined where the endpoint is neither, or not in the stack. */
export function functionFrontOf(graph: Graph, { resource, isElsewhere }: Endpoint): FunctionFront | undefined {
  if (isElsewhere) return undefined;
  const { address, type } = resource;
  if (type === 'aws_lambda_function_url') return urlOf(graph, resource);
  const mapping = type === 'aws_apigatewayv2_domain_name' ? mappingOf(graph, resource) : undefined;
  const api = type === 'aws_apigatewayv2_api' ? resource : apiOf(graph, mapping ?? resource);
  if (!api || textOf(api.values, 'protocol_type') !== 'HTTP') return undefined;
  const stage = mapping ? (knownOrAbsent(() => textOf(mapping.values, 'stage')) ?? '$default') : stageIn(resource);
  const refused =
    mapping && textOf(mapping.values, 'api_mapping_key') !== undefined
      ? notUnderstood(mapping.address, 'puts a path before those of the API')
      : !mapping && stage !== '$default'
        ? notUnderstood(address, 'puts its stage before the paths of the API')
        : undefined;
  return { kind: 'http-api', address: api.address, stage, routes: routesOf(graph, api), refused };
}

/** May API Gateway invoke it? [A] For which API and route a permission is given is not compared: a plan seldom knows. */
export const apiMayInvoke = (graph: Graph, { fn }: RouteTarget): boolean =>
  graph
    .ofType('aws_lambda_permission')
    .some(
      ({ awsRegion, values }) =>
        awsRegion === fn.awsRegion &&
        values['principal'] === 'apigateway.amazonaws.com' &&
        knownOrAbsent(() => isNamedBy(graph, fn, values['function_name'])) === true,
    );

const notUnderstood = (address: string, why: string): InputError =>
  new InputError(
    address,
    `${why}, which is not run`,
    'Leave out the code of what is behind it: then it answers by assumption',
  );

const stageIn = ({ type, values }: Resource): string =>
  (type === 'aws_apigatewayv2_stage' ? textOf(values, 'name') : undefined) ?? '$default';

function urlOf(graph: Graph, { address, awsRegion, values }: Resource): FunctionFront | undefined {
  const target = graph
    .ofType('aws_lambda_function')
    .find((fn) => fn.awsRegion === awsRegion && isNamedBy(graph, fn, values['function_name']));
  if (!target) return undefined;
  const refused =
    textOf(values, 'authorization_type') === 'NONE' ? undefined : notUnderstood(address, 'asks for signed requests');
  const qualifier = textOf(values, 'qualifier');
  const arn = String(graph.attribute(target, 'arn'));
  const route = { fn: target, arn: qualifier === undefined ? arn : `${arn}:${qualifier}` };
  return {
    kind: 'function-url',
    address,
    stage: '$default',
    routes: [{ key: '$default', target: route, format: '2.0' }],
    refused,
  };
}

const isNamedBy = (graph: Graph, fn: Resource, value: unknown): boolean =>
  namesFunction(value, String(fn.values['function_name'])) || value === graph.attribute(fn, 'arn');

/** Domain names are alike in every region. */
const mappingOf = (graph: Graph, domain: Resource): Resource | undefined =>
  graph.ofType('aws_apigatewayv2_api_mapping').find(({ awsRegion, values, references }) => {
    if (awsRegion !== domain.awsRegion) return false;
    const given = knownOrAbsent(() => textOf(values, 'domain_name'));
    return given === textOf(domain.values, 'domain_name') || references['domain_name']?.includes(domain.address);
  });

const apiOf = (graph: Graph, { values }: Resource): Resource | undefined =>
  graph.find('aws_apigatewayv2_api', 'id', textOf(values, 'api_id'));

function routesOf(graph: Graph, api: Resource): FunctionRoute[] {
  const id = graph.attribute(api, 'id');
  const ofApi = (type: string): Resource[] => graph.ofType(type).filter(({ values }) => values['api_id'] === id);
  const integrations = ofApi('aws_apigatewayv2_integration');
  const quick = textOf(api.values, 'target');
  const routes = ofApi('aws_apigatewayv2_route').map(({ values, references }): FunctionRoute => {
    const target = knownOrAbsent(() => textOf(values, 'target'))?.replace(/^integrations\//, '');
    // A plan does not know the text, and knows what it is made of.
    const integration = integrations.find((one) =>
      target === undefined ? references['target']?.includes(one.address) : target === graph.attribute(one, 'id'),
    );
    const uri = integration && textOf(integration.values, 'integration_uri');
    const format = integration && textOf(integration.values, 'payload_format_version');
    return {
      key: textOf(values, 'route_key') ?? '$default',
      target: uri === undefined ? undefined : targetOf(graph, uri),
      format: format === '2.0' ? '2.0' : '1.0',
    };
  });
  if (quick === undefined) return routes;
  return [
    ...routes,
    { key: textOf(api.values, 'route_key') ?? '$default', target: targetOf(graph, quick), format: '2.0' },
  ];
}

/** By its ARN, or by its invoke ARN, `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<ARN>/invocations`. */
function targetOf(graph: Graph, uri: string): RouteTarget | undefined {
  const invoked = graph.find('aws_lambda_function', 'invoke_arn', uri);
  if (invoked) return { fn: invoked, arn: String(graph.attribute(invoked, 'arn')) };
  const alias = graph.find('aws_lambda_alias', 'invoke_arn', uri);
  const arn = alias
    ? String(graph.attribute(alias, 'arn'))
    : (/\/functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1] ?? uri);
  const fn = functionOfArn(graph, arn);
  return fn && { fn, arn };
}
