// Our own system: what the drills' engine is told of it.
import { FUNCTIONS, functionOf } from '@dr/contracts/system';
import { knownOrAbsent, type Graph } from '@dr/terraform-json';
import { startTwin, type StartOptions } from '../../run/start';
import type { RunningStack, SystemUnderDrill } from '../../system-under-drill';
import { auditRetries } from './audit';
import { CHECKS } from './checks';
import { isClientData, isControlRecord } from './control-records';
import { ControlWatch } from './control-watch';
import { narrate, noticeOf } from './notices';
import { giveOrder, orderOutcomes, returnsByOrder } from './orders';
import { prepare } from './prepare';
import { ENTRY, promisesOf } from './promises';
import { OUR_SERVICE, tableIn } from './serving';
import { SOMETIMES } from './sometimes';
import { workloadOf } from './workload';

export const OURS: SystemUnderDrill = {
  served: OUR_SERVICE,
  functions: FUNCTIONS,
  entryFunction: ENTRY,
  functionName: functionOf,
  table: tableIn,
  isControlRecord,
  isClientData,
  workload: workloadOf,
  promises: promisesOf,
  checks: CHECKS,
  sometimes: SOMETIMES,
  prepare,
  watch: () => new ControlWatch(),
  noticeOf,
  narrate,
  orders: { give: giveOrder, outcomes: orderOutcomes, returnsByOrder },
  audit: auditRetries,
};

/** Is it a stack of our own system? It has the function that clients call. */
export const isOurs = (graph: Graph): boolean =>
  graph
    .ofType('aws_lambda_function')
    .some(({ values }) => functionOf(String(knownOrAbsent(() => values['function_name']))) === ENTRY);

/** Our stack, as after a long time in service. Throws InputError on what it gets wrong. */
export const startOurs = (options: Omit<StartOptions, 'system'>): Promise<RunningStack> =>
  startTwin({ system: OURS, ...options });
