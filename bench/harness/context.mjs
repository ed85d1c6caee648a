// What a row has at hand: a tree, a directory of its own, and the ways to run and to bundle in that tree.
import { build } from 'esbuild';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LAMBDA_OPTIONS } from '../../scripts/bundle-options.mjs';
import { root } from '../../scripts/freshness.mjs';
import { measured, ran } from './processes.mjs';

/** The collector's young generation as `npm run dr` sets it. */
const SPACE = '--max-semi-space-size=64';
const PROGRAMS = join(root, 'bench', 'programs');

/** `baseline()`: the tree of the commit that the drills are held against. */
export function contextOf({ tree, scratch, baseline }) {
  mkdirSync(scratch, { recursive: true });
  let stacks = 0;
  const context = {
    tree,
    scratch,
    baseline,
    program: (name) => join(PROGRAMS, name),
    /** Measured: node with these arguments in the tree. */
    node: (args, options) => measured(process.execPath, args, { cwd: tree, ...options }),
    /** The command line as it is built. */
    dr: (args, { flags = [] } = {}) =>
      context.node([SPACE, ...flags, 'dist/dr/main.js', ...args], { env: { TZ: 'UTC' }, exits: [0, 1] }),
    /** Path of the tree's stack. `args`: other options of the infra app. */
    async stack(args = []) {
      const out = join(scratch, `stack-${(stacks += 1)}`);
      await ran(process.execPath, ['dist/infra/main.js', '--simulate', ...args, '--out', out], { cwd: tree });
      return join(out, 'stacks/dr/cdk.tf.json');
    },
    /** Path of a bundle of that text, made of the tree's sources with the options of a function's bundle, or with others as `base`. */
    async bundle(name, contents, { base = LAMBDA_OPTIONS, ...more } = {}) {
      const outfile = join(scratch, `${name}.cjs`);
      const stdin = { contents, resolveDir: tree, loader: 'ts', sourcefile: `bench-${name}.ts` };
      await build({ ...base, ...more, absWorkingDir: tree, logLevel: 'silent', stdin, outfile }).catch(refuse);
      return outfile;
    },
  };
  return context;
}

/** What a row builds is of today's sources: those of another commit may have none of it. */
function refuse({ message, errors: [first] = [] }) {
  throw new Error(`its sources cannot be built: ${first?.text ?? message}`);
}

/** A case whose sides are commands of their own: `sides` is name -> what measures one run of it. The first is judged against the second. */
export const inTurn = (name, sides) => ({
  name,
  sides: Object.keys(sides),
  async run(names) {
    const figures = {};
    for (const side of names) figures[side] = await sides[side]();
    return figures;
  },
});

/** Only numbers are kept. */
export const figuresIn = (all) =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => typeof value === 'number'));
