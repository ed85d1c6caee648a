// What is asked of each limit of AWS in a run, and what each refuses, second by second.

export type LimitId =
  | 'lambda-executions'
  | 'lambda-requests'
  | 'lambda-environments'
  | 'table-reads'
  | 'table-writes'
  | 'partition-reads'
  | 'partition-writes';

export interface SecondOfLimit {
  /** Requests that met the limit, and those of them that it refused. */
  asked: number;
  refused: number;
  /** Of what the limit counts: requests, environments, units, or executions at once. */
  used: number;
}

export class LimitCounter {
  /** By the second; seconds in which nothing came are absent. */
  readonly seconds = new Map<number, SecondOfLimit>();
  /** Requests refused, by partition. */
  readonly refusedOf = new Map<string, number>();

  constructor(
    readonly id: LimitId,
    readonly awsRegion: string,
    /** The account, a function or a table. */
    readonly subject: string,
    /** Of `used`, a second or at once. */
    readonly allowed: () => number,
  ) {}

  ask(nowMs: number, requests: number, isRefused: boolean): void {
    const second = this.at(nowMs);
    second.asked += requests;
    if (isRefused) second.refused += requests;
  }

  refuse(partition: string, requests: number): void {
    this.refusedOf.set(partition, (this.refusedOf.get(partition) ?? 0) + requests);
  }

  use(nowMs: number, amount: number): void {
    this.at(nowMs).used += amount;
  }

  private at(nowMs: number): SecondOfLimit {
    const key = Math.floor(nowMs / 1000);
    let second = this.seconds.get(key);
    if (!second) this.seconds.set(key, (second = { asked: 0, refused: 0, used: 0 }));
    return second;
  }
}

export class LimitMeter {
  readonly counters: LimitCounter[] = [];

  counter(id: LimitId, awsRegion: string, subject: string, allowed: () => number): LimitCounter {
    const counter = new LimitCounter(id, awsRegion, subject, allowed);
    this.counters.push(counter);
    return counter;
  }
}
