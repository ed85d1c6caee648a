// Load for tests of limits: requests that come at random to one limit, and the share that it refuses.
import { randomSource } from '../kernel/random';
import { Scheduler } from '../kernel/scheduler';
import { Concurrency } from '../services/lambda/concurrency';

export const FUNCTION = { name: 'f', logicalName: 'f', reservedConcurrency: undefined };

/** Share of requests refused where `servers` take one each and none waits, by `offered` times the mean duration (Erlang's B). */
export function erlangB(servers: number, offered: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n += 1) blocked = (offered * blocked) / (n + offered * blocked);
  return blocked;
}

export interface Stream {
  readonly perRequest: number;
  /** Real ones. */
  readonly perSecond: number;
  readonly seconds: number;
}

/** Requests at random times, each of random length, and whether each was let in. Counted after two seconds. */
export async function shareThrottled(account: number, meanMs: number, stream: Stream): Promise<number> {
  const { perRequest, perSecond, seconds } = stream;
  const concurrency = new Concurrency([FUNCTION], {
    load: { perRequest, accountConcurrency: account },
    standsFor: () => perRequest,
  });
  const scheduler = new Scheduler();
  const random = randomSource(1).stream('requests');
  const exponential = (mean: number): number => -Math.log(1 - random.next()) * mean;
  const counts = { asked: 0, refused: 0 };
  const arrive = (): void => {
    const now = scheduler.now();
    scheduler.after(exponential((1000 * perRequest) / perSecond), arrive);
    const isIn = concurrency.enter(FUNCTION, now, 'asynchronous');
    if (now > 2_000) counts.asked += 1;
    if (!isIn && now > 2_000) counts.refused += 1;
    if (isIn) scheduler.after(exponential(meanMs), () => concurrency.leave(FUNCTION, now, scheduler.now()));
  };
  arrive();
  await scheduler.runUntil(seconds * 1000);
  return counts.refused / counts.asked;
}
