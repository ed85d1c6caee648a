// A pool of processes that run seeds: long-lived, so that each reads stack and bundles once.
import type { SeedPool } from '@dr/drills';
import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { SeedJob, SeedReply } from './seed-protocol';
import { SEED_WORKER } from './seed-worker-adapter';

/**
 * A run makes much short-lived garbage: with a larger young generation most of it is never copied. Every core has a process
 * of its own to run, so a collector with helper threads would only take them from each other.
 */
const WORKER_FLAGS = ['--max-semi-space-size=128', '--single-threaded-gc', '--no-flush-bytecode'];

interface Waiting {
  readonly job: SeedJob;
  readonly resolve: (reply: SeedReply) => void;
  readonly reject: (error: Error) => void;
}

/** The processes end with this one: their channel closes. */
export function seedPool(stack: string, size: number = availableParallelism()): SeedPool {
  const script = process.argv[1] ?? '';
  const queue: Waiting[] = [];
  const idle: ChildProcess[] = [];
  const busy = new Map<ChildProcess, Waiting>();

  const next = (): void => {
    for (let worker = idle.pop(); worker; worker = idle.pop()) {
      const waiting = queue.shift();
      if (!waiting) return void idle.push(worker);
      busy.set(worker, waiting);
      worker.ref();
      worker.send(waiting.job);
    }
  };
  /** An idle worker must not keep this process alive, one that never had a job neither. */
  const rest = (worker: ChildProcess): void => {
    worker.unref();
    worker.channel?.unref();
    idle.push(worker);
  };
  const settle = (worker: ChildProcess, with_: (waiting: Waiting) => void): void => {
    const waiting = busy.get(worker);
    busy.delete(worker);
    if (waiting) with_(waiting);
  };
  for (let index = 0; index < size; index += 1) {
    const worker = fork(script, [SEED_WORKER], {
      execArgv: [...WORKER_FLAGS],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    worker.on('message', (reply: SeedReply) => {
      settle(worker, ({ resolve, reject }) =>
        reply.kind === 'defect' ? reject(new Error(reply.message)) : resolve(reply),
      );
      rest(worker);
      next();
    });
    worker.on('exit', (code, signal) =>
      settle(worker, ({ job, reject }) =>
        reject(new Error(`the process of seed ${job.seed} ended (${signal ?? code})`)),
      ),
    );
    rest(worker);
  }

  const ask = (job: SeedJob): Promise<SeedReply> =>
    new Promise((resolve, reject) => {
      queue.push({ job, resolve, reject });
      next();
    });
  return {
    size,
    async run(seed) {
      const reply = await ask({ kind: 'run', stack, seed });
      if (reply.kind !== 'run') throw new Error(`a run was answered with ${reply.kind}`);
      return reply.outcome;
    },
    async shrink(seed, id, maxTries) {
      const reply = await ask({ kind: 'shrink', stack, seed, id, maxTries });
      if (reply.kind !== 'shrink') throw new Error(`a shrink was answered with ${reply.kind}`);
      return reply.shrunk;
    },
    async drill(seed, fault, objective) {
      const reply = await ask({ kind: 'drill', stack, seed, fault, objective });
      if (reply.kind !== 'drill') throw new Error(`a drill was answered with ${reply.kind}`);
      return reply.row;
    },
  };
}
