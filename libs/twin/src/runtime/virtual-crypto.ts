// node:crypto and globalThis.crypto with seeded randomness. Hashes are the real ones; what needs a thread pool is refused,
// because its answers would come in no fixed order.
import * as nodeCrypto from 'node:crypto';
import type { Random } from '../kernel/random';

type Bytes = NodeJS.ArrayBufferView;

const { createHash, createHmac, createSecretKey, hash, timingSafeEqual, getHashes, constants } = nodeCrypto;
/** Real members of node:crypto that are pure functions of their arguments. */
const PURE = { createHash, createHmac, createSecretKey, hash, timingSafeEqual, getHashes, constants };

export interface VirtualCrypto {
  readonly module: Readonly<Record<string, unknown>>;
  readonly web: Readonly<Record<string, unknown>>;
}

export function virtualCrypto(random: Random): VirtualCrypto {
  const fill = <T extends Bytes>(view: T): T => {
    Buffer.from(view.buffer, view.byteOffset, view.byteLength).set(random.bytes(view.byteLength));
    return view;
  };
  const randomUUID = (): string => uuidOf(random.bytes(16));
  const web = { getRandomValues: fill, randomUUID, subtle: refusing('crypto.subtle') };
  const own = {
    ...PURE,
    randomUUID,
    getRandomValues: fill,
    webcrypto: web,
    randomBytes: withCallback((size: number) => random.bytes(size)),
    randomFillSync: fill,
    randomFill: withCallback(fill),
    randomInt: (low: number, high?: number) =>
      high === undefined ? random.integer(low) : low + random.integer(high - low),
  };
  return { module: refusing('node:crypto', own), web };
}

/** Answers through the callback when there is one, at the next tick as Node does. */
function withCallback<A, R>(
  compute: (argument: A) => R,
): (argument: A, callback?: (error: null, result: R) => void) => R | undefined {
  return (argument, callback) => {
    const result = compute(argument);
    if (!callback) return result;
    process.nextTick(callback, null, result);
    return undefined;
  };
}

/** Version 4 UUID from 16 bytes (RFC 9562). */
export function uuidOf(bytes: Buffer): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * A module in which everything that is not in `known` is a function that says it is not available. The refusal sits in the
 * prototype, which is where bundlers look for the names that they did not find when they copied the module.
 */
export function refusing(
  module: string,
  known: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const refusal = new Proxy(Object.create(null) as object, {
    get(_target, key) {
      // Bundlers and promise machinery ask for these to learn what kind of object they hold.
      if (typeof key === 'symbol' || ASKED_BY_MACHINERY.test(key)) return undefined;
      return function refused(): never {
        throw new Error(`${module}.${key} is not available to a function in the twin`);
      };
    },
  });
  return Object.assign(Object.create(refusal) as Record<string, unknown>, known);
}

const ASKED_BY_MACHINERY = /^(then|__esModule|default|constructor|toJSON|hasOwnProperty|toString|valueOf)$/;
