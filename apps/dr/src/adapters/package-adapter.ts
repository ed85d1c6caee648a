// In the place of the project's workspace, where only its package is installed: whatever asks for the workspace says so.
import { InputError } from '@dr/contracts';
import type { Context } from '../context';

export function withoutWorkspace(argv: readonly string[]): Pick<Context, 'config' | 'synthesize' | 'configFile'> {
  const end = argv.findIndex((word) => !/^[a-z-]+$/.test(word) || word.startsWith('-'));
  const command = argv.slice(0, end < 0 ? argv.length : end).join(' ');
  const refuse = (): never => {
    throw new InputError(
      `dr ${command}`,
      "needs the project's workspace, which holds dr.config.ts and builds a stack of it; this is its package alone",
      `Clone the project, then run "npm ci" and "npm run -s dr -- ${command}" there`,
    );
  };
  return {
    config: refuse,
    synthesize: async () => refuse(),
    configFile: { exists: refuse, write: refuse, sha256: () => undefined },
  };
}
