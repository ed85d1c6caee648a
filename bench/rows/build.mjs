// The build, cold and warm, next to esbuild alone on the same entries.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from '../harness/context.mjs';
import { copyOfSources } from '../harness/trees.mjs';

const PEER = 'esbuild alone';

export const row = {
  name: 'build',
  work: 'the build of everything',
  does:
    'Runs `node scripts/build.mjs` on a copy of the sources: cold with nothing built, warm with everything built, where it reads all sources and finds that they are the same. ' +
    'CPU is that of node and of the process of esbuild.',
  peer: 'esbuild alone, called for the same entries with the same options',
  turns: 5,
  bars: [
    { title: 'CPU', kind: 'ratio', of: 'cpuMs', cases: ['cold'], atMost: 2 },
    { title: 'CPU', kind: 'ratio', of: 'cpuMs', cases: ['warm'], atMost: 0.1 },
  ],
  async prepare({ tree, scratch, node, program }) {
    const copy = await copyOfSources(tree, join(scratch, 'sources'));
    const build = () => node(['scripts/build.mjs'], { cwd: copy });
    const alone = () => node([program('esbuild-alone.mjs'), join(scratch, 'alone')], { cwd: copy });
    return [
      inTurn('cold', {
        build: () => {
          rmSync(join(copy, 'dist'), { recursive: true, force: true });
          return build();
        },
        [PEER]: alone,
      }),
      inTurn('warm', { build, [PEER]: alone }),
    ];
  },
};
