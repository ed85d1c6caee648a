// An applied system as AWS sees it. Each part is asked apart: a dark region or a missing permission leaves that part unknown, and no other.
import { GLOBAL_REGION, isHealthyBy } from '@dr/contracts';
import {
  FUNCTIONS,
  lambdaName,
  regionalDomain,
  tableName,
  FRONT_GROUP,
  TARGET_GROUPS,
  targetGroupName,
  topicName,
  type FunctionName,
} from '@dr/contracts/system';
import type { DrConfig, RegionConfig } from '@dr/contracts/system/config';
import { factOf, type Fact } from '../fact';
import { Unavailable } from '../operator';
import type { AskHealth, HealthCheck, Invocations, StatusReader, Subscription, Target } from './reader';

/** Metrics are looked at so far back: those of the last two minutes are not there yet. */
export const METRIC_MINUTES = 10;

export type Checkers = Awaited<ReturnType<typeof checkersOf>>;
export type Alerts = ReturnType<typeof alertsOf>;
export type Targets = Awaited<ReturnType<typeof targetsOf>>;
export type FunctionCalls = Awaited<ReturnType<typeof functionsOf>>;
export type Table = Awaited<ReturnType<typeof tableOf>>;
export type AwsParts = Awaited<ReturnType<typeof readAwsParts>>;

export interface StatusSources {
  readonly reader: StatusReader;
  readonly askHealth: AskHealth;
  readonly nowMs: number;
}

export async function readAwsParts(config: DrConfig, sources: StatusSources) {
  const { reader } = sources;
  const account = accountOf(config, reader);
  const checks = reader.healthChecks();
  // Each part awaits these for itself; until then a rejection is nobody's.
  for (const shared of [account, checks]) shared.catch(() => undefined);
  const alerts = (awsRegion: string, topic: string): Promise<Fact<Alerts>> =>
    factOf(async () => {
      const arn = `arn:aws:sns:${awsRegion}:${await account}:${topicName(config.system, topic)}`;
      return alertsOf(config, await reader.subscriptions(awsRegion, arn));
    });
  const [regions, globalAlerts] = await Promise.all([
    Promise.all(
      config.regions.map(async (region) => {
        const { name, awsRegion } = region;
        const host = regionalDomain(config.domain, name);
        const [health, healthCheck, targets, functions, table, told] = await Promise.all([
          factOf(() => sources.askHealth(host)),
          factOf(async () => checkersOf(await checks, host, reader)),
          factOf(() => targetsOf(config, region, reader)),
          factOf(() => functionsOf(config, region, sources)),
          factOf(() => tableOf(config, region, sources)),
          alerts(awsRegion, name),
        ]);
        return { awsRegion, health, healthCheck, targets, functions, table, alerts: told };
      }),
    ),
    alerts(GLOBAL_REGION, GLOBAL_REGION),
  ]);
  // Regions are in the order of the config; Route 53's alarms are told in the global one.
  return { regions, global: { awsRegion: GLOBAL_REGION, alerts: globalAlerts } };
}

/** Whichever region answers first tells. */
async function accountOf({ regions }: DrConfig, reader: StatusReader): Promise<string> {
  const asked = regions.map(({ awsRegion }) => reader.identity(awsRegion));
  try {
    return (await Promise.any(asked)).account;
  } catch (error) {
    throw (error as AggregateError).errors[0] ?? new Unavailable('nobody told the account');
  }
}

function alertsOf({ alerts }: DrConfig, subscriptions: readonly Subscription[]) {
  const addressee = (protocol: 'email' | 'sms') => (endpoint: string) => {
    const own = subscriptions.filter((one) => one.protocol === protocol && one.endpoint === endpoint);
    /** `absent`: AWS has forgotten it, as it does when nobody confirms for days, or it was never applied. */
    const state: 'confirmed' | 'pending' | 'absent' =
      own.length === 0 ? 'absent' : own.some(({ confirmed }) => confirmed) ? 'confirmed' : 'pending';
    return { protocol, endpoint, state };
  };
  const people = [...alerts.emails.map(addressee('email')), ...alerts.sms.map(addressee('sms'))];
  const isKnown = (one: Subscription): boolean =>
    people.some(({ protocol, endpoint }) => protocol === one.protocol && endpoint === one.endpoint);
  /** Those that get each message. */
  const functions = subscriptions.filter(({ protocol, confirmed }) => protocol === 'lambda' && confirmed).length;
  /** Subscriptions that dr.config.ts does not know. */
  const others = subscriptions.filter((one) => !isKnown(one)).length - functions;
  return { people, functions, others };
}

/** Null: Route 53 has no check of that host. */
async function checkersOf(checks: readonly HealthCheck[], host: string, reader: StatusReader) {
  const check = checks.find((one) => one.host === host);
  if (!check) return null;
  const reports = await reader.checkerReports(check.id);
  const failures = reports.filter((report) => !report.startsWith('Success'));
  const healthy = reports.length - failures.length;
  const isHealthy = isHealthyBy(healthy, reports.length);
  // `failure`: what most of the others report.
  return { healthy, checkers: reports.length, isHealthy, failure: mostCommon(failures) };
}

function mostCommon(texts: readonly string[]): string | null {
  const count = (text: string): number => texts.filter((one) => one === text).length;
  return [...texts].sort((a, b) => count(b) - count(a))[0] ?? null;
}

/** Null: there is no such group. */
async function targetsOf({ system, frontDoor }: DrConfig, { name, awsRegion }: RegionConfig, reader: StatusReader) {
  // What an accelerator goes by is shown beside what says whether functions run.
  const groups = frontDoor === 'global-accelerator' ? [...TARGET_GROUPS, FRONT_GROUP] : TARGET_GROUPS;
  const found = await Promise.all(
    groups.map((group) => reader.targets(awsRegion, targetGroupName(system, name, group))),
  );
  const byGroup = groups.map((group, at) => [group, found[at] ?? null]);
  return Object.fromEntries(byGroup) as Readonly<Record<string, readonly Target[] | null>>;
}

const since = (nowMs: number): number => nowMs - METRIC_MINUTES * 60_000;
const NONE: Invocations = { invocations: 0, errors: 0, throttles: 0 };

async function functionsOf({ system }: DrConfig, { awsRegion }: RegionConfig, { reader, nowMs }: StatusSources) {
  const names = FUNCTIONS.map((fn) => lambdaName(system, fn));
  const sums = await reader.invocations(awsRegion, names, since(nowMs), nowMs);
  const byFunction = FUNCTIONS.map((fn, at) => [fn, sums.get(names[at] ?? '') ?? NONE]);
  return Object.fromEntries(byFunction) as Record<FunctionName, Invocations>;
}

async function tableOf(config: DrConfig, { awsRegion }: RegionConfig, { reader, nowMs }: StatusSources) {
  const name = tableName(config.system);
  const others = config.regions.filter((one) => one.awsRegion !== awsRegion);
  const towards = others.map((one) => one.awsRegion);
  const [{ status, items, replicas }, lags] = await Promise.all([
    reader.tableStatus(awsRegion, name),
    reader.replicationMs(awsRegion, name, towards, since(nowMs), nowMs),
  ]);
  return {
    status,
    items,
    replicas: others.map((one) => ({
      region: one.name,
      status: replicas.find((replica) => replica.awsRegion === one.awsRegion)?.status ?? 'MISSING',
      /** Of what was last written here; null: nothing was, lately. */
      lagMs: lags.get(one.awsRegion) ?? null,
    })),
  };
}
