// The functions, as functions.json lists them: the build, the stack and the names follow from that one list. Each is an app of its own.
import functions from './functions.json';

export type FunctionName = keyof typeof functions;

/** What the functions' table adapter calls; a role gets no more. */
export type TableAction = 'Query' | 'Scan' | 'PutItem';

export interface FunctionSpec {
  /** For people. */
  readonly does: string;
  /** What ids in the stack and its target group call it. */
  readonly short: string;
  /** health-checker: Route 53 waits 2 s for an answer, and a longer run serves nobody. */
  readonly timeoutSeconds: number;
  /**
   * Executions at once that are reserved, where the account's quota allows it: 16 checkers and their retries, one orchestrator per
   * topic and schedule, one validation run. traffic-router takes what is left.
   */
  readonly concurrency?: number;
  /**
   * Behind the load balancer. `livenessPath` answers 200 whenever the function runs; for health-checker that is not /health, which is
   * about the region and says 503 all through an evacuation.
   */
  readonly route?: { readonly paths: readonly string[]; readonly priority: number; readonly livenessPath: string };
  /**
   * Invoked by a schedule. Lambda tries an event for so long: a heartbeat is of no use once the next is due, an alarm stays news for hours.
   * The validator begins a run now and then; a run of many pages goes on every minute, and other minutes cost one read.
   */
  readonly everyMinute?: { readonly maximumEventAgeSeconds: number };
  /** What it may do with its own replica, and with those of the others. While its own throttles, a region knows itself from a peer's. */
  readonly table: { readonly local: readonly TableAction[]; readonly peers?: readonly TableAction[] };
  /** To the alert topic of its region. */
  readonly publishes?: boolean;
  /** Environment variable -> the function of its region that it names. */
  readonly invokes?: Readonly<Record<string, FunctionName>>;
}

export const FUNCTION_SPECS = functions as Readonly<Record<FunctionName, FunctionSpec>>;
export const FUNCTIONS = /* @__PURE__ */ Object.keys(functions) as readonly FunctionName[];

/** Target groups of a region's load balancer, by what they serve. */
export const TARGET_GROUPS: readonly string[] = /* @__PURE__ */ FUNCTIONS.flatMap((name) => {
  const { route, short } = FUNCTION_SPECS[name];
  return route ? [short] : [];
});
