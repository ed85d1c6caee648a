// A rule of docs/twin.md that an account can be asked about.
import type { Sandbox } from './sandbox';

export interface Row {
  /** As in docs/twin.md and libs/twin/src/conformance. */
  readonly id: string;
  /** What AWS is held to. */
  readonly says: string;
  /** Why the emulated AWS of the end-to-end tests cannot be asked, where it cannot. */
  readonly notEmulated?: string;
  /** Rejects with {@link Differs} where AWS does something else. */
  run(sandbox: Sandbox): Promise<void>;
}

/** AWS does something else than the rule says. Any other error says nothing of the rule. */
export class Differs extends Error {}

/** Errors that say nothing of the value that was sent. */
const OF_THE_CALLER =
  /^(AccessDenied|UnauthorizedOperation|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|Throttl|TooManyRequests|LimitExceeded|RequestLimitExceeded|CredentialsProvider)/;

interface ClientError {
  readonly name: string;
  readonly message: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** AWS refuses the value: with a 4xx that is about what was sent. */
export async function refused(what: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    const { name, $metadata } = error as ClientError;
    const status = $metadata?.httpStatusCode ?? 0;
    if (status >= 400 && status < 500 && !OF_THE_CALLER.test(name)) return;
    throw error;
  }
  throw new Differs(`takes ${what}`);
}

export async function taken<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { name, message, $metadata } = error as ClientError;
    const status = $metadata?.httpStatusCode ?? 0;
    if (status < 400 || status >= 500 || OF_THE_CALLER.test(name)) throw error;
    throw new Differs(`refuses ${what}: ${name}: ${message}`);
  }
}

export function hold(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Differs(otherwise);
}
