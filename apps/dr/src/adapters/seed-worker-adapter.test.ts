// The real process of the pool, as the command line starts it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { SEED_WORKER } from './seed-worker';
import type { SeedJob, SeedReply } from './seed-worker-adapter';

it('waits for a job and answers it', async () => {
  const script = resolve(__dirname, '../../../../dist/dr/main.js');
  const worker = fork(script, [SEED_WORKER], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(worker, 'exit').then(() => 'ended');
  const job: SeedJob = { kind: 'run', subject: { stacks: ['/no/such/stack.json'] }, given: [1] };
  worker.send(job);
  const answer = once(worker, 'message').then(([reply]) => reply as SeedReply);
  expect(await Promise.race([answer, ended])).toEqual({ defect: expect.stringContaining('seed 1: ') });
  worker.disconnect();
  await ended;
});
