// Asks the account for every fact that preflight judges, all at once. What AWS does not tell is unknown, with the reason.
import type { DrConfig } from '@dr/contracts/system/config';
import { factOf, isKnown, unknown, type Fact } from '../fact';
import type { Needs, RegionNeeds } from './needs';
import { QUOTA_NAMES, QUOTAS, type QuotaName, type Usage } from './quotas';
import type { Identity, PreflightReader, PublicDns, Tagged } from './reader';
import { isDisabled, type LambdaQuota } from './regions';
import { NO_ZONE, zoneInUse, type ZoneFacts } from './zone';

export type Facts = Awaited<ReturnType<typeof gather>>;
/** Undefined in it: the stack has nothing there that it matters to. */
export type RegionFacts = Awaited<ReturnType<typeof regionFacts>>;

export interface Sources {
  readonly reader: PreflightReader;
  readonly dns: PublicDns;
}

export async function gather(config: DrConfig, needs: Needs, { account }: Identity, sources: Sources) {
  const { reader } = sources;
  const { state } = config;
  const regions = await factOf(() => reader.regions());
  const [perRegion, zone, healthChecks, serviceRoles, budgets, bucket] = await Promise.all([
    Promise.all(needs.regions.map((one) => regionFacts(one, config, reader, isDisabled(one.awsRegion, regions)))),
    zoneFacts(config, sources),
    factOf(() => healthCheckUsage(reader, needs.healthCheckHosts)),
    Promise.all(
      needs.serviceRoles.map(async (role) => ({ role, exists: await factOf(() => reader.hasRole(role.name)) })),
    ),
    factOf(() => reader.budgets(account)),
    // Undefined: the state is a local file.
    state.backend === 'local' ? undefined : factOf(() => reader.bucket(state.region, state.bucket)),
  ]);
  return { regions, perRegion, zone, healthChecks, serviceRoles, budgets, bucket };
}

async function regionFacts(
  needs: RegionNeeds,
  { system, alerts }: DrConfig,
  reader: PreflightReader,
  disabled: boolean,
) {
  const { awsRegion } = needs;
  const ask = async <T>(matters: boolean, question: () => Promise<T>): Promise<Fact<T> | undefined> => {
    if (!matters) return undefined;
    return disabled ? unknown('the region is not enabled', 'Enable it first') : factOf(question);
  };
  const tagged = (all: readonly Tagged[]): Has => ({
    used: all.length,
    ours: all.filter((one) => one.system === system).length,
  });
  const has: Readonly<Record<QuotaName, () => Promise<Has>>> = {
    vpcs: async () => tagged(await reader.vpcs(awsRegion)),
    addresses: async () => tagged(await reader.addresses(awsRegion)),
    loadBalancers: async () => {
      const names = await reader.loadBalancers(awsRegion);
      return { used: names.length, ours: names.filter((name) => needs.loadBalancerNames.includes(name)).length };
    },
  };
  const usage = (name: QuotaName): Promise<Fact<Usage> | undefined> =>
    ask(needs[name] > 0, async () => ({ limit: await reader.quota(awsRegion, QUOTAS[name]), ...(await has[name]()) }));
  const [concurrency, inSmsSandbox, ...usages] = await Promise.all([
    ask(needs.functionNames.length > 0, () => lambdaQuota(reader, needs)),
    ask(alerts.sms.length > 0 && needs.topics > 0, () => reader.inSmsSandbox(awsRegion)),
    ...QUOTA_NAMES.map(usage),
  ]);
  const quotas = Object.fromEntries(QUOTA_NAMES.map((name, at) => [name, usages[at]])) as Readonly<
    Record<QuotaName, Fact<Usage> | undefined>
  >;
  return { needs, concurrency, quotas, inSmsSandbox };
}

interface Has {
  readonly used: number;
  readonly ours: number;
}

async function lambdaQuota(reader: PreflightReader, { awsRegion, functionNames }: RegionNeeds): Promise<LambdaQuota> {
  const quota = await reader.concurrency(awsRegion);
  // Nothing is reserved: then nothing is reserved for us.
  if (quota.unreserved === quota.limit) return { ...quota, ours: 0 };
  const reserved = await Promise.all(functionNames.map((name) => reader.reservedConcurrency(awsRegion, name)));
  return { ...quota, ours: reserved.reduce((sum, one) => sum + one, 0) };
}

async function zoneFacts(config: DrConfig, { reader, dns }: Sources): Promise<ZoneFacts> {
  const [zones, delegatedTo] = await Promise.all([
    factOf(() => reader.zones(config.zone)),
    factOf(() => dns.nameServers(config.zone)),
  ]);
  const inUse = isKnown(zones) ? zoneInUse(config, zones.known) : undefined;
  if (!inUse) {
    const why = isKnown(zones) ? NO_ZONE : zones;
    return { zones, delegatedTo, nameServers: why, recordLimit: why };
  }
  const [nameServers, recordLimit] = await Promise.all([
    factOf(() => reader.nameServers(inUse.id)),
    factOf(() => reader.recordLimit(inUse.id)),
  ]);
  return { zones, delegatedTo, nameServers, recordLimit };
}

async function healthCheckUsage(reader: PreflightReader, hosts: readonly string[]): Promise<Usage> {
  const [limit, asked] = await Promise.all([reader.healthCheckLimit(), reader.healthCheckHosts()]);
  return { ...limit, ours: hosts.filter((host) => asked.includes(host)).length };
}
