// Values that AWS does not take: an apply fails on them, and what has been applied before stays as it was.
import type { Rule } from '../rule';
import { alarmValues } from './alarms';
import { healthCheckValues } from './health-checks';
import { functionValues, loadBalancerValues } from './others';
import { recordSetValues } from './record-sets';
import { recordValues } from './records';
import { scheduleValues } from './schedules';
import { tableValues } from './tables';
import { targetGroupValues } from './target-groups';

export const VALUE_RULES: readonly Rule[] = [
  recordValues,
  recordSetValues,
  healthCheckValues,
  loadBalancerValues,
  targetGroupValues,
  functionValues,
  tableValues,
  alarmValues,
  scheduleValues,
];
