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
