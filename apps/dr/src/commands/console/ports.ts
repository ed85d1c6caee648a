// What a console needs of the machine: sockets on its loopback, a pause, and a browser.
import type { Interruption } from '../../operate/gameday/ports';

export interface ConsoleWorld {
  /** Listens for HTTP. Rejects with InputError when there is no port to listen on. */
  http(port: number, answer: HttpAnswer, options: HttpOptions): Promise<Listening>;
  /** The same for DNS, over UDP and TCP on one port. */
  dns(port: number, answer: DnsAnswering): Promise<Listening>;
  /** Shows an address in the user's browser; false when there is none. */
  browse(address: string): Promise<boolean>;
  sleep(ms: number): Promise<void>;
  holdInterruptions(): Interruption;
}

export interface Listening {
  /** The one that was asked for, or the next free one; of 0, any. */
  readonly port: number;
  /** Every connection is closed with it. */
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Of a longer body only one byte more is read. */
  readonly maxBodyBytes: number;
}

/** A request as it came in. */
export interface Asked {
  readonly method: string;
  /** Path and query, e.g. `/log?x`. */
  readonly path: string;
  /** Names in lower case; of one that is given twice, the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** That it came to. */
  readonly port: number;
}

export type Given =
  | { readonly status: number; readonly headers?: Headers; readonly body: Buffer | string }
  /** Sent as fast as the reader takes them. */
  | { readonly status: number; readonly headers?: Headers; readonly lines: Iterable<string> }
  /** Stays open. Called once; what it returns is called when the reader has gone. */
  | { readonly status: number; readonly headers?: Headers; readonly open: (outlet: Outlet) => () => void }
  /** The connection ends without an answer. */
  | 'nothing';

type Headers = Readonly<Record<string, string>>;

/** One reader of a stream. */
export interface Outlet {
  /** It has not taken yet what was written before: write later. */
  readonly isFull: boolean;
  write(text: string): void;
  end(): void;
}

/** May reject: then the answer is 500. */
export type HttpAnswer = (asked: Asked) => Promise<Given> | Given;

/** The reply to one message; undefined: none. `maxBytes`: what fits. Never throws. */
export type DnsAnswering = (message: Buffer, maxBytes: number) => Buffer | undefined;
