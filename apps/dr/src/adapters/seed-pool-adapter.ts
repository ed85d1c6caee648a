// A pool of processes that run seeds: long-lived, so that each reads stack and bundles once.
import type { SeedPool } from '@dr/drills';
import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { GivenSubject } from '../drilled';
import { SEED_WORKER } from './seed-worker';
import type { Answer, Given, SeedJob, SeedReply } from './seed-worker-adapter';

/** A larger young generation, as most garbage is short-lived; no helper threads for the collector, as every core has a process to run. */
const WORKER_FLAGS = ['--max-semi-space-size=128', '--single-threaded-gc', '--no-flush-bytecode'];

interface Waiting {
  readonly job: SeedJob;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The processes end with this one: their channel closes. */
export function seedPool(subject: GivenSubject, size: number = availableParallelism()): SeedPool {
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
        'defect' in reply ? reject(new Error(reply.defect)) : resolve(reply.answer),
      );
      rest(worker);
      next();
    });
    worker.on('exit', (code, signal) =>
      settle(worker, ({ job, reject }) =>
        reject(new Error(`the process of seed ${String(job.given[0])} ended (${signal ?? code})`)),
      ),
    );
    rest(worker);
  }

  const ask =
    <K extends SeedJob['kind']>(kind: K) =>
    (...given: Given<K>): Promise<Answer<K>> =>
      new Promise((resolve, reject) => {
        queue.push({ job: { kind, subject, given }, resolve: resolve as Waiting['resolve'], reject });
        next();
      });
  return { size, run: ask('run'), shrink: ask('shrink'), drill: ask('drill') };
}
