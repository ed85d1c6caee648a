// How an invocation ends that a fault strikes.
import type { Ending } from './environment';

export const FAILS: Ending = {
  outcome: 'error',
  errorType: 'FaultInjected',
  message: 'the function fails every invocation (injected fault)',
};
export const FAILS_TO_START: Ending = {
  outcome: 'init-error',
  errorType: 'BadDeploy',
  message: 'the new version throws while it starts (injected fault)',
};

/** Lambda API, Invoke: KMSAccessDeniedException. */
export const NO_VARIABLES: Ending = {
  outcome: 'init-error',
  errorType: 'KMSAccessDeniedException',
  message: 'Lambda was unable to decrypt the environment variables because KMS access was denied',
};
