// Large stacks out of small ones: copies beside each other, each with names of its own.

type Values = Readonly<Record<string, unknown>>;
/** Type -> name -> body. */
type Kinds = Readonly<Record<string, Readonly<Record<string, Values>>>>;

export interface Configuration extends Values {
  readonly resource: Kinds;
  readonly data: Kinds;
}

interface Resource extends Values {
  readonly address: string;
  readonly type: string;
  readonly values: Values;
  readonly depends_on?: readonly string[];
}

interface Module {
  readonly resources?: readonly Resource[];
  readonly child_modules?: readonly Module[];
}

export interface State extends Values {
  readonly values: { readonly root_module: Module };
}

/** Resources and data of a configuration. */
export const resourcesOf = ({ resource, data }: Configuration): number =>
  [resource, data].flatMap(Object.values).reduce((sum: number, all: object) => sum + Object.keys(all).length, 0);

export const resourcesOfState = ({ values }: State): number => resourcesIn(values.root_module);
const resourcesIn = ({ resources = [], child_modules: children = [] }: Module): number =>
  children.reduce((sum, child) => sum + resourcesIn(child), resources.length);

/**
 * A configuration whose resources are there `count` times: copy n ends in _n, its references too, and it has a domain of its own. `domain`:
 * that of the first.
 */
export function copiesOfOwn(
  { resource, data, output: _, ...rest }: Configuration,
  domain: string,
  count: number,
): Configuration {
  const addresses = [resource, data].flatMap((kinds) =>
    Object.entries(kinds).flatMap(([type, all]) => Object.keys(all).map((name) => `${type}.${name}`)),
  );
  // The longest first: one name may begin with another.
  const reference = new RegExp(`\\b(${addresses.sort((a, b) => b.length - a.length).join('|')})\\b`, 'g');
  const copyOf = (kinds: Kinds, n: number): Kinds => {
    if (n === 0) return kinds;
    const text = JSON.stringify(kinds).replace(reference, `$1_${n}`).replaceAll(domain, `copy-${n}.${domain}`);
    return mapped(JSON.parse(text) as Kinds, (name) => `${name}_${n}`);
  };
  const merged = (kinds: Kinds): Kinds => {
    const all: Record<string, Record<string, Values>> = {};
    for (let n = 0; n < count; n += 1) {
      for (const [type, copies] of Object.entries(copyOf(kinds, n))) Object.assign((all[type] ??= {}), copies);
    }
    return all;
  };
  return { ...rest, data: merged(data), resource: merged(resource) };
}

const mapped = (kinds: Kinds, rename: (name: string) => string): Kinds =>
  Object.fromEntries(
    Object.entries(kinds).map(([type, all]) => [
      type,
      Object.fromEntries(Object.entries(all).map(([name, body]) => [rename(name), body])),
    ]),
  );

/** `vpc-42c303e3c86c79df9`, and the ids of health checks and certificates. */
const IDS = /\b([a-z]+-[0-9a-f]{8,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/g;

/** A state of `count` instances of one module: copy n has an account, a zone, a domain and ids of its own. */
export function copiesOfState(state: State, count: number): State {
  const { resources = [] } = state.values.root_module;
  const text = JSON.stringify(resources);
  const { name: domain, zone_id: zone } = resources.find(({ type }) => type === 'aws_route53_zone')?.values ?? {};
  const account = /arn:aws:\w+:[\w-]*:(\d{12}):/.exec(text)?.[1] ?? '';
  const copyOf = (n: number): Module & { readonly address: string } => {
    const address = `module.copy["${n}"]`;
    const own = text
      .replaceAll(account, String(Number(account) + n))
      .replaceAll(String(domain), `copy-${n}.${String(domain)}`)
      .replaceAll(String(zone), `${String(zone)}${n}`)
      .replace(IDS, `$1${n}`);
    return { address, resources: (JSON.parse(own) as Resource[]).map((one) => within(address, one)) };
  };
  const children = Array.from({ length: count }, (_, n) => copyOf(n));
  return { ...state, values: { ...state.values, root_module: { child_modules: children } } };
}

const within = (module: string, resource: Resource): Resource => ({
  ...resource,
  address: `${module}.${resource.address}`,
  ...(resource.depends_on ? { depends_on: resource.depends_on.map((one) => `${module}.${one}`) } : {}),
});
