// What a handler may ask of the world outside: each port has an AWS adapter, an in-memory fake and one contract suite.
import type { MetricDefinition } from '@dr/contracts/system';
import type { Cancellation } from './cancellation';

declare const moment: unique symbol;
/** A moment in this environment's life. Opaque: only a clock reads it, and nobody takes it for a time of day. */
export interface Moment {
  readonly [moment]: true;
}

export interface Clock {
  /** Epoch ms, for stamps and for others to read. May step either way; right clocks are within `CLOCK_SKEW_MS` of each other. */
  wallMs(): number;
  /** Now, for ages within this environment: caches, throttles, deadlines. It never goes back, whatever the wall clock does. */
  moment(): Moment;
  /** Whole milliseconds since then, 0 or more: so long at least, as a frozen pause in which the wall clock went back is not counted. */
  sinceMs(then: Moment): number;
  /** Whether that was less than `ms` ago, for certain: false once the wall clock has gone back since. For what expires. */
  isWithin(then: Moment, ms: number): boolean;
  /** Calls back after `ms`; the returned function cancels it. */
  after(ms: number, callback: () => void): () => void;
}

export interface Random {
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
}

/** An item of the table: always with `id` and `timestamp`. */
export type Item = Readonly<Record<string, unknown>> & { readonly id: string; readonly timestamp: string };

export interface TableQuery {
  readonly id: string;
  /** Lowest sort key, included. */
  readonly from?: string;
  /** Sort keys below this one; it is itself left out. */
  readonly before?: string | undefined;
  /** Largest number of items in the answer, 1 at least; the service may stop earlier. */
  readonly limit?: number;
  /** The lowest sort keys first. Continue with `from` just above `next`. */
  readonly oldestFirst?: boolean;
}

export interface Page {
  readonly items: readonly Item[];
  /** Present when there is more. */
  readonly next?: string;
}

export interface ScanPage {
  readonly items: readonly Item[];
  /** Opaque; present when there is more. */
  readonly cursor?: string;
}

/** If the key is new; while the stored `version` is this one; or over anything whose `version` is not this one already. */
export type PutCondition =
  { readonly kind: 'absent' } | { readonly kind: 'version' | 'unless-version'; readonly version: number };

/** The replica of one region. Every method rejects with {@link TableError} when the table does not do its work. */
export interface Table {
  /**
   * Newest (greatest sort key) first, strongly consistent within the region. Continue with `before: page.next`. Rejects with kind
   * `invalid` for what DynamoDB refuses: a `from` above `before`, an empty key, a limit below 1.
   */
  query(query: TableQuery, signal?: Cancellation): Promise<Page>;
  /**
   * `refused`: the condition did not hold. Nothing else is a normal outcome. Rejects with kind `invalid` for an item that DynamoDB
   * does not take: an empty or overlong key, more than 400 KB, more than 32 levels, a number that it cannot hold.
   */
  put(item: Item, condition: PutCondition, signal?: Cancellation): Promise<'written' | 'refused'>;
  /** One page, eventually consistent, by a hash of `id`, then by `timestamp`: the same order in every replica [A]. */
  scan(cursor?: string, signal?: Cancellation, limit?: number): Promise<ScanPage>;
}

export type TableErrorKind = 'throttled' | 'unavailable' | 'denied' | 'timeout' | 'invalid';

export class TableError extends Error {
  override readonly name = 'TableError';

  constructor(
    readonly kind: TableErrorKind,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export type Invocation =
  | { readonly kind: 'ok'; readonly payload: unknown }
  | { readonly kind: 'function-error'; readonly message: string }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'unreachable'; readonly message: string };

export interface FunctionInvoker {
  /** Waits for the answer. Never rejects. */
  invoke(functionName: string, payload: unknown, signal?: Cancellation): Promise<Invocation>;
  /** Hands the event to Lambda's own queue and does not wait for the run. Rejects when it was not taken. */
  invokeLater(functionName: string, payload: unknown, signal?: Cancellation): Promise<void>;
}

export interface Notification {
  /** ASCII, at most 100 characters (SNS Publish). */
  readonly subject: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Notifier {
  /** Rejects when the topic did not take it. */
  publish(notification: Notification, signal?: Cancellation): Promise<void>;
}

export interface Secrets {
  /** The secret's text; undefined when there is no such secret or it has no value yet. Rejects when nobody answers. */
  read(name: string, signal?: Cancellation): Promise<string | undefined>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

export interface Http {
  /** One GET, no redirects followed. Rejects when there is no answer. */
  get(url: string, signal?: Cancellation): Promise<HttpAnswer>;
}

export type LogLevel = 'INFO' | 'WARN' | 'ERROR';
export type LogFields = Readonly<Record<string, unknown>>;

export interface MetricOptions {
  /** Dimensions beside `Region`. */
  readonly dimensions?: Readonly<Record<string, string>>;
}

export interface Telemetry {
  log(level: LogLevel, message: string, fields?: LogFields): void;
  /** Adds to the sum of the current interval. */
  count(metric: MetricDefinition, amount?: number, options?: MetricOptions): void;
  /** What is so now: the last value of the interval counts. */
  gauge(metric: MetricDefinition, value: number, options?: MetricOptions): void;
  /** One more value of the current interval. */
  observe(metric: MetricDefinition, value: number, options?: MetricOptions): void;
  /** Writes the metrics when their interval is over; call it at the end of an invocation. */
  flush(): void;
}
