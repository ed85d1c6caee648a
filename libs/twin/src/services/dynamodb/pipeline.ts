// Stands in for the package `lazy` under dynalite: values go through a few steps, then come as a list, in the package's order of events.
import { EventEmitter } from 'node:events';
import { Stream } from 'node:stream';

/**
 * The package gives each pipeline twenty methods and a getter of its own. The getter makes a hidden class, which keeps all that the
 * request held in memory until a full garbage collection (measured in docs/decisions/0006).
 */
export class Pipeline extends EventEmitter {
  constructor(source?: EventEmitter) {
    super();
    let piped = false;
    this.once('pipe', () => (piped = true));
    this.once('end', () => {
      if (!piped) this.emit('pipe');
    });
    if (!source) return;
    source.on('end', () => this.emit('end'));
    this.on('pipe', () => source.emit('pipe'));
    // Dynalite itself passes on the values of a stream.
    if (!(source instanceof Stream)) source.on('data', (value: unknown) => this.emit('data', value));
  }

  map(change: (value: unknown) => unknown): Pipeline {
    return this.step(() => true, change);
  }

  takeWhile(test: (value: unknown) => boolean): Pipeline {
    let goesOn = true;
    return this.step((value) => {
      goesOn = goesOn && test(value);
      if (!goesOn) this.emit('pipe');
      return goesOn;
    });
  }

  join(use: (values: unknown[]) => void): this {
    const values: unknown[] = [];
    const last = this.step((value) => values.push(value) > 0);
    last.once('pipe', () => use(values));
    return this;
  }

  private step(passes: (value: unknown) => boolean, change = (value: unknown): unknown => value): Pipeline {
    const next = new Pipeline();
    this.on('data', (value: unknown) => {
      if (passes(value)) next.emit('data', change(value));
    });
    this.once('pipe', () => next.emit('pipe'));
    return next;
  }
}
