// The AWS region of each resource: what it says of itself, else its provider, else what it belongs to.
import { GLOBAL_REGION } from '@dr/contracts';
import { isObject, type Json } from '../normalise';
import { Unknown } from '../values';
import { moduleSteps, nameOf, referencesIn, stepsOf, type Step } from './addresses';
import { blockAt, isSecretVariable, type Configuration, type ModuleBlock } from './configuration';
import type { Contents, ShownResource } from './contents';
import { memberOf, objectIn } from './json';
import { isGlobal } from '../resource-types';

const REGION = /^[a-z]{2}(-[a-z]+){1,2}-\d$/;
const ZONE = /^([a-z]{2}(?:-[a-z]+){1,2}-\d)(?:[a-z]|-[a-z0-9-]+)$/;
const ARN = /^arn:aws[\w-]*:[\w-]*:([a-z0-9-]+):/;
/** `<name>.<region>.elb.amazonaws.com` for an ALB, `<name>.elb.<region>.amazonaws.com` for an NLB. */
const BALANCER = /\.(?:elb\.)?([a-z]{2}(?:-[a-z]+){1,2}-\d)\.(?:elb\.)?amazonaws\.com(?:\.cn)?\.?$/;
/** An ARN of a resource that may be elsewhere. */
const ELSEWHERE = /^(global_table|source|destination|peer\w*|primary\w*|replication_source\w*)_arn$/;
/** [A] No provider's region is passed on through more modules. */
const MAX_DEPTH = 50;

export class Regions {
  /** Key of a provider -> the regions of what it holds, where the configuration does not say its region. */
  private readonly seen = new Map<string, Set<string>>();
  private readonly declared = new Map<string, string | undefined>();
  /** Id -> regions of resources that have it. */
  private readonly byId = new Map<string, Set<string>>();

  private readonly configuration: Configuration | undefined;

  constructor(contents: Contents) {
    this.configuration = contents.configuration;
    for (const resource of contents.resources) {
      const own = ownRegion(resource);
      if (own === undefined || isGlobal(resource.type)) continue;
      const id = resource.values['id'];
      if (typeof id === 'string') addTo(this.byId, id, own);
      if (isOfProvider(resource)) addTo(this.seen, providerOf(resource), own);
    }
  }

  of(resource: ShownResource): string | Unknown {
    if (isGlobal(resource.type)) return GLOBAL_REGION;
    const found = ownRegion(resource) ?? this.ofProvider(resource) ?? this.ofOthers(resource);
    return found ?? new Unknown(this.whyUnknown(resource));
  }

  private whyUnknown(resource: ShownResource): string {
    const provider = providerOf(resource);
    return provider === ''
      ? 'neither an ARN nor a DNS name of it says its region'
      : `provider "${provider}" gives no region that the plan shows`;
  }

  private ofProvider(resource: ShownResource): string | undefined {
    const provider = providerOf(resource);
    // A region that is given for the resource alone, and is not known, is not its provider's.
    const isOwn = memberOf(resource.unknown, 'region') === true;
    if (provider === '' || (isOwn && memberOf(resource.block?.['expressions'], 'region') !== undefined))
      return undefined;
    if (!this.declared.has(provider)) this.declared.set(provider, this.declaredBy(provider));
    return this.declared.get(provider) ?? only(this.seen.get(provider));
  }

  private declaredBy(key: string): string | undefined {
    const provider = objectIn(this.configuration?.providers, key);
    const region = objectIn(provider?.['expressions'], 'region');
    if (!this.configuration || !region) return undefined;
    const address = provider?.['module_address'];
    const steps = typeof address === 'string' ? moduleSteps(address) : [];
    const module = steps && blockAt(this.configuration.root, steps);
    return module && this.regionIn(region, module, 0);
  }

  /** A constant, or a variable that is one. */
  private regionIn(expression: Json | undefined, module: ModuleBlock, depth: number): string | undefined {
    const constant = memberOf(expression, 'constant_value');
    if (constant !== undefined) return asRegion(constant);
    const references = referencesIn(memberOf(expression, 'references'));
    const steps = references.length === 1 ? stepsOf(references[0] as string) : undefined;
    const name = nameOf(steps?.[1]);
    if (!steps || nameOf(steps[0]) !== 'var' || name === undefined || depth > MAX_DEPTH) return undefined;
    if (isSecretVariable(module, name)) return undefined;
    const rest = steps.slice(2);
    const given = module.parent && memberOf(module.call['expressions'], name);
    if (module.parent && given !== undefined) {
      const value = memberOf(given, 'constant_value');
      if (value !== undefined) return asRegion(memberAt(value, rest));
      return rest.length === 0 ? this.regionIn(given, module.parent, depth + 1) : undefined;
    }
    const value = module.parent ? undefined : memberOf(memberOf(this.configuration?.variables, name), 'value');
    return asRegion(memberAt(value ?? memberOf(module.variables[name], 'default'), rest));
  }

  /** Of what it is attached to: the ARNs in its values where they agree, else the resources whose ids stand there. */
  private ofOthers({ values }: ShownResource): string | undefined {
    const arns = Object.entries(values).flatMap(([name, value]) =>
      /_arn$/.test(name) && !ELSEWHERE.test(name) && typeof value === 'string' ? (regionInArn(value) ?? []) : [],
    );
    if (arns.length > 0) return only(new Set(arns));
    const ids = Object.entries(values).flatMap(([name, value]) =>
      /_ids?$/.test(name)
        ? [value].flat().flatMap((id) => (typeof id === 'string' ? (only(this.byId.get(id)) ?? []) : []))
        : [],
    );
    return only(new Set(ids));
  }
}

/** Is it where its provider is? Not what names another region, and not what a data source may look up elsewhere. */
function isOfProvider({ mode, type, block }: ShownResource): boolean {
  const written = Object.keys(objectIn(block, 'expressions') ?? {});
  if (mode === 'data' && /^aws_s3_/.test(type)) return false;
  return !written.includes('region') && (type !== 'aws_region' || written.length === 0);
}

/** Key of its provider in the configuration; '' where the file has none. */
const providerOf = ({ block }: ShownResource): string => {
  const key = block?.['provider_config_key'];
  return typeof key === 'string' ? key : '';
};

function ownRegion({ type, mode, values }: ShownResource): string | undefined {
  const { id, name, arn, region } = values;
  if (mode === 'data' && type === 'aws_region') return asRegion(region) ?? asRegion(name) ?? asRegion(id);
  return (
    asRegion(region) ??
    regionInArn(arn) ??
    regionInArn(id) ??
    regionInZone(values['availability_zone']) ??
    (typeof values['dns_name'] === 'string' ? BALANCER.exec(values['dns_name'])?.[1] : undefined) ??
    // Lists of zones or subnets that a data source looks up have the region as their id.
    (mode === 'data' ? asRegion(id) : undefined)
  );
}

const asRegion = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && REGION.test(value) ? value : undefined;

const regionInArn = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? asRegion(ARN.exec(value)?.[1]) : undefined;

const regionInZone = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? ZONE.exec(value)?.[1] : undefined;

const memberAt = (value: Json | undefined, steps: readonly Step[]): Json | undefined =>
  steps.reduce<Json | undefined>(
    (part, step) =>
      Array.isArray(part)
        ? part['key' in step ? Number(step.key) : -1]
        : isObject(part)
          ? memberOf(part, 'key' in step ? String(step.key) : step.name)
          : undefined,
    value,
  );

const only = (regions: ReadonlySet<string> | undefined): string | undefined =>
  regions?.size === 1 ? [...regions][0] : undefined;

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}
