// The functions of one region as the stack declares them.
import { InputError } from '@dr/contracts';
import { namesFunction, placementsOf, type Placement } from '@dr/stack';
import { blockOf, knownOrAbsent, numberOf, textOf, type Graph, type Resource, type Values } from '@dr/terraform-json';
import { isAbsolute, join } from 'node:path';
import { functionName, type FunctionCode, type World } from '../../world';

export interface FunctionConfig {
  readonly name: string;
  /** What faults, the log and people call the function. */
  readonly logicalName: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly reservedConcurrency: number | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** A customer's key encrypts the variables. */
  readonly usesKms: boolean;
  readonly codePath: string;
  readonly handler: string;
  /** With the JSON log format, console lines are wrapped in a record and filtered by level. */
  readonly jsonLogs: boolean;
  readonly applicationLogLevel: string;
  readonly deadLetterArn: string | undefined;
  readonly aliases: ReadonlySet<string>;
  /** Where its environments may run. */
  readonly placements: readonly Placement[];
}

const DEFAULT_TIMEOUT_S = 3;
const DEFAULT_MEMORY_MB = 128;

/** Functions that are run. */
export const functionsRun = ({ system }: Pick<World, 'system'>, graph: Graph): readonly Resource[] =>
  graph.ofType('aws_lambda_function').filter((fn) => !system.codeOf || system.codeOf(fn) !== undefined);

/** The last of each name. Throws InputError for a function whose code is nowhere. */
export function readFunctions(world: World, graph: Graph, awsRegion: string): readonly FunctionConfig[] {
  const functions = functionsRun(world, graph).filter((resource) => resource.awsRegion === awsRegion);
  const configs = functions.map((resource) => readFunction(world, graph, resource));
  return [...new Map(configs.map((config) => [config.name, config])).values()];
}

const codeOf = ({ system }: Pick<World, 'system'>, graph: Graph, resource: Resource): FunctionCode =>
  system.codeOf?.(resource) ?? zipOf(graph, resource);

/** The files whose code is run. Throws InputError for a function whose code is nowhere. */
export const codePaths = (of: Pick<World, 'system'>, graph: Graph): readonly string[] =>
  [...new Set(functionsRun(of, graph).map((resource) => codeOf(of, graph, resource).path))].sort();

/** Of the stack's own zip file. */
function zipOf(graph: Graph, { address, values }: Resource): FunctionCode {
  const filename = values['filename'];
  if (typeof filename !== 'string') {
    throw new InputError(`${address}: filename`, 'the twin runs code from a zip file', 'Give the function a filename');
  }
  const path = isAbsolute(filename) ? filename : join(graph.directory, filename);
  return { path, handler: String(values['handler']), variables: {} };
}

function readFunction(world: World, graph: Graph, resource: Resource): FunctionConfig {
  const { values } = resource;
  const name = String(values['function_name']);
  const code = codeOf(world, graph, resource);
  const block = (key: string): Values => blockOf(values, key) ?? {};
  const logging = block('logging_config');
  const reserved = numberOf(values, 'reserved_concurrent_executions', { least: -1, most: 1_000_000 });
  return {
    name,
    logicalName: functionName(world, name),
    arn: String(graph.attribute(resource, 'arn')),
    roleArn: String(values['role']),
    timeoutMs: (numberOf(values, 'timeout', { least: 1, most: 900 }) ?? DEFAULT_TIMEOUT_S) * 1000,
    memoryMb: numberOf(values, 'memory_size', { least: 128, most: 10_240 }) ?? DEFAULT_MEMORY_MB,
    reservedConcurrency: reserved !== undefined && reserved >= 0 ? reserved : undefined,
    variables: variablesOf(block('environment'), code),
    usesKms: knownOrAbsent(() => textOf(values, 'kms_key_arn')) !== undefined,
    codePath: code.path,
    handler: code.handler,
    jsonLogs: logging['log_format'] === 'JSON',
    applicationLogLevel: String(logging['application_log_level'] ?? 'INFO'),
    deadLetterArn: block('dead_letter_config')['target_arn'] as string | undefined,
    aliases: new Set(
      graph
        .ofType('aws_lambda_alias')
        .filter((alias) => alias.awsRegion === resource.awsRegion && namesFunction(alias.values['function_name'], name))
        .map((alias) => String(alias.values['name'])),
    ),
    placements: placementsOf(graph, resource),
  };
}

/** Of those that are given anew, what the stack says is not asked. */
function variablesOf(environment: Values, { variables: given }: FunctionCode): Readonly<Record<string, string>> {
  const stated = (environment['variables'] ?? {}) as Readonly<Record<string, string>>;
  const names = Object.keys(stated).filter((name) => !Object.hasOwn(given, name));
  return { ...Object.fromEntries(names.map((name) => [name, stated[name] as string])), ...given };
}
