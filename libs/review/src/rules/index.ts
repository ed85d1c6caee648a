// What may be wrong with a stack, as one list of rules.
import { readHealthChecks, readNames } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { ACCELERATOR_RULES } from './accelerators';
import { ALARM_RULES } from './alarms';
import { FUNCTION_RULES } from './functions';
import { HEALTH_CHECK_RULES } from './health-checks';
import { LOAD_BALANCER_RULES } from './load-balancers';
import { NAME_RULES } from './names';
import { ANY_SYSTEM, type Judged, type Rule, type ServedSystem } from './rule';
import { TABLE_RULES } from './tables';
import { VALUE_RULES } from './values';

export * from './rule';
export { metricsOf } from './alarms';

/** In the order in which a request meets what they are about. */
export const RULES: readonly Rule[] = [
  ...VALUE_RULES,
  ...NAME_RULES,
  ...HEALTH_CHECK_RULES,
  ...LOAD_BALANCER_RULES,
  ...FUNCTION_RULES,
  ...TABLE_RULES,
  ...ALARM_RULES,
  ...ACCELERATOR_RULES,
];

/** What all rules find, each once, in their order. Throws InputError on what cannot be read. */
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
