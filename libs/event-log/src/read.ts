// Reads the file of an event log, line by line, and trusts none of it.
import { InputError } from '@dr/contracts';
import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { EVENTS, type LoggedEvent } from './events';
import { END, HEADER, SCHEMA, type LogEnd, type LogHeader } from './file';

/** An event of a kind that this version does not know: it has a time, a kind, and whatever else. */
export interface UnknownEvent {
  readonly kind: string;
  readonly atMs: number;
}

export interface LogFile {
  readonly header: LogHeader;
  /** In order of time. */
  readonly events: readonly (LoggedEvent | UnknownEvent)[];
  /** null: the log was cut off, and what came after its last event is not known. */
  readonly end: LogEnd | null;
}

export const isKnownKind = (kind: string): kind is LoggedEvent['kind'] => Object.hasOwn(EVENTS, kind);
const isKnown = (event: LoggedEvent | UnknownEvent): event is LoggedEvent => isKnownKind(event.kind);

/** Those of a kind that this version knows. */
export const knownEvents = ({ events }: Pick<LogFile, 'events'>): LoggedEvent[] => events.filter(isKnown);

/**
 * `name` says which log in errors. Throws InputError: not an event log, another schema, a line that says nothing, events that
 * were changed after they were written. A last line that was cut in the middle is left out.
 */
export function readLog(text: string, name: string): LogFile {
  const lines = text.split('\n');
  // Every line ends with a newline: what follows the last one is nothing, or half a line.
  lines.pop();
  const reader = new Reader(name);
  const header = reader.header(lines[0] ?? text);
  const events: (LoggedEvent | UnknownEvent)[] = [];
  const hash = createHash('sha256');
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const parsed = reader.line(line, index + 1);
    if (parsed['kind'] === 'end') {
      const end = reader.checked(END, parsed, index + 1);
      if (index + 1 < lines.length) reader.refuse(index + 2, 'follows the end of the log', 'Give one log in one file');
      if (end.events !== events.length || end.sha256 !== hash.digest('hex')) {
        throw new InputError(name, 'was changed after it was written: its SHA-256 is another', 'Run the drill again');
      }
      return { header, events, end };
    }
    hash.update(`${line}\n`);
    events.push(reader.event(parsed, index + 1, events.at(-1)?.atMs ?? 0));
  }
  return { header, events, end: null };
}

class Reader {
  constructor(private readonly name: string) {}

  refuse(line: number, why: string, fix: string): never {
    throw new InputError(`${this.name}, line ${line}`, why, fix);
  }

  line(text: string, at: number): Readonly<Record<string, unknown>> {
    const parsed = jsonOf(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
    return this.refuse(at, 'is no JSON object', 'Give a log as `dr drill --events` writes it');
  }

  header(text: string): LogHeader {
    const first = jsonOf(text) as Partial<LogHeader> | undefined;
    if (first?.kind !== 'log') {
      const fix = 'Give a file that `dr drill --events` wrote';
      throw new InputError(this.name, 'is no event log: its first line does not say what ran', fix);
    }
    if (first.schema !== SCHEMA) {
      const fix = `Read it with the version that wrote it, ${first.program ?? 'which it does not name'}`;
      throw new InputError(this.name, `has schema ${String(first.schema)}; this version reads ${SCHEMA}`, fix);
    }
    return this.checked(HEADER, first, 1);
  }

  event(parsed: Readonly<Record<string, unknown>>, at: number, notBeforeMs: number): LoggedEvent | UnknownEvent {
    const { kind, atMs } = parsed;
    if (typeof kind !== 'string' || typeof atMs !== 'number' || !Number.isFinite(atMs))
      return this.refuse(at, 'has no kind or no time', 'Give a log as it was written');
    if (atMs < notBeforeMs) return this.refuse(at, 'comes before the line above it', 'Give a log as it was written');
    if (isKnownKind(kind)) this.checked(EVENTS[kind] as z.ZodType, parsed, at);
    return parsed as unknown as LoggedEvent | UnknownEvent;
  }

  /** What the schema does not name is kept: later versions may add fields. */
  checked<T>(schema: z.ZodType<T>, value: unknown, at: number): T {
    const { error } = schema.safeParse(value);
    const [issue] = error?.issues ?? [];
    if (!issue) return value as T;
    return this.refuse(at, `${issue.path.join('.') || 'the line'}: ${issue.message}`, 'Give a log as it was written');
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
