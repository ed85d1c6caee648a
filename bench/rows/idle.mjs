// The share of a drill in which its main thread waits for the event loop.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from '../harness/context.mjs';

const IDLE = '(idle)';

/** Of a profile of V8: the share of its time in which node was in the event loop's poll. */
function idleShareOf({ nodes, samples, timeDeltas }) {
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === IDLE).map(({ id }) => id));
  let [waited, whole] = [0, 0];
  for (const [at, node] of samples.entries()) {
    // A sample stands for the time until the next one.
    const us = timeDeltas[at + 1] ?? 0;
    whole += us;
    if (idle.has(node)) waited += us;
  }
  return waited / whole;
}

export const row = {
  name: 'idle',
  work: 'the idle share of a drill',
  does: 'Profiles the process of a drill of a stack that is synthesized before: the samples in which its main thread is in the poll of the event loop, be it that the poll waits or returns at once.',
  peer: 'its own wall time',
  turns: 3,
  bars: [{ title: 'idle', kind: 'value', of: 'idlePercent', atMost: 2, unit: '%' }],
  async prepare({ scratch, stack, dr }) {
    const file = await stack();
    const drill = async () => {
      const profiles = mkdtempSync(join(scratch, 'profile-'));
      const flags = ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
      const { cpuMs, wallMs } = await dr(['drill', '--stack', file], { flags });
      const [profile] = readdirSync(profiles);
      const idlePercent = 100 * idleShareOf(JSON.parse(readFileSync(join(profiles, profile), 'utf8')));
      rmSync(profiles, { recursive: true });
      return { cpuMs, wallMs, idlePercent };
    };
    return [inTurn('', { [`drill, profiled`]: drill })];
  },
};
