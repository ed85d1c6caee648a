// Writes the documents that are made from the code: `npm run docs`. `--check`: exits with 1 for one that is not what the code says.
// `--only TEXT`: those whose path has that text.
import { build } from 'esbuild';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { ROWS } from '../bench/rows/index.mjs';
import { TOOL_OPTIONS } from './bundle-options.mjs';
import { readOptions } from './ending.mjs';
import { root } from './freshness.mjs';

const EVENT_LOG = 'libs/event-log/src/document.ts';
const PICTURE = 'apps/dr/src/drill-picture.ts';
/** The tables are the end of a page; what is above them is written by hand. */
const withTables = (page, tables) => page.slice(0, page.indexOf('\n### ') + 1) + tables;
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
/** `npm run pictures` keeps what the default drill has found. */
const drillOfPictures = () => JSON.parse(readFileSync(join(root, 'docs/pictures/drill.json'), 'utf8'));

/** `npm run calibration` keeps what its runs have found. */
const calibration = () => JSON.parse(readFileSync(join(root, 'docs/calibration.json'), 'utf8'));

/** `npm run capacity` keeps what its drills have found. */
const capacity = () => JSON.parse(readFileSync(join(root, 'docs/capacity.json'), 'utf8'));

/** `npm run conformance -- --target aws` keeps what an account has answered. */
const validated = () => JSON.parse(readFileSync(join(root, 'docs/validated.json'), 'utf8'));

/** `npm run bench` keeps what each row has measured; the row says what that is. */
const benchResults = () =>
  ROWS.flatMap((row) => {
    const file = join(root, 'bench/results', `${row.name}.json`);
    return existsSync(file) ? [{ ...row, ...JSON.parse(readFileSync(file, 'utf8')) }] : [];
  });
const notMeasured = () => {
  const measured = benchResults().map(({ name }) => name);
  return ROWS.map(({ name }) => name).filter((name) => !measured.includes(name));
};
const coloursOf = async (theme) => (await exportsOf(PICTURE, 'colours')).THEMES[theme];
const growthResult = () => benchResults().find(({ name }) => name === 'growth');

/** One line each: the file, the module that it is made from, and its text by what that exports and what the file holds now. */
const DOCUMENTS = [
  { file: 'docs/cli.md', module: 'apps/dr/src/cli-page.ts', make: ({ cliPage }) => cliPage() },
  { file: 'docs/rules.md', module: 'libs/review/src/rules/page.ts', make: ({ rulesPage }) => rulesPage() },
  { file: 'docs/event-log.md', module: EVENT_LOG, make: ({ formatTables }, page) => withTables(page, formatTables()) },
  { file: 'docs/event-log.schema.json', module: EVENT_LOG, make: ({ lineSchema }) => json(lineSchema()) },
  {
    file: 'docs/system.schema.json',
    module: 'libs/drills/src/systems/declared/declaration.ts',
    make: ({ declarationJsonSchema }) => json(declarationJsonSchema()),
  },
  {
    file: 'docs/drills/incidents.md',
    module: 'libs/drills/src/incidents/page.ts',
    make: ({ incidentSections }, page) => withTables(page, incidentSections()),
  },
  {
    file: 'docs/calibration.md',
    module: 'apps/dr/src/commands/calibrate/text.ts',
    make: ({ calibrationTables }, page) => withTables(page, calibrationTables(calibration())),
  },
  {
    file: 'docs/capacity.md',
    module: 'apps/dr/src/commands/drill/capacity-page.ts',
    make: ({ capacityTables }, page) => withTables(page, capacityTables(capacity())),
  },
  {
    file: 'docs/twin.md',
    module: 'conformance/column.ts',
    make: ({ withValidation }, page) => withValidation(page, validated()),
  },
  {
    file: 'docs/performance.md',
    module: 'bench/src/page.ts',
    make: ({ performancePage }) => performancePage(benchResults(), notMeasured()),
  },
  ...['light', 'dark'].flatMap((theme) => [
    {
      file: `docs/pictures/drill-${theme}.svg`,
      module: PICTURE,
      make: ({ drillPicture }) => drillPicture(drillOfPictures(), theme),
    },
    {
      file: `docs/pictures/performance-bars-${theme}.svg`,
      module: 'bench/src/picture.ts',
      make: async ({ barsPicture }) => barsPicture(benchResults(), await coloursOf(theme)),
    },
    {
      file: `docs/pictures/performance-growth-${theme}.svg`,
      module: 'bench/src/picture.ts',
      make: async ({ growthPicture }) => growthPicture(growthResult(), await coloursOf(theme)),
    },
  ]),
];

const { check, only } = readOptions(
  'docs',
  { check: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
  'Usage: node scripts/docs.mjs [--check] [--only TEXT]',
);
const require = createRequire(import.meta.url);

async function exportsOf(module, name) {
  const outfile = join(root, 'dist', 'docs', `${name}.cjs`);
  await build({ ...TOOL_OPTIONS, absWorkingDir: root, entryPoints: [module], outfile });
  return require(outfile);
}

for (const { file, module, make } of DOCUMENTS.filter((one) => one.file.includes(only))) {
  const path = join(root, file);
  const former = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const text = await make(await exportsOf(module, basename(file)), former);
  const isSame = former === text;
  if (isSame) continue;
  if (check) {
    process.exitCode = 1;
    console.error(`${file} is not what ${module} makes. Run "npm run docs", look at the difference, and commit it.`);
  } else {
    writeFileSync(path, text);
    console.log(`${file} is written`);
  }
}
