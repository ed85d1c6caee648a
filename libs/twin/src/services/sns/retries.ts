// How SNS tries a delivery again: its own delivery policy of each kind of endpoint (SNS-05, sns-message-delivery-retries).
import type { Random } from '../../kernel/random';

interface Phase {
  readonly times: number;
  readonly firstMs: number;
  /** The last pause of a phase whose pauses grow. @default firstMs */
  readonly lastMs?: number;
}

/** Lambda functions: 100,015 retries over 23 days. */
const AWS_MANAGED: readonly Phase[] = [
  { times: 3, firstMs: 0 },
  { times: 2, firstMs: 1_000 },
  { times: 10, firstMs: 1_000, lastMs: 20_000 },
  { times: 100_000, firstMs: 20_000 },
];
/** E-mail, SMS and mobile push: 50 retries over 6 hours. */
const CUSTOMER_MANAGED: readonly Phase[] = [
  { times: 2, firstMs: 10_000 },
  { times: 10, firstMs: 10_000, lastMs: 600_000 },
  { times: 38, firstMs: 600_000 },
];
/** HTTP and HTTPS, where neither the topic nor the subscription has a policy of its own. */
const WEB: readonly Phase[] = [{ times: 3, firstMs: 20_000 }];
/** [A] "Amazon SNS applies jittering to delivery retries": each pause by up to so much of itself, either way. */
const JITTER = 0.2;

const policyOf = (protocol: string): readonly Phase[] => {
  if (protocol === 'lambda') return AWS_MANAGED;
  return protocol.startsWith('http') ? WEB : CUSTOMER_MANAGED;
};

/** Pauses before each retry, ms; after the last one SNS gives up. */
export function* pausesBetween(protocol: string, random: Random): Generator<number> {
  for (const { times, firstMs, lastMs = firstMs } of policyOf(protocol)) {
    for (let i = 0; i < times; i += 1) {
      // Exponential: each pause is the same multiple of the one before.
      const pauseMs = firstMs === lastMs ? firstMs : firstMs * (lastMs / firstMs) ** (i / (times - 1));
      yield pauseMs === 0 ? 0 : pauseMs * random.between(1 - JITTER, 1 + JITTER);
    }
  }
}
