// What may be wrong with a stack, as one list of rules.
import { readHealthChecks, readNames, type Finding } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { ACCELERATOR_RULES } from './accelerators';
import { ALARM_RULES } from './alarms';
import { CHECK_SETTING_RULES } from './check-settings';
import { COMPUTE_RULES } from './compute';
import { DATABASE_RULES } from './databases';
import { DISTRIBUTION_RULES } from './distributions';
import { FRONT_END_RULES } from './front-ends';
import { FUNCTION_RULES } from './functions';
import { HEALTH_CHECK_RULES } from './health-checks';
import { KEPT_DATA_RULES } from './kept-data';
import { LOAD_BALANCER_RULES } from './load-balancers';
import { METRIC_CHECK_RULES } from './metric-checks';
import { NAME_RULES } from './names';
import { NOTICE_RULES } from './notices';
import { OWN_NETWORK_RULES } from './own-network';
import { RECORD_RULES } from './records';
import { RECOVERY_CONTROL_RULES } from './recovery-controls';
import { REPLICA_RULES } from './replicas';
import { ANY_SYSTEM, type Judged, type Rule, type ServedSystem, type Stack } from './rule';
import { STANDBY_RULES } from './standbys';
import { STRONG_TABLE_RULES } from './strong-tables';
import { TABLE_RULES } from './tables';
import { VALUE_RULES } from './values';
import { ZONE_RULES } from './zones';

export * from './rule';
export { metricsOf } from './alarms';

/** In the order in which a request meets what they are about. */
export const RULES: readonly Rule[] = [
  ...VALUE_RULES,
  ...NAME_RULES,
  ...ZONE_RULES,
  ...RECORD_RULES,
  ...HEALTH_CHECK_RULES,
  ...CHECK_SETTING_RULES,
  ...METRIC_CHECK_RULES,
  ...RECOVERY_CONTROL_RULES,
  ...DISTRIBUTION_RULES,
  ...ACCELERATOR_RULES,
  ...OWN_NETWORK_RULES,
  ...LOAD_BALANCER_RULES,
  ...FRONT_END_RULES,
  ...FUNCTION_RULES,
  ...STANDBY_RULES,
  ...COMPUTE_RULES,
  ...TABLE_RULES,
  ...REPLICA_RULES,
  ...STRONG_TABLE_RULES,
  ...DATABASE_RULES,
  ...KEPT_DATA_RULES,
  ...ALARM_RULES,
  ...NOTICE_RULES,
];

/** What AWS, or its provider, does not take: no apply makes such a stack. */
export const whatAwsRefuses = (stack: Stack): readonly Finding[] =>
  RULES.filter(({ severity }) => severity === 'blocks').flatMap(({ judge }) => [...judge(stack, ANY_SYSTEM)]);

/** What all rules find that a drill would be refused for or would show, each once, in their order. Throws InputError on what cannot be read. */
export function judgeStack(
  graph: Graph,
  system: ServedSystem = ANY_SYSTEM,
  kinds: readonly Rule['of'][] = ['serving', 'unseen', 'failover'],
): Judged[] {
  const stack = { graph, names: readNames(graph), checks: readHealthChecks(graph) };
  const found = [...RULES, ...(system.rules ?? [])]
    .filter(({ of }) => kinds.includes(of))
    .flatMap(({ id, of, judge }) => Array.from(judge(stack, system), (one) => ({ rule: id, of, ...one })));
  return [...new Map(found.map((one) => [`${one.address} ${one.sentence}`, one])).values()];
}
