// The database that dynalite talks to: callbacks and streams over the ordered store, without its layers of promises.
import { Stream } from 'node:stream';
import type { OrderedStore, RangeOptions } from './store';

type Done<T = undefined> = (error: null, value?: T) => void;

export interface CallbackDatabase {
  get(key: string, done: Done<unknown>): void;
  put(key: string, value: unknown, done: Done): void;
  del(key: string, done: Done): void;
  createKeyStream(options?: RangeOptions): Stream;
  createValueStream(options?: RangeOptions): Stream;
}

const ready = Promise.resolve();

/** Runs before the next event of the twin. A promise's job costs less than queueMicrotask, which makes an async resource. */
export const soon = <A extends readonly unknown[]>(run: (...args: A) => void, ...args: A): void =>
  void ready.then(() => run(...args));

export function callbackDatabase(store: OrderedStore): CallbackDatabase {
  return {
    get: (key, done) => soon(done, null, store.read(key)),
    put(key, value, done) {
      store.put(key, value);
      soon(done, null);
    },
    del(key, done) {
      store.del(key);
      soon(done, null);
    },
    // Read when they are sent, which nothing comes between: a page of a scan reads no more than the page.
    createKeyStream: (options = {}) => streamOf((send) => store.visit(options, send)),
    createValueStream: (options = {}) =>
      streamOf((send) => store.visit(options, (_key, text) => send(JSON.parse(text)))),
  };
}

/**
 * An old-style stream, which is enough for dynalite: `data` and `end` events, and a `destroy` that stops them. `read`: sends values
 * until it is answered false.
 */
function streamOf(read: (send: (value: unknown) => boolean) => void): Stream {
  let stopped = false;
  const stream = Object.assign(new Stream(), { destroy: () => void (stopped = true) });
  soon(() => {
    if (stopped) return;
    read((value) => {
      stream.emit('data', value);
      return !stopped;
    });
    if (!stopped) stream.emit('end');
  });
  return stream;
}

/** Dynalite wraps this. Its methods are then replaced by those above. */
export class PlaceholderLevel {
  put(): void {}
  get(): void {}
  del(): void {}
  batch(): void {}
  close(): void {}
}
