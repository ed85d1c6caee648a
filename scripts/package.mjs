// Packs the command line for teams that have no clone of the project: `npm run package` writes dist/multi-region-dr-VERSION.tgz, `-- --out DIR`
// another place. It holds all that it needs, installs without a network and runs nothing while it is installed. Same sources, same bytes.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { PLAYER_OPTIONS, TOOL_OPTIONS } from './bundle-options.mjs';
import { bundleTool } from './bundle-tool.mjs';
import { Ended, main, run } from './deployment.mjs';
import { readOptions, temporaryDirectory } from './ending.mjs';
import { copyEngine, ENGINE, packagesIn, readJson, writeJson } from './engine.mjs';
import { root } from './freshness.mjs';

const LIMIT_BYTES = 5_000_000;
const USAGE = 'Usage: node scripts/package.mjs [--out DIR]';
const { out } = readOptions('package', { out: { type: 'string', default: join(root, 'dist') } }, USAGE);
const OUT = resolve(out);
const DIRECTORY = join(OUT, 'package');
const PROGRAM = 'main.js';
const FIRST_LINES = "#!/usr/bin/env node\nprocess.env.TZ = 'UTC';";
const QUIET = { absWorkingDir: root, logLevel: 'silent', metafile: true };
const PACKAGED = { ...TOOL_OPTIONS, ...QUIET, define: { DR_PACKAGED: 'true' } };

/** The project's own config stays in the project. */
const withoutConfig = {
  name: 'without-config',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/dr\.config$/ }, () => ({ path: 'dr.config.ts', namespace: 'none' }));
    onLoad({ filter: /^/, namespace: 'none' }, () => ({ contents: '' }));
  },
};

/** The command line, which is the same as in the project but for what it knows of its surroundings. */
async function writeTool() {
  const { files, metafile } = await bundleTool('apps/dr/src/main.ts', { ...PACKAGED, plugins: [withoutConfig] });
  mkdirSync(join(DIRECTORY, 'dist'), { recursive: true });
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(DIRECTORY, 'dist', name), name === PROGRAM ? `${FIRST_LINES}\n${text}` : text);
  return { metafile };
}

const playerPackages = async () =>
  packagesIn(await build({ ...PLAYER_OPTIONS, ...QUIET, entryPoints: ['libs/player/src/main.tsx'], write: false }));

/** docs/cli.md, as a command is typed where the package is. */
async function writeDocs() {
  cpSync(join(root, 'docs'), join(DIRECTORY, 'docs'), {
    recursive: true,
    filter: (path) => !/[\\/](pictures|decisions)$/.test(path),
  });
  const outfile = join(temporaryDirectory('dr-package-'), 'cli-page.cjs');
  await build({ ...PACKAGED, entryPoints: ['apps/dr/src/cli-page.ts'], outfile });
  writeFileSync(join(DIRECTORY, 'docs', 'cli.md'), createRequire(import.meta.url)(outfile).cliPage());
  copyFileSync(join(root, 'docs', 'package.md'), join(DIRECTORY, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(DIRECTORY, 'LICENSE'));
}

/** What the licences of the packages inside ask for. */
function notices(packages) {
  const parts = [...new Set(packages)].sort().map((one) => {
    const { name, version, license } = readJson(join(root, one, 'package.json'));
    const files = readdirSync(join(root, one)).filter((file) => /^(licen[cs]e|notice)(\.|$|-)/i.test(file));
    const texts = files.sort().map((file) => readFileSync(join(root, one, file), 'utf8').trim());
    return [`## ${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  return `# Packages inside, and their licences\n\n${parts.join('\n\n')}\n`;
}

function manifest() {
  const { name, version, license, description, engines } = readJson(join(root, 'package.json'));
  const program = `dist/${PROGRAM}`;
  return {
    ...{ name, version, description, license, engines },
    keywords: ['aws', 'terraform', 'disaster-recovery', 'failover', 'route53'],
    // By the package's name too: `npx FILE.tgz review plan.json` looks for that one.
    bin: { dr: program, [name]: program },
    files: ['dist', 'docs', 'NOTICES.md'],
    dependencies: { [ENGINE]: readJson(join(root, 'node_modules', ENGINE, 'package.json')).version },
    bundleDependencies: [ENGINE],
  };
}

await main('package', async () => {
  rmSync(DIRECTORY, { recursive: true, force: true });
  const inside = [...packagesIn(await writeTool()), ...(await copyEngine(DIRECTORY)), ...(await playerPackages())];
  copyFileSync(join(root, 'dist', 'dr', 'player.json'), join(DIRECTORY, 'dist', 'player.json'));
  await writeDocs();
  writeFileSync(join(DIRECTORY, 'NOTICES.md'), notices(inside));
  writeJson(join(DIRECTORY, 'package.json'), manifest());
  const { stdout } = run('npm', ['pack', DIRECTORY, '--pack-destination', OUT, '--json'], { capture: true });
  const [{ filename, size, entryCount }] = JSON.parse(stdout);
  if (size > LIMIT_BYTES) throw new Ended(`${filename} has ${size} bytes, and ${LIMIT_BYTES} are allowed`, 1);
  const sha256 = createHash('sha256')
    .update(readFileSync(join(OUT, filename)))
    .digest('hex');
  console.log(
    `${relative(process.cwd(), join(OUT, filename))}: ${(size / 1e6).toFixed(2)} MB, ${entryCount} files, sha256 ${sha256}`,
  );
});
