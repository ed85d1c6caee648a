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
export function withDeadline<T>(
  clock: Pick<Clock, 'after'>,
  limitMs: number,
  work: (signal: Cancellation) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const canceller = new Canceller();
    const cancel = clock.after(limitMs, () => {
      const error = new DeadlineError(limitMs);
      canceller.abort(error);
      reject(error);
    });
    // Whichever comes first settles the promise: a failure after the limit is nobody's any more, and must not crash the environment.
    work(canceller).then(
      (result) => {
        cancel();
        resolve(result);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}

export const sleep = (clock: Pick<Clock, 'after'>, ms: number): Promise<void> =>
  new Promise((resolve) => void clock.after(ms, resolve));
