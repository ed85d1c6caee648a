// Functions as others refer to them: names and ARNs, who may invoke them, and what becomes of events that they fail.
import { blockOf, numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { parseArn, wildcardMatches } from './arns';

export interface AsyncConfig {
  readonly maxRetries: number;
  readonly maxAgeMs: number;
  readonly onFailureArn: string | undefined;
}

/** Source: Lambda developer guide, invocation-async. */
const DEFAULT_ASYNC = { maxRetries: 2, maxAgeS: 6 * 3600 };

export interface FunctionName {
  readonly name: string;
  readonly qualifier: string | undefined;
}

/** Name and qualifier of a function ARN, a partial ARN or a name. */
export function splitArn(functionArn: string): FunctionName {
  const resource = parseArn(functionArn)?.resource.replace(/^function:/, '') ?? functionArn;
  const [name = '', qualifier] = resource.split(':');
  return { name, qualifier };
}

/** The settings for that function and qualifier; a setting for the function alone does not reach its alias. */
export function readAsyncConfig(graph: Graph, awsRegion: string, target: FunctionName): AsyncConfig {
  const found = graph
    .ofType('aws_lambda_function_event_invoke_config')
    .find((resource) => isAbout(resource, awsRegion, target));
  const values = found?.values ?? {};
  const onFailure = blockOf(blockOf(values, 'destination_config') ?? {}, 'on_failure');
  return {
    maxRetries: numberOf(values, 'maximum_retry_attempts', { least: 0, most: 2 }) ?? DEFAULT_ASYNC.maxRetries,
    maxAgeMs:
      (numberOf(values, 'maximum_event_age_in_seconds', { least: 60, most: 21_600 }) ?? DEFAULT_ASYNC.maxAgeS) * 1000,
    onFailureArn: onFailure && textOf(onFailure, 'destination'),
  };
}

/** Lambda API, AddPermission: an action may be a wildcard. */
const INVOKING = ['lambda:InvokeFunction', 'lambda:*', '*'];

/** Does an aws_lambda_permission of the region allow that service to invoke, from that source? */
export function permitted(
  graph: Graph,
  awsRegion: string,
  target: FunctionName,
  principal: string,
  sourceArn: string,
): boolean {
  return graph.ofType('aws_lambda_permission').some((permission) => {
    const { values } = permission;
    const [source, account] = [textOf(values, 'source_arn'), textOf(values, 'source_account')];
    return (
      isAbout(permission, awsRegion, target) &&
      values['principal'] === principal &&
      INVOKING.includes(String(values['action'])) &&
      (source === undefined || wildcardMatches(source, sourceArn)) &&
      (account === undefined || account === parseArn(sourceArn)?.accountId)
    );
  });
}

/** `function_name` may be a name or an ARN. */
export function namesFunction(value: unknown, name: string): boolean {
  const text = String(value);
  return text === name || text.split(':function:')[1]?.split(':')[0] === name;
}

const isAbout = (resource: Resource, awsRegion: string, { name, qualifier }: FunctionName): boolean =>
  resource.awsRegion === awsRegion &&
  namesFunction(resource.values['function_name'], name) &&
  textOf(resource.values, 'qualifier') === qualifier;
