// A run that goes on: its log as it grows, how its time passes, what is in force, and whether the console is still there.
import type { LogEnd, LogHeader } from '@dr/event-log';
import { RunLog, type AnyEvent } from '../log/run-log';
import { checkSchema } from '../log/schema';
import type { Clock, Given } from './messages';

export type Message =
  | { readonly kind: 'log'; readonly data: LogHeader }
  | { readonly kind: 'events'; readonly data: readonly AnyEvent[] }
  | { readonly kind: 'clock'; readonly data: Clock }
  | { readonly kind: 'given'; readonly data: Given }
  | { readonly kind: 'end'; readonly data: LogEnd | { readonly kind: 'cut'; readonly why: string } };

/** `lost`: it was there, and is asked for again and again. */
export type Link = 'connecting' | 'open' | 'lost';

export interface Outcome {
  readonly text: string;
  readonly isRefused: boolean;
}

const NOTHING: Given = { faults: [], orders: [] };

export class LiveRun {
  /** undefined: the console has not said yet what runs. */
  log: RunLog | undefined;
  clock: Clock | undefined;
  given: Given = NOTHING;
  link: Link = 'connecting';
  /** Why the run could not go on. */
  cutWhy: string | undefined;
  /** What came of what was last asked of the console. */
  outcome: Outcome | undefined;
  /** Changes with everything that is to be seen. */
  version = 0;
  /** Changes with what is in force, how time passes, and the link. */
  settings = 0;
  /** Events of a new connection that the log has already. */
  private known = 0;
  private header = '';

  /** The console says everything anew to who connects: what the log has already is passed over. Throws on a log of another schema. */
  take(message: Message): void {
    this.version += 1;
    switch (message.kind) {
      case 'log':
        return this.begin(message.data);
      case 'events':
        return this.append(message.data);
      case 'clock':
        this.settings += 1;
        this.clock = message.data;
        return this.log?.advance(message.data.atMs);
      case 'given':
        this.settings += 1;
        this.given = message.data;
        return;
      case 'end':
        return this.finish(message.data);
    }
  }

  /** The connection came, or went. */
  linked(isOpen: boolean): void {
    this.version += 1;
    this.settings += 1;
    this.link = isOpen ? 'open' : this.log ? 'lost' : 'connecting';
  }

  tell(outcome: Outcome): void {
    this.version += 1;
    this.settings += 1;
    this.outcome = outcome;
  }

  get isOver(): boolean {
    return this.log !== undefined && this.log.state !== 'running';
  }

  private begin(header: LogHeader): void {
    checkSchema(header);
    const text = JSON.stringify(header);
    this.known = 0;
    if (text === this.header) this.known = this.log?.events.length ?? 0;
    else this.log = RunLog.running(header);
    this.header = text;
    this.cutWhy = undefined;
    this.linked(true);
  }

  private append(events: readonly AnyEvent[]): void {
    const passed = Math.min(this.known, events.length);
    this.known -= passed;
    if (passed < events.length) this.log?.append(events.slice(passed));
  }

  private finish(end: Extract<Message, { kind: 'end' }>['data']): void {
    this.settings += 1;
    this.given = NOTHING;
    if (end.kind === 'end') return this.log?.finish(end);
    this.cutWhy = end.why;
    this.log?.cut();
  }
}
