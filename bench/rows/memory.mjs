// The memory that a long and heavy drill takes.
import { inTurn } from '../harness/context.mjs';

export const row = {
  name: 'memory',
  work: 'the memory of a drill of an hour',
  does:
    'A drill of a stack that is synthesized before, at 160 requests a second, with one of two regions lost for an hour: some 600,000 requests, and 290,000 writes ' +
    'that the lost region has to be sent afterwards. Counted is what the process had in memory at most (resident set size), its end and its checks included.',
  peer: 'a limit',
  note:
    'What it keeps most of: items and writes that wait, packed; code; the latest events. What is seldom read is in a file without a name. The highest point is in the catch-up after the return ' +
    'and in the checks that follow.',
  turns: 1,
  bars: [{ title: 'memory at most', kind: 'value', of: 'peakMb', atMost: 400, unit: 'MB' }],
  async prepare({ stack, node }) {
    const file = await stack();
    const args = ['dist/dr/main.js', 'drill', '--json', '--stack', file, '--rate', '160', '--duration', '3600'];
    const drill = async () => {
      const { cpuMs, wallMs, peakMb, stdout } = await node(args, { env: { TZ: 'UTC' }, exits: [0, 1] });
      return { cpuMs, wallMs, peakMb, invocations: JSON.parse(stdout).simulation.invocations };
    };
    return [inTurn('', { 'drill of an hour': drill })];
  },
};
