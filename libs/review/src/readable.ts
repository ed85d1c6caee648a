// What of a stack can be judged: all of it, or nothing, where it is unknown how many of its records, health checks or stores there will be.
import { declaredHealthChecks, readNames, type Names } from '@dr/stack';
import { UnknownValueError, type Graph } from '@dr/terraform-json';
import { judgeNames, type JudgedName } from './outcomes/judge';
import type { Stack } from './rules/rule';

export interface Readable {
  readonly stack: Stack;
  readonly judged: readonly JudgedName[];
  /** Why nothing is judged. */
  readonly unread: string | undefined;
}

const NO_NAMES: Names = {
  records: [],
  publicNames: [],
  acceleratedNames: [],
  endpoint: () => undefined,
  recordsOf: () => [],
  endpointsBehind: () => [],
  behind: () => [],
};

export function readable(graph: Graph): Readable {
  try {
    const stack: Stack = { graph, names: readNames(graph), checks: declaredHealthChecks(graph) };
    return { stack, judged: judgeNames(stack), unread: undefined };
  } catch (error) {
    if (!(error instanceof UnknownValueError) || error.unknown.path !== 'count') throw error;
    const unread = `no name is judged: how many of ${error.unknown.address} there will be is unknown, ${error.unknown.reason}`;
    return { stack: { graph, names: NO_NAMES, checks: new Map() }, judged: [], unread };
  }
}
