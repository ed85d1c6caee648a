// AWS throttles, and does not answer at times: what only reads, or may be done twice, is tried again for a while.
import { Refused, Unavailable, type Operator } from '../operator';

const TRIES = 8;
const PAUSE_MS = 2_000;

/** Rejects with Refused when nobody has answered for about 15 s. */
export async function patiently<T>({ sleep }: Pick<Operator, 'sleep'>, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (tries === TRIES)
        throw new Refused(`${error.message}. Run the same command again: it goes on.`, { cause: error });
      await sleep(PAUSE_MS);
    }
  }
}
