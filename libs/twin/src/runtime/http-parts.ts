// What HTTP clients hold beside the request: its socket, and the response that comes in.
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import type { HttpResponse } from '../http';
import type { VirtualTimeout, VirtualTimers } from './virtual-timers';

/** As much of net.Socket as clients touch: whether it is connected, and its inactivity timer. */
export class VirtualSocket extends EventEmitter {
  connecting = true;
  destroyed = false;
  private timer: VirtualTimeout | undefined;

  constructor(private readonly timers: VirtualTimers) {
    super();
  }
  setTimeout(delayMs: number, onTimeout?: () => void): this {
    this.timers.clearTimeout(this.timer);
    if (onTimeout) this.once('timeout', onTimeout);
    if (delayMs > 0 && !this.destroyed) this.timer = this.timers.setTimeout(() => this.emit('timeout'), delayMs);
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  destroy(): this {
    this.destroyed = true;
    this.timers.clearTimeout(this.timer);
    return this;
  }
}

/** http.IncomingMessage of an answer that has arrived whole. */
export class IncomingAnswer extends Readable {
  readonly statusCode: number;
  readonly statusMessage = '';
  readonly headers: Record<string, string>;
  readonly httpVersion = '1.1';
  complete = false;

  constructor(
    private readonly answer: HttpResponse,
    readonly socket: VirtualSocket | undefined,
  ) {
    super();
    this.statusCode = answer.status;
    this.headers = { ...answer.headers };
  }

  get rawHeaders(): string[] {
    return Object.entries(this.headers).flat();
  }

  /** Without the steps of a stream: it is here, whole. */
  override pipe<T extends NodeJS.WritableStream>(destination: T, options?: { readonly end?: boolean }): T {
    if (this.complete || this.readableFlowing !== null || options?.end === false)
      return super.pipe(destination, options);
    this.complete = true;
    process.nextTick(() => {
      if (this.destroyed) return;
      if (this.answer.body.length > 0) destination.write(this.answer.body);
      destination.end();
      this.emit('end');
    });
    return destination;
  }

  override _read(): void {
    if (this.complete) return;
    this.complete = true;
    if (this.answer.body.length > 0) this.push(this.answer.body);
    this.push(null);
  }
}
