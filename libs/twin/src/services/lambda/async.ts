// Asynchronous invocation (FN-04): Lambda's own queue, retries, then the failure destination and the dead-letter queue.
import type { AsyncConfig } from '@dr/stack';
import type { World } from '../../world';
import type { InvokeResult } from '../ports';

/** Waits before the first and second retry of a function error. Source: invocation-async. */
const RETRY_WAITS_MS = [60_000, 120_000] as const;
/** Throttles and system errors are retried after 1 s, then after ever longer waits of up to 5 minutes, until the event is too old. */
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 300_000;
/** [A] Time that an event spends in the queue when nothing is wrong. */
const QUEUE_MS = 20;

export interface AsyncEvent {
  readonly functionArn: string;
  readonly payload: unknown;
  readonly trigger: string;
  readonly config: AsyncConfig;
}

export interface FailedEvent extends AsyncEvent {
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
  readonly attempts: number;
  readonly message: string;
}

export class AsyncQueue {
  constructor(
    private readonly world: World,
    private readonly invoke: (event: AsyncEvent) => Promise<InvokeResult>,
    private readonly onFailed: (failed: FailedEvent) => void,
  ) {}

  add(event: AsyncEvent): void {
    this.world.scheduler.after(QUEUE_MS, () => void this.deliver(event));
  }

  private async deliver(event: AsyncEvent): Promise<void> {
    const { scheduler } = this.world;
    const { maxRetries, maxAgeMs } = event.config;
    const queuedMs = scheduler.now();
    let errors = 0;
    let backoffMs = FIRST_BACKOFF_MS;
    for (let attempts = 1; ; attempts += 1) {
      const result = await this.invoke(event);
      if (result.kind === 'ok') return;
      const message = result.kind === 'function-error' ? result.message : result.kind;
      let waitMs: number;
      if (result.kind === 'function-error') {
        errors += 1;
        if (errors > maxRetries) return this.onFailed({ ...event, condition: 'RetriesExhausted', attempts, message });
        waitMs = RETRY_WAITS_MS[errors - 1] ?? MAX_BACKOFF_MS;
      } else {
        waitMs = backoffMs;
        backoffMs = Math.min(2 * backoffMs, MAX_BACKOFF_MS);
      }
      if (scheduler.now() + waitMs - queuedMs > maxAgeMs) {
        return this.onFailed({ ...event, condition: 'EventAgeExceeded', attempts, message });
      }
      await scheduler.sleep(waitMs);
    }
  }
}
