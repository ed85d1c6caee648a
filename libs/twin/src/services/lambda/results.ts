// What an invocation answers, from how it ended in its environment.
import type { InvokeResult } from '../ports';
import type { FunctionConfig } from './config';
import type { Ending } from './environment';

export const notFound = (functionArn: string): InvokeResult => ({
  kind: 'function-error',
  errorType: 'ResourceNotFoundException',
  message: `Function not found: ${functionArn}`,
});

export function resultOf(ending: Ending, config: FunctionConfig): InvokeResult {
  switch (ending.outcome) {
    case 'ok':
      return { kind: 'ok', payload: ending.payload };
    case 'killed':
      return { kind: 'unreachable' };
    case 'timeout': {
      const message = `Task timed out after ${(config.timeoutMs / 1000).toFixed(2)} seconds`;
      return { kind: 'function-error', errorType: 'Sandbox.Timedout', message };
    }
    default:
      return { kind: 'function-error', errorType: ending.errorType, message: ending.message };
  }
}
