// The bench's pure part, which is TypeScript: bundled anew by whoever runs it.
import { build } from 'esbuild';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { TOOL_OPTIONS } from '../../scripts/bundle-options.mjs';
import { root } from '../../scripts/freshness.mjs';

const outfile = join(root, 'dist', 'bench', 'index.cjs');
await build({ ...TOOL_OPTIONS, absWorkingDir: root, entryPoints: ['bench/src/index.ts'], outfile });

const pure = createRequire(import.meta.url)(outfile);
export const { parseBench, USAGE, comparisonComment, reachedBy, limitText, withUnit } = pure;
export const { copiesOfOwn, copiesOfState, resourcesOf, resourcesOfState } = pure;
