// What an AWS error means to an operator: something to mend, a region that does not answer, or a defect.
import { InputError } from '@dr/contracts';
import { Denied, Unavailable } from '../operate/operator';

interface AwsError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const CREDENTIALS = new Set([
  'AuthFailure',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClientException',
]);
const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'UnauthorizedOperation',
]);
const BUSY = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);
const UNREACHABLE = new Set([
  'AbortError',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'TimeoutError',
]);

export interface AwsCall {
  /** As IAM calls it: `dynamodb:Query`. */
  readonly action: string;
  /** What it is called on: `table dr-system-table`. */
  readonly resource: string;
  readonly awsRegion: string;
}

/** The error to throw in the place of what the SDK threw. */
export function explained(thrown: unknown, { action, resource, awsRegion }: AwsCall): unknown {
  const error = (thrown ?? {}) as AwsError;
  const name = error.name ?? '';
  const said = (error.message ?? name).replace(/\s+/g, ' ').replace(/[.\s]+$/, '');
  const cause = { cause: thrown };
  if (CREDENTIALS.has(name)) {
    return new InputError(
      `AWS credentials (${action} in ${awsRegion})`,
      `are missing, expired or not valid there (${said})`,
      'Sign in, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for the account of the stack',
      cause,
    );
  }
  if (DENIED.has(name)) {
    return new Denied(action, `${action} on ${resource} in ${awsRegion}`, said, cause);
  }
  if (name === 'ResourceNotFoundException') {
    return new InputError(
      `${resource} in ${awsRegion}`,
      `does not exist in this account (${said})`,
      'Apply the stack first, or use credentials for the account that it is in',
      cause,
    );
  }
  const failedThere = (error.$metadata?.httpStatusCode ?? 0) >= 500;
  if (failedThere || BUSY.has(name) || UNREACHABLE.has(name) || UNREACHABLE.has(error.code ?? '')) {
    return new Unavailable(`${action} in ${awsRegion} was not answered (${said || name})`, cause);
  }
  return thrown;
}
