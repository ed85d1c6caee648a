// The functions of one region as the stack declares them.
import { InputError } from '@dr/contracts';
import { blockOf, numberOf, textOf, TWIN_ACCOUNT_ID, type Graph, type Resource, type Values } from '@dr/terraform-json';
import { isAbsolute, join } from 'node:path';
import { wildcardMatches } from '../arns';

export interface FunctionConfig {
  readonly name: string;
  /** What faults, the log and people call it. */
  readonly logicalName: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly reservedConcurrency: number | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly zipPath: string;
  readonly handler: string;
  /** With the JSON log format, console lines are wrapped in a record and filtered by level. */
  readonly jsonLogs: boolean;
  readonly applicationLogLevel: string;
  readonly deadLetterArn: string | undefined;
  readonly aliases: ReadonlySet<string>;
}

export interface AsyncConfig {
  readonly maxRetries: number;
  readonly maxAgeMs: number;
  readonly onFailureArn: string | undefined;
}

const DEFAULT_TIMEOUT_S = 3;
const DEFAULT_MEMORY_MB = 128;
/** Source: Lambda developer guide, invocation-async. */
const DEFAULT_ASYNC = { maxRetries: 2, maxAgeS: 6 * 3600 };

export function readFunctions(
  graph: Graph,
  awsRegion: string,
  logicalNameOf: (name: string) => string,
): Map<string, FunctionConfig> {
  const functions = new Map<string, FunctionConfig>();
  for (const resource of graph.ofType('aws_lambda_function')) {
    if (resource.awsRegion === awsRegion) {
      const config = readFunction(graph, resource, logicalNameOf);
      functions.set(config.name, config);
    }
  }
  return functions;
}

function readFunction(graph: Graph, resource: Resource, logicalNameOf: (name: string) => string): FunctionConfig {
  const { values } = resource;
  const name = String(values['function_name']);
  const filename = values['filename'];
  if (typeof filename !== 'string') {
    throw new InputError(
      `${resource.address}: filename`,
      'the twin runs code from a zip file',
      'Give the function a filename',
    );
  }
  const logging = block(values, 'logging_config');
  const reserved = numberOf(values, 'reserved_concurrent_executions', { least: -1, most: 1_000_000 });
  return {
    name,
    logicalName: logicalNameOf(name),
    arn: String(graph.attribute(resource, 'arn')),
    roleArn: String(values['role']),
    timeoutMs: (numberOf(values, 'timeout', { least: 1, most: 900 }) ?? DEFAULT_TIMEOUT_S) * 1000,
    memoryMb: numberOf(values, 'memory_size', { least: 128, most: 10_240 }) ?? DEFAULT_MEMORY_MB,
    reservedConcurrency: reserved !== undefined && reserved >= 0 ? reserved : undefined,
    variables: (block(values, 'environment')['variables'] ?? {}) as Readonly<Record<string, string>>,
    zipPath: isAbsolute(filename) ? filename : join(graph.directory, filename),
    handler: String(values['handler']),
    jsonLogs: logging['log_format'] === 'JSON',
    applicationLogLevel: String(logging['application_log_level'] ?? 'INFO'),
    deadLetterArn: block(values, 'dead_letter_config')['target_arn'] as string | undefined,
    aliases: new Set(
      graph
        .ofType('aws_lambda_alias')
        .filter((alias) => alias.awsRegion === resource.awsRegion && namesFunction(alias.values['function_name'], name))
        .map((alias) => String(alias.values['name'])),
    ),
  };
}

/** The settings for that function and qualifier; a setting for the function alone does not reach its alias. */
export function readAsyncConfig(
  graph: Graph,
  awsRegion: string,
  name: string,
  qualifier: string | undefined,
): AsyncConfig {
  const found = graph
    .ofType('aws_lambda_function_event_invoke_config')
    .find(
      ({ awsRegion: at, values }) =>
        at === awsRegion &&
        namesFunction(values['function_name'], name) &&
        (values['qualifier'] ?? undefined) === qualifier,
    );
  const values = found?.values ?? {};
  const onFailure = block(block(values, 'destination_config'), 'on_failure');
  return {
    maxRetries: numberOf(values, 'maximum_retry_attempts', { least: 0, most: 2 }) ?? DEFAULT_ASYNC.maxRetries,
    maxAgeMs:
      (numberOf(values, 'maximum_event_age_in_seconds', { least: 60, most: 21_600 }) ?? DEFAULT_ASYNC.maxAgeS) * 1000,
    onFailureArn: onFailure['destination'] as string | undefined,
  };
}

/** Does an aws_lambda_permission of the region allow that service to invoke, from that source? */
export function permitted(
  graph: Graph,
  awsRegion: string,
  target: { readonly name: string; readonly qualifier: string | undefined },
  principal: string,
  sourceArn: string,
): boolean {
  return graph.ofType('aws_lambda_permission').some(({ awsRegion: at, values }) => {
    const [source, account] = [textOf(values, 'source_arn'), textOf(values, 'source_account')];
    return (
      at === awsRegion &&
      namesFunction(values['function_name'], target.name) &&
      (values['qualifier'] ?? undefined) === target.qualifier &&
      values['principal'] === principal &&
      values['action'] === 'lambda:InvokeFunction' &&
      (source === undefined || wildcardMatches(source, sourceArn)) &&
      (account === undefined || account === TWIN_ACCOUNT_ID)
    );
  });
}

/** `function_name` may be a name or an ARN. */
function namesFunction(value: unknown, name: string): boolean {
  const text = String(value);
  return text === name || text.split(':function:')[1]?.split(':')[0] === name;
}

const block = (values: Values, name: string): Values => blockOf(values, name) ?? {};
