// From a fresh clone to the verdict of a drill, next to the install alone.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { measured, ran } from '../harness/processes.mjs';
import { clone, NPM_CI } from '../harness/trees.mjs';

const WHOLE = 'install and drill';
const PEER = 'npm ci';
const sum = (one, other) => ({ cpuMs: one.cpuMs + other.cpuMs, wallMs: one.wallMs + other.wallMs });

export const row = {
  name: 'fresh',
  work: 'a fresh clone to the verdict of a drill',
  does: 'Clones the commit that is checked out, runs `npm ci` from a warm cache and then `npm run drill`, which builds what it needs.',
  peer: '`npm ci` alone, of the same clone',
  turns: 2,
  bars: [{ title: 'wall time', kind: 'ratio', of: 'wallMs', atMost: 1.5 }],
  async prepare({ tree, scratch }) {
    const commit = (await ran('git', ['rev-parse', 'HEAD'], { cwd: tree })).trim();
    const run = async () => {
      const directory = join(scratch, 'clone');
      await clone(commit, directory);
      const install = await measured('npm', NPM_CI, { cwd: directory });
      const drill = await measured('npm', ['run', '-s', 'drill'], { cwd: directory });
      rmSync(directory, { recursive: true });
      return { [WHOLE]: sum(install, drill), [PEER]: install };
    };
    return [{ name: '', sides: [WHOLE, PEER], run }];
  },
};
