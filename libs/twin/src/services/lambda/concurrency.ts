// How many invocations a region's functions take (FN-03). Source: Lambda developer guide, concurrency, scaling behavior and quotas.
import { InputError } from '@dr/contracts';
import { entryOf } from '../../kernel/entry-of';
import { TokenBucket } from '../../kernel/token-bucket';
import type { LimitCounter, LimitId } from '../../limits';
import { ONE_FOR_ONE, refuseTooCoarse, type LoadScale } from '../../load-scale';
import type { FunctionConfig } from './config';
import { ExecutionsAtOnce } from './executions';

const ACCOUNT_CONCURRENCY = 1_000;
/** AWS refuses to reserve what would leave less. */
const UNRESERVED_LEAST = 100;
/** Synchronous requests a second that each execution at once allows. */
const REQUESTS_PER_EXECUTION = 10;
/** [A] A second's worth may come at once. */
const REQUESTS_BURST_SECONDS = 1;
const ENVIRONMENTS = { perSecond: 100, burstSeconds: 10 };

type FunctionLimits = Pick<FunctionConfig, 'name' | 'logicalName' | 'reservedConcurrency'>;
export type Invocation = 'synchronous' | 'asynchronous';

/** What a function has reserved, or all that the account has left. */
interface Pool {
  readonly executions: ExecutionsAtOnce;
  readonly requests: TokenBucket;
  readonly counters: { readonly executions?: LimitCounter; readonly requests?: LimitCounter };
}

interface Environments {
  readonly starts: TokenBucket;
  readonly counter: LimitCounter | undefined;
}

export interface ConcurrencyOptions {
  readonly load?: LoadScale;
  /** Real invocations that one of the function stands for. @default one */
  readonly standsFor?: (logicalName: string) => number;
  /** Environments started before this time are not counted: the stack has been in service for long, and they run already. */
  readonly inServiceMs?: number;
  readonly counter?: (id: LimitId, subject: string, allowed: number) => LimitCounter | undefined;
}

export class Concurrency {
  private readonly busy = new Map<string, number>();
  private readonly pools = new Map<string, Pool>();
  private readonly unreserved: Pool;
  private readonly environments = new Map<string, Environments>();
  private readonly standsFor: (logicalName: string) => number;

  /** Throws InputError where the account has less than the functions reserve, or one request stands for too many. */
  constructor(
    functions: Iterable<FunctionLimits>,
    private readonly options: ConcurrencyOptions = {},
  ) {
    const { load = ONE_FOR_ONE, standsFor = () => 1 } = options;
    this.standsFor = standsFor;
    const all = [...functions];
    const reserved = all.reduce((sum, fn) => sum + (fn.reservedConcurrency ?? 0), 0);
    const account = accountOf(load, reserved);
    for (const fn of all) {
      if (fn.reservedConcurrency === undefined) continue;
      this.pools.set(fn.name, this.pool(fn.logicalName, fn.reservedConcurrency, [fn], load));
    }
    const sharing = all.filter(({ reservedConcurrency }) => reservedConcurrency === undefined);
    this.unreserved = this.pool('the account', account - reserved, sharing, load);
  }

  /** Takes a place. False: the invocation is throttled. */
  enter(fn: FunctionLimits, nowMs: number, invocation: Invocation = 'synchronous'): boolean {
    const { executions, requests, counters } = this.poolOf(fn);
    const amount = this.standsFor(fn.logicalName);
    if (invocation === 'synchronous') {
      const passes = requests.hasTokens(nowMs);
      counters.requests?.ask(nowMs, amount, !passes);
      counters.requests?.use(nowMs, amount);
      if (!passes) return false;
    }
    const admitted = executions.admits(amount, nowMs);
    counters.executions?.ask(nowMs, amount, !admitted);
    if (!admitted) return false;
    if (invocation === 'synchronous') requests.take(amount, nowMs);
    executions.begin(amount, nowMs);
    this.busy.set(fn.name, this.executing(fn.name) + 1);
    return true;
  }

  leave(fn: FunctionLimits, enteredMs: number, nowMs: number): void {
    const { executions, counters } = this.poolOf(fn);
    const amount = this.standsFor(fn.logicalName);
    executions.end(amount, nowMs);
    counters.executions?.use(nowMs, (amount * (nowMs - enteredMs)) / 1000);
    this.busy.set(fn.name, this.executing(fn.name) - 1);
  }

  /** Counts a new environment. False: the function scales faster than Lambda allows. */
  startEnvironment(fn: FunctionLimits, nowMs: number): boolean {
    if (nowMs < (this.options.inServiceMs ?? 0)) return true;
    const { perSecond, burstSeconds } = ENVIRONMENTS;
    const { starts, counter } = entryOf(this.environments, fn.name, () => ({
      starts: new TokenBucket(perSecond, burstSeconds),
      counter: this.options.counter?.('lambda-environments', fn.logicalName, perSecond),
    }));
    const amount = this.standsFor(fn.logicalName);
    const starting = starts.hasTokens(nowMs);
    counter?.ask(nowMs, amount, !starting);
    counter?.use(nowMs, amount);
    if (starting) starts.take(amount, nowMs);
    return starting;
  }

  executing(name: string): number {
    return this.busy.get(name) ?? 0;
  }

  private poolOf(fn: FunctionLimits): Pool {
    return this.pools.get(fn.name) ?? this.unreserved;
  }

  private pool(subject: string, limit: number, functions: readonly FunctionLimits[], load: LoadScale): Pool {
    const perRequest = Math.max(1, ...functions.map(({ logicalName }) => this.standsFor(logicalName)));
    if (limit > 0) refuseTooCoarse({ ...load, perRequest }, limit, `${limit} executions at once of ${subject}`);
    const perSecond = REQUESTS_PER_EXECUTION * limit;
    const executions = this.options.counter?.('lambda-executions', subject, limit);
    const requests = this.options.counter?.('lambda-requests', subject, perSecond);
    return {
      executions: new ExecutionsAtOnce(limit, perRequest),
      requests: new TokenBucket(perSecond, REQUESTS_BURST_SECONDS),
      counters: { ...(executions && { executions }), ...(requests && { requests }) },
    };
  }
}

/** Without a given quota the account is taken to have what the stack needs: AWS would not have let it be applied otherwise. */
function accountOf({ accountConcurrency: given }: LoadScale, reserved: number): number {
  const least = reserved === 0 ? 0 : reserved + UNRESERVED_LEAST;
  if (given === undefined) return Math.max(ACCOUNT_CONCURRENCY, least);
  if (given >= least) return given;
  throw new InputError(
    `the functions of a region reserve ${reserved} executions at once`,
    `AWS refuses that of an account that has ${given}: ${UNRESERVED_LEAST} must stay unreserved`,
    `Reserve ${Math.max(0, given - UNRESERVED_LEAST)} at most, or raise the quota of the account to ${least}`,
  );
}
