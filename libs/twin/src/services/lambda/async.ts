// Asynchronous invocation (FN-04): Lambda's own queue, retries, then the failure destination and the dead-letter queue.
import { splitArn, type AsyncConfig } from '@dr/stack';
import type { Random } from '../../kernel/random';
import type { World } from '../../world';
import type { InvokeResult } from '../ports';

/** Waits before the first and second retry of a function error. Source: invocation-async-error-handling. */
const RETRY_WAITS_MS = [60_000, 120_000] as const;
/** Throttles and system errors are retried after 1 s, then after ever longer waits of up to 5 minutes, until the event is too old. */
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 300_000;
/** [A] "If the queue contains many entries, Lambda increases the retry interval": from so many on, in proportion. */
const MANY_EVENTS = 100;
/** [A] The queue is eventually consistent: so rarely an event comes a second time, so much later. */
const TWICE_SHARE = 1e-4;
const TWICE_AFTER_MS = [1_000, 60_000] as const;
/** [A] Time that an event spends in the queue when nothing is wrong. */
const QUEUE_MS = 20;

export interface AsyncEvent {
  readonly functionArn: string;
  readonly payload: unknown;
  readonly trigger: string;
  readonly config: AsyncConfig;
}

/** `closed`: its reserved concurrency is 0. */
export type AsyncResult = InvokeResult | { readonly kind: 'closed' };

export interface FailedEvent extends AsyncEvent {
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';
  readonly attempts: number;
  /** Of the last attempt; undefined: there was none. */
  readonly message: string | undefined;
}

interface AsyncPorts {
  run(event: AsyncEvent): Promise<AsyncResult>;
  onFailed(failed: FailedEvent): void;
}

/** Of one region. */
export class AsyncQueue {
  /** Events of each function that are in the queue: an event leaves it once it is done with. */
  private readonly entries = new Map<string, number>();
  private readonly twice: Random;

  constructor(
    private readonly world: World,
    awsRegion: string,
    private readonly ports: AsyncPorts,
  ) {
    this.twice = world.random.stream(`lambda/twice/${awsRegion}`);
  }

  add(event: AsyncEvent): void {
    this.enqueue(event, QUEUE_MS);
    if (this.twice.next() < TWICE_SHARE) this.enqueue(event, QUEUE_MS + this.twice.between(...TWICE_AFTER_MS));
  }

  private enqueue(event: AsyncEvent, delayMs: number): void {
    this.count(event, 1);
    this.world.scheduler.after(delayMs, () => void this.deliver(event).finally(() => this.count(event, -1)));
  }

  private async deliver(event: AsyncEvent): Promise<void> {
    const { scheduler } = this.world;
    const { maxRetries, maxAgeMs } = event.config;
    const queuedMs = scheduler.now();
    let errors = 0;
    let backoffMs = FIRST_BACKOFF_MS;
    for (let attempts = 1; ; attempts += 1) {
      const result = await this.ports.run(event);
      if (result.kind === 'ok') return;
      const fail = (condition: FailedEvent['condition'], made: number, message?: string): void =>
        this.ports.onFailed({ ...event, condition, attempts: made, message });
      if (result.kind === 'closed') return fail('ZeroReservedConcurrency', attempts - 1);
      const message = result.kind === 'function-error' ? result.message : result.kind;
      let waitMs: number;
      if (result.kind === 'function-error') {
        errors += 1;
        if (errors > maxRetries) return fail('RetriesExhausted', attempts, message);
        waitMs = RETRY_WAITS_MS[errors - 1] ?? MAX_BACKOFF_MS;
      } else {
        waitMs = backoffMs * Math.max(1, this.count(event, 0) / MANY_EVENTS);
        backoffMs = Math.min(2 * backoffMs, MAX_BACKOFF_MS);
      }
      if (scheduler.now() + waitMs - queuedMs > maxAgeMs) return fail('EventAgeExceeded', attempts, message);
      await scheduler.sleep(waitMs);
    }
  }

  /** Of the event's function, after the change. */
  private count({ functionArn }: AsyncEvent, change: number): number {
    const { name } = splitArn(functionArn);
    const entries = (this.entries.get(name) ?? 0) + change;
    this.entries.set(name, entries);
    return entries;
  }
}
