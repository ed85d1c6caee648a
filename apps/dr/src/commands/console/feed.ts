// What an open page is sent as it happens: server-sent events. Each page has a place in the log, and goes on from there when it can
// take more, so that a slow one costs no memory.
import type { LoggedEvent } from '@dr/event-log';
import type { Outlet } from './ports';

export interface Source {
  /** The first line of the log, without its newline. */
  readonly header: string;
  readonly events: { readonly length: number; slice(from: number, to: number): readonly LoggedEvent[] };
  clock(): object;
  given(): object;
}

/** Of one message. */
const MAX_EVENTS = 2_000;

interface Reader {
  readonly outlet: Outlet;
  sent: number;
  given: string;
}

export class Feed {
  private readonly readers = new Set<Reader>();
  private last: string | undefined;

  constructor(private readonly source: Source) {}

  /** For the answer to a page that asks; returns what is to be done when it goes. */
  readonly open = (outlet: Outlet): (() => void) => {
    const reader: Reader = { outlet, sent: 0, given: '' };
    outlet.write(message('log', this.source.header));
    this.readers.add(reader);
    this.look(reader);
    if (this.last !== undefined) outlet.write(this.last);
    return () => void this.readers.delete(reader);
  };

  /** Sends what is new; ten times a second is often enough. */
  tick(): void {
    for (const reader of this.readers) this.look(reader);
  }

  get hasReaders(): boolean {
    return this.readers.size > 0;
  }

  /** Every page has every event. */
  get isCaughtUp(): boolean {
    return [...this.readers].every(({ sent }) => sent >= this.source.events.length);
  }

  /** How the run ended. Pages that come later are told as well. */
  end(how: object): void {
    this.last = message('end', JSON.stringify(how));
    for (const reader of this.readers) {
      this.look(reader);
      reader.outlet.write(this.last);
    }
  }

  /** Whatever a page has not got yet it will not get. */
  close(): void {
    for (const { outlet } of this.readers) outlet.end();
  }

  private look(reader: Reader): void {
    const { outlet } = reader;
    if (outlet.isFull) return;
    outlet.write(message('clock', JSON.stringify(this.source.clock())));
    const given = JSON.stringify(this.source.given());
    if (given !== reader.given) outlet.write(message('given', given));
    reader.given = given;
    const events = this.source.events.slice(reader.sent, reader.sent + MAX_EVENTS);
    if (events.length === 0) return;
    reader.sent += events.length;
    outlet.write(message('events', JSON.stringify(events)));
  }
}

/** JSON has no line end of its own. */
const message = (kind: string, json: string): string => `event: ${kind}\ndata: ${json}\n\n`;
