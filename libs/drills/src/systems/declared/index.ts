// A system that a team has declared, on its own Terraform: what the drills' engine is told of it.
import { FAULT_KINDS, InputError, type FaultKind } from '@dr/contracts';
import { BLACK_HOLE_PROBE_SECONDS } from '@dr/failover';
import {
  endpointGroupsOf,
  originsOf,
  readNames,
  readTables,
  type Endpoint,
  type PublicName,
  type TableConfig,
} from '@dr/stack';
import { knownOrAbsent, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { PartlyRunTwin, type FunctionCode, type ItemVersion } from '@dr/twin';
import { isAbsolute, join } from 'node:path';
import { regionsLeft, versionKey } from '../../run/run-record';
import type { FaultPromise, RunRecord, SystemUnderDrill, VersionName } from '../../system-under-drill';
import { checksOf } from './checks';
import type { Declaration } from './declaration';
import { keptVersions } from './lost-updates';
import { matchedAll } from './patterns';
import { keysOf, workloadOf } from './workload';

export { declarationJsonSchema, parseDeclaration, type Declaration } from './declaration';

/** Of topics and alarms, which are not run, and of records that only our own system keeps. */
const MEANINGLESS: readonly FaultKind[] = ['sns-down', 'sns-disorder', 'us-east-1-down', 'metrics-late', 'bad-records'];
const KINDS = [...FAULT_KINDS.filter((kind) => !MEANINGLESS.includes(kind)), 'app-errors'] as const;

const PROMISE: FaultPromise = {
  affectsClients: false,
  movesTraffic: false,
  unfelt: false,
  silent: false,
  probeSeconds: BLACK_HOLE_PROBE_SECONDS,
  open: true,
};

export interface Declared {
  readonly declaration: Declaration;
  /** What errors call it. */
  readonly name: string;
  /** Where its paths begin. */
  readonly directory: string;
  readonly graph: Graph;
}

/** Throws InputError for what the stack does not have. */
export function declaredSystem(declared: Declared): SystemUnderDrill {
  const { declaration, name, graph } = declared;
  const { data } = declaration;
  const code = codeOf(declared);
  const publicName = nameIn(graph, declaration.name, name);
  const table = data && tableIn(graph, data.table, name);
  const keys = new Set(keysOf(declaration));
  const system: SystemUnderDrill = {
    functions: [...new Set([...code.values()].map(({ functionName }) => functionName))],
    kinds: KINDS,
    codeOf: ({ address }) => code.get(address),
    ...(table ? { table: () => table.name } : {}),
    versionOf: (of, item) => (data && of === table?.name ? versionOf(data.item, keys, item) : undefined),
    twin(options) {
      const twin = new PartlyRunTwin({ ...options, system, name: publicName });
      if (data) refuseAssumed(options.graph, publicName, twin, name);
      return twin;
    },
    workload: () => workloadOf(declaration),
    isClientData: ({ id }) => keys.has(id),
    promises: () => PROMISE,
    checks: checksOf(declaration, table?.awsRegions ?? []),
    ...(data?.mode === 'register' ? { kept: keptIn } : {}),
  };
  return system;
}

/** Throws InputError where a write may reach what is not run: it would be acknowledged, and stored nowhere. */
function refuseAssumed(graph: Graph, { domain }: PublicName, twin: PartlyRunTwin, file: string): void {
  const assumed = endpointsBehind(graph, domain).find((endpoint) => twin.isAssumed(endpoint));
  if (!assumed) return;
  throw new InputError(
    `${file}: data`,
    `writes may reach ${assumed.resource.address}, which is not run and stores nothing`,
    'Give the code of what is behind it, or leave out data and the requests that write',
  );
}

/** Through accelerators and distributions, too. */
const endpointsBehind = (graph: Graph, name: string): readonly Endpoint[] =>
  readNames(graph)
    .endpointsBehind(name)
    .flatMap((endpoint) => {
      const { kind, resource } = endpoint;
      if (kind === 'accelerator') return endpointGroupsOf(graph, resource).flatMap(({ endpoints }) => endpoints);
      if (kind !== 'distribution') return [endpoint];
      return originsOf(graph, resource).flatMap(({ domain = '' }) => readNames(graph).endpointsBehind(domain));
    });

function keptIn(run: RunRecord): (write: VersionName) => boolean {
  const kept = keptVersions(run, regionsLeft(run));
  return (write) => kept.has(versionKey(write));
}

function versionOf(
  patterns: Readonly<Record<string, string>>,
  keys: ReadonlySet<string>,
  item: Readonly<Record<string, unknown>>,
): ItemVersion | undefined {
  const { key, version } = matchedAll(patterns, (attribute) => item[attribute]) ?? {};
  return key !== undefined && version !== undefined && keys.has(key) ? { id: key, timestamp: version } : undefined;
}

interface NamedCode extends FunctionCode {
  readonly functionName: string;
}

/** By the function's address. */
function codeOf({ declaration, name, directory, graph }: Declared): ReadonlyMap<string, NamedCode> {
  const all = graph.ofType('aws_lambda_function').map((fn) => ({
    fn,
    functionName: knownOrAbsent(() => textOf(fn.values, 'function_name')) ?? fn.address,
  }));
  const code = new Map<string, NamedCode>();
  for (const [given, { bundle, handler, environment: variables }] of Object.entries(declaration.functions)) {
    const where = `${name}: functions["${given}"]`;
    const meant = all.filter(({ fn, functionName }) => fn.address === given || functionName === given);
    if (meant.length === 0) {
      const names = [...new Set(all.map(({ functionName }) => functionName))].join(', ');
      throw new InputError(where, 'the stack has no such function', names ? `Use one of ${names}` : 'Give its files');
    }
    const path = isAbsolute(bundle) ? bundle : join(directory, bundle);
    for (const { fn, functionName } of meant) {
      refuseOtherRuntime(fn, where);
      if (code.has(fn.address)) throw new InputError(where, `names ${fn.address} a second time`, 'Name it once');
      code.set(fn.address, { path, handler, variables, functionName });
    }
  }
  return code;
}

/** A container image does not tell, and whoever gives its code does. */
function refuseOtherRuntime({ address, values }: Resource, where: string): void {
  const runtime = knownOrAbsent(() => textOf(values, 'runtime'));
  if (runtime === undefined || runtime.startsWith('nodejs')) return;
  const fix = 'Leave it out: then what it is behind answers by assumption';
  throw new InputError(where, `${address} runs ${runtime}, and only Node is run here`, fix);
}

function nameIn(graph: Graph, given: string | undefined, file: string): PublicName {
  const { publicNames } = readNames(graph);
  const domains = publicNames.map(({ domain }) => domain);
  if (domains.length === 0) {
    const why = 'has no record with a routing policy, so no client can be moved';
    throw new InputError('the stack', why, 'Give the files that hold it, or drill it without --system');
  }
  const found =
    given === undefined && domains.length === 1 ? publicNames[0] : publicNames.find(({ domain }) => domain === given);
  if (found) return found;
  const what = given === undefined ? `${file}: name` : `${file}: name "${given}"`;
  const why =
    given === undefined
      ? 'is missing, and the stack has several names'
      : 'the stack has no such name with a routing policy';
  throw new InputError(what, why, `Use one of ${domains.join(', ')}`);
}

function tableIn(graph: Graph, given: string, file: string): TableConfig {
  const tables = readTables(graph);
  const found = tables.find(({ address, name }) => address === given || name === given);
  if (found) return found;
  const names = tables.map(({ address }) => address).join(', ');
  const fix = names ? `Use one of ${names}` : 'Give the files that hold it; other stores are not simulated';
  throw new InputError(`${file}: data.table "${given}"`, 'the stack has no such DynamoDB table', fix);
}
