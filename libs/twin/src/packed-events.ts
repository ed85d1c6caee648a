// Events of a long run as they are kept: their JSON lines, those of one kind together, deflated.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { LoggedEvent, EventOf, TwinEvent } from '@dr/event-log';
import { entryOf } from './kernel/entry-of';
import type { Keep } from './kernel/keep';

type Kind = TwinEvent['kind'];

/** Between two lines: no line of JSON has a line end in it, and in brackets all together are one JSON text. */
const SEPARATOR = ',\n';

export class PackedEvents {
  private readonly lines = new Map<Kind, () => Buffer>();
  /** Of each event in order, the place of its kind in `lines`. */
  private readonly order: Uint8Array;

  constructor(events: readonly LoggedEvent[], keep: Keep) {
    const texts = new Map<Kind, string[]>();
    for (const event of events) entryOf(texts, event.kind, () => []).push(JSON.stringify(event));
    const kinds = [...texts.keys()];
    this.order = Uint8Array.from(events, ({ kind }) => kinds.indexOf(kind));
    for (const [kind, own] of texts) this.lines.set(kind, keep(deflateRawSync(own.join(SEPARATOR))));
  }

  ofKind<K extends Kind>(kind: K): readonly EventOf<K>[] {
    const packed = this.lines.get(kind);
    return packed ? (JSON.parse(`[${unpacked(packed)}]`) as EventOf<K>[]) : [];
  }

  /** All in order, each as its line of JSON without a line end. */
  *texts(): Generator<string> {
    const texts = [...this.lines.values()].map((packed) => unpacked(packed).split(SEPARATOR)[Symbol.iterator]());
    for (const kind of this.order) yield texts[kind]?.next().value as string;
  }

  /** All in order. */
  *[Symbol.iterator](): Generator<LoggedEvent> {
    for (const text of this.texts()) yield JSON.parse(text) as LoggedEvent;
  }
}

const unpacked = (packed: () => Buffer): string => inflateRawSync(packed()).toString();
