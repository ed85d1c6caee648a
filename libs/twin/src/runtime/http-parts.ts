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

export function incoming(answer: HttpResponse, socket: VirtualSocket | undefined): Readable {
  let sent = false;
  const response = new Readable({
    read() {
      if (sent) return;
      sent = true;
      if (answer.body.length > 0) this.push(answer.body);
      Object.assign(this, { complete: true });
      this.push(null);
    },
  });
  return Object.assign(response, {
    statusCode: answer.status,
    statusMessage: '',
    headers: { ...answer.headers },
    rawHeaders: Object.entries(answer.headers).flat(),
    httpVersion: '1.1',
    complete: false,
    socket,
  });
}
