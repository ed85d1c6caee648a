// The model check as one bundle outside the test runner's sandbox, where the same exploration takes a sixth of the time.
import { join } from 'node:path';
import { Script } from 'node:vm';
import { buildSync } from 'esbuild';
import type * as ModelCheck from '../index';

export function bundledModelCheck(): typeof ModelCheck {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, '../index.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'modelCheck',
    platform: 'node',
    target: 'node20',
  });
  return new Script(`${outputFiles[0]?.text ?? ''}; modelCheck`).runInThisContext() as typeof ModelCheck;
}
