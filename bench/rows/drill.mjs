// The default drill next to itself at an older commit.
import { inTurn } from '../harness/context.mjs';
import { measured } from '../harness/processes.mjs';
import { BASELINE, NOW } from './baseline.mjs';

/** The report says how many functions were invoked: a drill of another commit may have more to do. */
const drillIn = (tree) => async () => {
  const { cpuMs, wallMs, stdout } = await measured(process.execPath, ['scripts/dr.mjs', 'drill'], { cwd: tree });
  const invocations = Number(/([\d,]+) handler invocations/.exec(stdout)?.[1]?.replaceAll(',', ''));
  return { cpuMs, wallMs, invocations, cpuMsPerThousand: (cpuMs / invocations) * 1000 };
};

export const row = {
  name: 'drill',
  work: 'the default drill',
  does: 'Runs `npm run drill` on bundles that are built: the stack is synthesized, two regions run, one is lost, and the report is printed.',
  peer: `itself at ${BASELINE}`,
  note:
    'Why the bars are not met: the drill invokes a tenth more functions than it did then, and its profile is flat. Of the CPU of the main thread 31 % goes to the clients of the SDK inside the functions, ' +
    "11 % to Node's crypto, buffers, events and streams, which they use, 6 % to the collector and 4 % to promises; no function of our own has more than 2 %. V8's compiler and collector take a quarter of the whole on threads of their own.",
  needsBaseline: true,
  turns: 3,
  bars: [
    { title: 'wall time', kind: 'ratio', of: 'wallMs', atMost: 0.6 },
    { title: 'CPU', kind: 'ratio', of: 'cpuMs', atMost: 0.7 },
  ],
  async prepare({ tree, baseline }) {
    return [inTurn('', { [NOW]: drillIn(tree), [BASELINE]: drillIn(await baseline()) })];
  },
};
