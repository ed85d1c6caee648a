// Run on the Node that Lambda runs as well: V8 says on stderr what flag it does not know, and nothing else does.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

test.each(['expectShortRun', 'expectShortContexts', 'expectLongRun'])(
  '%s asks V8 for nothing that it does not know',
  (name) => {
    const { outputFiles } = buildSync({
      entryPoints: [join(__dirname, 'v8-flags.ts')],
      bundle: true,
      platform: 'node',
      format: 'iife',
      globalName: 'flags',
      write: false,
    });
    const script = `${outputFiles[0]?.text ?? ''}\nflags.${name}();`;
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  },
);
