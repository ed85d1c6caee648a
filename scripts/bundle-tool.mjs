// The command line as several files, so that a command loads what it needs and nothing else. esbuild splits ES modules alone; each file is
// made CommonJS after that, which Node loads sooner.
import { build, transform } from 'esbuild';
import { basename } from 'node:path';
import { TOOL_OPTIONS } from './bundle-options.mjs';

/** Less to read before a command begins. Names stay: an error says where it was. */
const SHORT = { minifyWhitespace: true, minifySyntax: true };

/** Resolves to name -> text, main.js among them, and what esbuild says of its sources. `more`: options of esbuild beside the usual ones. */
export async function bundleTool(entryPoint, more = {}) {
  const { outputFiles, metafile } = await build({
    ...TOOL_OPTIONS,
    ...more,
    entryPoints: [entryPoint],
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    metafile: true,
    write: false,
  });
  const { platform, target, legalComments } = TOOL_OPTIONS;
  const supported = { 'dynamic-import': false };
  const files = await Promise.all(
    outputFiles.map(async ({ path, text }) => {
      const { code } = await transform(text, { format: 'cjs', platform, target, legalComments, supported, ...SHORT });
      // Without the copy of all exports through which each of them would be asked for once more.
      return [
        basename(path),
        code.replace('=__toCommonJS(stdin_exports)', '=__defProp(stdin_exports,"__esModule",{value:!0})'),
      ];
    }),
  );
  return { files: Object.fromEntries(files), metafile };
}
