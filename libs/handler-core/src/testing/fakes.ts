// In-memory ports for tests: time that a test advances, chance that repeats, and what was sent kept for inspection.
import type {
  Clock,
  FunctionInvoker,
  Http,
  Invocation,
  Moment,
  Notification,
  Notifier,
  Random,
  Secrets,
} from '../ports';

export class FakeClock implements Clock {
  private timers: { readonly dueMs: number; readonly run: () => void }[] = [];

  private steppedMs = 0;
  private stepsBack = 0;

  constructor(private nowMs = Date.parse('2026-11-01T00:00:00.000Z')) {}

  /** The wall clock, for tests that never step it. */
  now(): number {
    return this.wallMs();
  }

  wallMs(): number {
    return this.nowMs + this.steppedMs;
  }

  moment(): Moment {
    return { nowMs: this.nowMs, stepsBack: this.stepsBack } as unknown as Moment;
  }

  sinceMs(then: Moment): number {
    return this.nowMs - (then as unknown as { nowMs: number }).nowMs;
  }

  isWithin(then: Moment, ms: number): boolean {
    return (then as unknown as { stepsBack: number }).stepsBack === this.stepsBack && this.sinceMs(then) < ms;
  }

  /** The wall clock steps, and no time passes. */
  stepWall(ms: number): void {
    this.steppedMs += ms;
    if (ms < 0) this.stepsBack += 1;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { dueMs: this.nowMs + ms, run };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  }

  /** Moves time and runs what falls due, in order, letting promises settle in between. */
  async advance(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await settled();
    for (;;) {
      const next = this.timers.filter((t) => t.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.run();
      await settled();
    }
    this.nowMs = endMs;
  }

  /** Timers that a handler left behind. */
  get pending(): number {
    return this.timers.length;
  }
}

/** More turns than any handler chains promises. */
const SETTLING_TURNS = 200;
async function settled(): Promise<void> {
  for (let turn = 0; turn < SETTLING_TURNS; turn += 1) await Promise.resolve();
}

/** Runs `work` while time passes in steps until it is done. */
export async function whileTimePasses<T>(
  clock: FakeClock,
  work: Promise<T>,
  limitMs = 60_000,
  stepMs = 50,
): Promise<T> {
  let done = false;
  const settle = (): void => void (done = true);
  work.then(settle, settle);
  await settled();
  for (let passed = 0; !done && passed < limitMs; passed += stepMs) await clock.advance(stepMs);
  return work;
}

export const fakeRandom = (): Random => {
  let next = 0;
  return {
    hex: (bytes) =>
      (next++)
        .toString(16)
        .padStart(bytes * 2, '0')
        .slice(-bytes * 2),
  };
};

export class FakeInvoker implements FunctionInvoker {
  answer: Invocation | 'hang' = { kind: 'ok', payload: { statusCode: 200 } };
  readonly invoked: { readonly functionName: string; readonly payload: unknown; readonly later: boolean }[] = [];

  invoke(functionName: string, payload: unknown): Promise<Invocation> {
    this.invoked.push({ functionName, payload, later: false });
    return this.answer === 'hang' ? new Promise(() => undefined) : Promise.resolve(this.answer);
  }

  invokeLater(functionName: string, payload: unknown): Promise<void> {
    this.invoked.push({ functionName, payload, later: true });
    return this.answer !== 'hang' && this.answer.kind === 'ok'
      ? Promise.resolve()
      : Promise.reject(new Error('not taken'));
  }
}

export class FakeNotifier implements Notifier {
  failing = false;
  readonly sent: Notification[] = [];

  publish(notification: Notification): Promise<void> {
    if (this.failing) return Promise.reject(new Error('the topic does not answer'));
    this.sent.push(notification);
    return Promise.resolve();
  }
}

export class FakeSecrets implements Secrets {
  reads = 0;
  failing = false;

  constructor(public text: string | undefined) {}

  read(): Promise<string | undefined> {
    this.reads += 1;
    return this.failing ? Promise.reject(new Error('no answer')) : Promise.resolve(this.text);
  }
}

/** Answers by URL; an unknown one gets no answer. */
export class FakeHttp implements Http {
  readonly answers = new Map<string, { readonly status: number; readonly body: string }>();

  get(url: string): Promise<{ status: number; body: string }> {
    const answer = this.answers.get(url);
    return answer ? Promise.resolve(answer) : Promise.reject(new Error(`no answer from ${url}`));
  }
}
