// Names of AWS resources that two worlds must agree on: the stack creates them, handlers and alarms refer to them.
import { FUNCTIONS, type FunctionName } from './functions';

/** What Lambda calls the function of a system: an account may hold several systems. */
export const lambdaName = (system: string, fn: FunctionName): string => `${system}-${fn}`;
/** The function that a Lambda name means, whatever stands before it; any other name is returned as it is. */
export const functionOf = (name: string): string =>
  FUNCTIONS.find((known) => name === known || name.endsWith(`-${known}`)) ?? name;

/** Every function is called through this alias, so that a release is one pointer moved. */
export const LIVE_ALIAS = 'live';

export const tableName = (system: string): string => `${system}-system-table`;
export const topicName = (system: string, region: string): string => `${system}-alerts-${region}`;
/** The secret that holds the item API's keys; its name is the same in every region. */
export const apiKeySecretName = (system: string): string => `${system}-api-keys`;
export const loadBalancerName = (system: string, region: string): string => `${region}-${system}-alb`;
export const targetGroupName = (system: string, region: string, group: string): string =>
  `${region}-${system}-${group}`;
/** The accelerator in front of all regions. */
export const acceleratorName = (system: string): string => `${system}-front`;
/** The name that reaches one region and no other: health checks and peers use it. */
export const regionalDomain = (domain: string, region: string): string => `${region}.${domain}`;

/** Name tag of the network ACL around a region's load balancer. */
export const publicAclName = (system: string, region: string): string => `${system}-${region}-public`;
/** Role that a schedule takes on to undo a game day's fault. */
export const gameDayRoleName = (system: string, region: string): string => `${system}-${region}-game-day`;
/** Role that FIS takes on to cut a region's public subnets off. */
export const networkFaultRoleName = (system: string, region: string): string => `${system}-${region}-network-fault`;

/** What anybody may ask: whether the region serves. */
export const HEALTH_PATH = '/health';
/** What Route 53's checkers ask: the same, followed by a token that nobody else knows. */
export const CHECK_PATH = `${HEALTH_PATH}/`;
/** What health-checkers ask each other: the same, from what is known, so that no answer waits for another one. */
export const PEER_PATH = `${HEALTH_PATH}/peer`;
/** Leads to the target group that an accelerator goes by. Nobody has to ask for it: a group is checked once a rule forwards to it. */
export const FRONT_PATH = `${HEALTH_PATH}/front`;
/** What the name of that group ends in. */
export const FRONT_GROUP = 'front';
/** What a load balancer asks health-checker: 200 whenever the function runs, whatever the region's state. */
export const LIVENESS_PATH = '/live';

/** Alarm ids; each has a runbook of the same name in docs/runbooks. */
export const ALARMS = [
  'route53-unhealthy',
  'peer-stale',
  'error-rate-high',
  'latency-high',
  'table-throttled',
  'function-throttled',
  'target-unhealthy',
  'replication-slow',
  'records-bad',
  'failback-waiting',
  'events-undelivered',
] as const;
export type AlarmId = (typeof ALARMS)[number];

/** What the names of all alarms of a system, and of no other system, begin with: a system's name has no hyphen. */
export const alarmNamePrefix = (system: string): string => `${system}-`;

/** `about` is the region that the alarm speaks of, which is not always the region it lives in. */
export const alarmName = (system: string, about: string, alarm: AlarmId): string =>
  `${alarmNamePrefix(system)}${about}-${alarm}`;

/** The inverse of {@link alarmName}; undefined for an alarm that is not this system's. */
export function parseAlarmName(system: string, name: string): { about: string; alarm: AlarmId } | undefined {
  const alarm = ALARMS.find((id) => name.startsWith(alarmNamePrefix(system)) && name.endsWith(`-${id}`));
  if (!alarm) return undefined;
  const about = name.slice(system.length + 1, name.length - alarm.length - 1);
  return about ? { about, alarm } : undefined;
}
