// A search of 120 seeds next to itself at an older commit.
import { inTurn } from '../harness/context.mjs';
import { measured } from '../harness/processes.mjs';
import { BASELINE, NOW } from './baseline.mjs';

const SEEDS = 120;
/** 1: the older commit may find what has been mended since. */
const EXITS = [0, 1];
const searchIn = (tree) => () =>
  measured(process.execPath, ['scripts/dr.mjs', 'drill', '--seeds', String(SEEDS)], { cwd: tree, exits: EXITS });

export const row = {
  name: 'seeds',
  work: `a search of ${SEEDS} seeds`,
  does: `Runs \`npm run drill -- --seeds ${SEEDS}\`: as many random schedules, in a process for each core.`,
  peer: `itself at ${BASELINE}`,
  note: 'Each schedule is a drill, and its profile is that of the drill: see there.',
  needsBaseline: true,
  turns: 2,
  bars: [{ title: 'wall time', kind: 'ratio', of: 'wallMs', atMost: 0.6 }],
  async prepare({ tree, baseline }) {
    return [inTurn('', { [NOW]: searchIn(tree), [BASELINE]: searchIn(await baseline()) })];
  },
};
