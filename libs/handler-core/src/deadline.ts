// Deadlines: work gets a signal and a limit; when the limit passes, the signal aborts and the caller is answered at once.
import { Canceller, type Cancellation } from './cancellation';
import type { Clock } from './ports';

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(readonly limitMs: number) {
    super(`not done within ${limitMs} ms`);
  }
}

/** Rejects with DeadlineError after `limitMs`, whatever the work does. The timer never outlives the call: environments freeze. */
export async function withDeadline<T>(
  clock: Pick<Clock, 'after'>,
  limitMs: number,
  work: (signal: Cancellation) => Promise<T>,
): Promise<T> {
  const canceller = new Canceller();
  let cancel = (): void => undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(limitMs, () => {
      const error = new DeadlineError(limitMs);
      canceller.abort(error);
      reject(error);
    });
  });
  const result = work(canceller);
  // Once the limit has won, nobody listens to the work any more: its late failure must not crash the environment.
  result.catch(() => undefined);
  try {
    return await Promise.race([result, limit]);
  } finally {
    cancel();
  }
}

export const sleep = (clock: Pick<Clock, 'after'>, ms: number): Promise<void> =>
  new Promise((resolve) => void clock.after(ms, resolve));
