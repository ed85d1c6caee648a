// Small plans and states, in the form in which Terraform shows them.
import type { Graph } from '../../graph';
import { parseStack } from '../../read-stack';
import { headOf } from '../configuration';

export interface Given {
  /** `module.a["x"].aws_lb.b[0]`, with `data.` before the type of a data source. */
  readonly address: string;
  readonly values?: object;
  /** `after_unknown`. */
  readonly unknown?: object | true;
  /** Expressions of its block; null for a resource without a block in the configuration. */
  readonly written?: object | null;
  readonly block?: object;
  readonly provider?: string;
  readonly secret?: object;
  readonly actions?: readonly string[];
}

/** Modules by their address without keys: what calls them, and what they give. */
export type Calls = Readonly<Record<string, { readonly call?: object; readonly module?: object }>>;

export interface Parts {
  readonly resources?: readonly Given[];
  readonly calls?: Calls;
  readonly prior?: readonly Given[];
  readonly more?: Readonly<Record<string, unknown>>;
  readonly providers?: object;
}

export const ACCOUNT = '123456789012';
export const PROVIDERS = {
  aws: { name: 'aws', expressions: { region: { constant_value: 'eu-west-1' } } },
  'aws.ohio': { name: 'aws', alias: 'ohio', expressions: { region: { constant_value: 'us-east-2' } } },
};

/** References as Terraform lists them: each with its shorter forms. */
export const refs = (...references: readonly string[]): { readonly references: readonly string[] } => ({
  references: references.flatMap((reference) => {
    const words = reference.split(/(?=\.|\[)/);
    const least = words[0] === 'data' ? 3 : 2;
    const lengths = Array.from({ length: Math.max(words.length - least, 0) + 1 }, (_, less) => words.length - less);
    return lengths.map((length) => words.slice(0, length).join(''));
  }),
});

interface Parsed {
  readonly modules: readonly string[];
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly index: string | number | undefined;
}

function parsed(address: string): Parsed {
  const modules = [...address.matchAll(/(?:^|\.)(module\.[\w-]+(?:\[(?:"[^"]*"|\d+)\])?)/g)].map((match) =>
    String(match[1]),
  );
  const rest = modules.length === 0 ? address : address.slice(modules.join('.').length + 1);
  const found = /^(data\.)?(\w+)\.([\w-]+)(?:\[(.*)\])?$/.exec(rest);
  const [, data, type = '', name = '', key] = found ?? [];
  return {
    modules,
    mode: data === undefined ? 'managed' : 'data',
    type,
    name,
    index: key === undefined ? undefined : (JSON.parse(key) as string | number),
  };
}

interface Module {
  address?: string;
  resources: object[];
  child_modules: Module[];
}

export function valuesOf(resources: readonly Given[]): { root_module: Module } {
  const root: Module = { resources: [], child_modules: [] };
  for (const { address, values = {}, secret = {} } of resources) {
    const { modules, ...head } = parsed(address);
    const module = modules.reduce<Module>((parent, _, at) => {
      const child = modules.slice(0, at + 1).join('.');
      const known = parent.child_modules.find((one) => one.address === child);
      if (known) return known;
      const made = { address: child, resources: [], child_modules: [] };
      parent.child_modules.push(made);
      return made;
    }, root);
    module.resources.push({ address, ...head, values, sensitive_values: secret });
  }
  return { root_module: root };
}

const changeOf = ({ address, values = {}, unknown = {}, secret = {}, actions = ['create'] }: Given): object => {
  const { modules, ...head } = parsed(address);
  return {
    address,
    ...(modules.length > 0 && { module_address: modules.join('.') }),
    ...head,
    change: { actions, before: null, after: values, after_unknown: unknown, after_sensitive: secret },
  };
};

interface Configured {
  resources: object[];
  module_calls: Record<string, { module: Configured }>;
}

function configurationOf(resources: readonly Given[], calls: Calls): Configured {
  const empty = (): Configured => ({ resources: [], module_calls: {} });
  const root = empty();
  const moduleAt = (path: string): Configured =>
    path === ''
      ? root
      : path
          .slice('module.'.length)
          .split('.module.')
          .reduce((parent, name) => (parent.module_calls[name] ??= { module: empty() }).module, root);
  const seen = new Set<string>();
  for (const { address, written = {}, provider = 'aws', block = {} } of resources) {
    const { modules, mode, type, name } = parsed(address);
    const path = modules.map((module) => module.replace(/\[.*$/, '')).join('.');
    const module = moduleAt(path);
    const head = headOf(mode, type, name);
    if (written === null || seen.has(`${path} ${head}`)) continue;
    seen.add(`${path} ${head}`);
    module.resources.push({
      address: head,
      mode,
      type,
      name,
      provider_config_key: provider,
      expressions: written,
      ...block,
    });
  }
  for (const [path, { call = {}, module = {} }] of Object.entries(calls)) {
    Object.assign(moduleAt(path), module);
    const names = path.slice('module.'.length).split('.module.');
    const parent = moduleAt(
      names
        .slice(0, -1)
        .map((name) => `module.${name}`)
        .join('.'),
    );
    Object.assign(parent.module_calls[names.at(-1) ?? ''] ?? {}, call);
  }
  return root;
}

export const planJson = ({ resources = [], calls = {}, prior, more = {}, providers = PROVIDERS }: Parts): object => ({
  format_version: '1.2',
  terraform_version: '1.11.4',
  planned_values: valuesOf(resources),
  resource_changes: resources.map(changeOf),
  ...(prior && { prior_state: stateJson(prior) }),
  configuration: { provider_config: providers, root_module: configurationOf([...resources, ...(prior ?? [])], calls) },
  complete: true,
  errored: false,
  ...more,
});

export const stateJson = (resources: readonly Given[]): object => ({
  format_version: '1.0',
  terraform_version: '1.11.4',
  values: valuesOf(resources),
});

export const plan = (...resources: readonly Given[]): Graph => planOf({ resources });
export const planOf = (parts: Parts): Graph => parseStack(planJson(parts), '/plan');
export const state = (...resources: readonly Given[]): Graph => parseStack(stateJson(resources), '/state');

/** A balancer that is not there yet. */
export const balancer = (address: string, more: Partial<Given> = {}): Given => ({
  address,
  values: { name: address.replace(/\W+/g, '-') },
  unknown: { arn: true, dns_name: true, id: true, zone_id: true },
  written: { name: {} },
  ...more,
});
