// Does traffic-router answer? Asked through Lambda itself, as its load balancer would.
import { syntheticGet, withDeadline, type Clock, type FunctionInvoker } from '@dr/handler-core';

export const ROUTER_DEADLINE_MS = 400;

export type RouterReason =
  'router-timeout' | 'router-throttled' | 'router-error' | 'router-unreachable' | 'router-not-ready';

/** undefined: it is ready. */
export async function checkRouter(
  clock: Clock,
  invoker: FunctionInvoker,
  functionName: string,
): Promise<RouterReason | undefined> {
  try {
    const answer = await withDeadline(clock, ROUTER_DEADLINE_MS, (signal) =>
      invoker.invoke(functionName, syntheticGet('/ready'), signal),
    );
    switch (answer.kind) {
      case 'ok':
        return (answer.payload as { statusCode?: unknown } | null)?.statusCode === 200 ? undefined : 'router-not-ready';
      case 'function-error':
        return 'router-error';
      case 'throttled':
        return 'router-throttled';
      case 'unreachable':
        return 'router-unreachable';
    }
  } catch {
    return 'router-timeout';
  }
}
