// The validator as Lambda runs it, with ends that nobody planned: each invocation is a new environment that may be killed at any
// call to a table, before or after its effect. For tests.
import { VALIDATION_ID } from '@dr/contracts/system';
import type { RunHead, ValidationReport } from '@dr/consistency';
import { createTelemetry, FakeNotifier, type Clock, type Item, type Moment, type Table } from '@dr/handler-core';
import { dataConsistencyValidator } from '../handler';

/** Time that passes with the work: each call to a table takes its part of it. Nothing that waits is ever called. */
export class WorkClock implements Clock {
  nowMs = Date.parse('2026-11-01T00:00:00.000Z');

  now(): number {
    return this.nowMs;
  }

  wallMs(): number {
    return this.nowMs;
  }

  moment(): Moment {
    return this.nowMs as unknown as Moment;
  }

  sinceMs(then: Moment): number {
    return this.nowMs - (then as unknown as number);
  }

  isWithin(then: Moment, ms: number): boolean {
    return this.sinceMs(then) < ms;
  }

  after(): () => void {
    return () => undefined;
  }
}

export interface Kill {
  /** The call to a table, from 1, at which the invocation ends. */
  readonly atCall: number;
  /** It takes effect all the same. */
  readonly afterEffect: boolean;
}

export interface InterruptedOptions {
  readonly clock: WorkClock;
  /** What a page and any other call take, ms. */
  readonly pageMs: number;
  readonly callMs: number;
  readonly here: Table;
  readonly peers: readonly { readonly name: string; readonly table: Table }[];
}

const LEASE_MS = 36_000;
const MAX_INVOCATIONS = 10_000;
const DEAD = Symbol('dead');

export class Interrupted {
  readonly notifier = new FakeNotifier();
  readonly metrics: Readonly<Record<string, unknown>>[] = [];
  /** Page (replica and cursor) -> how often it was read. */
  readonly read = new Map<string, number>();
  /** Pages that a killed invocation had read and not stored, with how often. */
  readonly lost = new Map<string, number>();
  invocations = 0;
  kills = 0;
  /** When the first invocation was asked for. */
  readonly startedAtMs: number;

  constructor(private readonly options: InterruptedOptions) {
    this.startedAtMs = options.clock.now();
  }

  /** One invocation; undefined when it was killed. */
  async invoke(event: unknown, kill?: Kill): Promise<ValidationReport | undefined> {
    const { clock, here, peers } = this.options;
    this.invocations += 1;
    let calls = 0;
    let pages: string[] = [];
    let die: (dead: typeof DEAD) => void = () => undefined;
    const killed = new Promise<typeof DEAD>((resolve) => (die = resolve));
    const never = <T>(): Promise<T> => {
      for (const page of pages) this.lost.set(page, (this.lost.get(page) ?? 0) + 1);
      pages = [];
      die(DEAD);
      return new Promise<T>(() => undefined);
    };
    const guarded = async <T>(takesMs: number, effect: () => Promise<T>): Promise<T> => {
      calls += 1;
      const call = calls;
      if (kill && call >= kill.atCall && !(call === kill.atCall && kill.afterEffect)) return never<T>();
      clock.nowMs += takesMs;
      const result = await effect();
      return kill && call >= kill.atCall ? never<T>() : result;
    };
    const mortal = (name: string, table: Table): Table => ({
      query: (query) => guarded(this.options.callMs, () => table.query(query)),
      put: (item, condition) =>
        guarded(this.options.callMs, async () => {
          const outcome = await table.put(item, condition);
          if (isHead(item) && outcome === 'written') pages = [];
          return outcome;
        }),
      scan: (cursor, signal, limit) =>
        guarded(this.options.pageMs, () => {
          const page = `${name} ${cursor ?? 'first'}`;
          this.read.set(page, (this.read.get(page) ?? 0) + 1);
          pages.push(page);
          return table.scan(cursor, signal, limit);
        }),
    });
    const handler = dataConsistencyValidator({
      clock,
      table: mortal('here', here),
      peers: peers.map(({ name, table }) => ({ name, table: mortal(name, table) })),
      region: 'mumbai',
      system: 'dr',
      keepsOutcome: true,
      notifier: this.notifier,
      telemetry: createTelemetry({
        clock,
        region: 'mumbai',
        functionName: 'v',
        write: (line) => void this.metrics.push(JSON.parse(line) as Record<string, unknown>),
      }),
    });
    const ended = await Promise.race([handler(event), killed]);
    if (ended !== DEAD) return ended;
    this.kills += 1;
    clock.nowMs += LEASE_MS;
    return undefined;
  }

  /** Nothing happens until then. */
  passTo(nowMs: number): void {
    this.options.clock.nowMs = Math.max(this.options.clock.nowMs, nowMs);
  }

  /** Invocations a second apart until the run is over and people have been told; `kills`: what ends the first ones. */
  async runThrough(kills: readonly (Kill | undefined)[] = []): Promise<ValidationReport> {
    for (let at = 0; at < MAX_INVOCATIONS; at += 1) {
      const head = await this.head();
      const report = await this.invoke(
        head?.run ? { run: head.run.id } : { sinceMs: this.startedAtMs, settleSeconds: 0 },
        kills[at],
      );
      this.options.clock.nowMs += 1_000;
      if (report?.status === 'finished' && (await this.head())?.told) return report;
    }
    throw new Error('the run does not end');
  }

  async head(): Promise<RunHead | undefined> {
    const { items } = await this.options.here.query({ id: VALIDATION_ID, from: 'head#', before: 'head$' });
    return items[0] as unknown as RunHead | undefined;
  }

  /** Pages that were read more often than once, and not because an invocation was killed with them in hand. */
  readTwice(): string[] {
    return [...this.read].flatMap(([page, times]) => (times > 1 + (this.lost.get(page) ?? 0) ? [page] : []));
  }

  differencesCounted(): unknown[] {
    return this.metrics.flatMap((line) => ('ReplicaDifferences' in line ? [line['ReplicaDifferences']] : []));
  }
}

const isHead = (item: Item): boolean => item.id === VALIDATION_ID && item.timestamp.startsWith('head#');
