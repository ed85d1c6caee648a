// The front door of a config: with an accelerator no DNS answer moves a client, so nothing may be set that says how one would.
import type { DrConfig } from './config-schema';
import { InputError } from '../input-error';

/** Throws InputError for settings of the other front door. */
export function checkFrontDoor(config: DrConfig): void {
  if (config.frontDoor !== 'global-accelerator') return;
  const [first] = settingsOfDns(config);
  if (!first) return;
  throw new InputError(
    `dr.config.ts: ${first.setting} with frontDoor "global-accelerator"`,
    `are two fronts at once: ${first.meaning}, and no DNS answer moves a client that comes by the accelerator's addresses, which lead to the nearest region that is healthy`,
    `Leave ${first.key} out, or set frontDoor: 'dns'`,
  );
}

/** `latency` is what the accelerator does by itself, and what a config says that names no routing. */
function settingsOfDns({ routing, weights, recovery }: DrConfig) {
  const of = (key: string, value: unknown, meaning: string) =>
    value === undefined ? [] : [{ key, setting: `${key} ${JSON.stringify(value)}`, meaning }];
  return [
    ...of('routing', routing === 'latency' ? undefined : routing, 'the routing is how Route 53 chooses a region'),
    ...of('weights', weights, 'weights are the shares in which Route 53 answers'),
    ...of('recovery.ttlSeconds', recovery.ttlSeconds, 'the TTL is how long a client keeps a region that DNS gave it'),
    ...(['intervalSeconds', 'failureThreshold'] as const).flatMap((key) =>
      of(`recovery.${key}`, recovery[key], 'it says how soon Route 53 changes its answers'),
    ),
  ];
}
