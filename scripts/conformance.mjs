// Rules of docs/twin.md: on the twin, by its tests, or asked of an AWS account: `npm run conformance -- [--target twin|aws] [--rows ID,...]
// [--region REGION] [--other REGION] [--yes]`. What AWS has answered goes to docs/validated.json, and from there to docs/twin.md.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, readOptions } from './ending.mjs';
import { root } from './freshness.mjs';

const VALIDATED = join(root, 'docs/validated.json');
/** Rows about clients, who are no part of the twin. */
const CLIENTS = 'libs/drills/src/run/populations.test.ts';

const options = readOptions(
  'conformance',
  {
    target: { type: 'string', default: 'twin' },
    rows: { type: 'string' },
    region: { type: 'string', default: 'us-east-1' },
    other: { type: 'string', default: 'us-west-2' },
    yes: { type: 'boolean', default: false },
  },
  'Usage: npm run conformance -- [--target twin|aws] [--rows ID,...] [--region REGION] [--other REGION] [--yes]',
);
if (options.target === 'twin') askTwin();
else if (options.target === 'aws') await askAccount();
else fail(`conformance: --target "${options.target}" is no target; it must be twin or aws`);

function askTwin() {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const named = options.rows === undefined ? [] : ['--testNamePattern', options.rows.replaceAll(',', '|')];
  const args = [jest, 'libs/twin/src/conformance', CLIENTS, '--verbose', ...named];
  process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

async function askAccount() {
  const { rows, account, askAws } = await built();
  const ids = options.rows?.split(',') ?? rows.map(({ id }) => id);
  const unknown = ids.find((id) => !rows.some((row) => row.id === id));
  if (unknown !== undefined)
    fail(
      `conformance: --rows "${unknown}" cannot be asked of an account; it must be of ${rows.map(({ id }) => id).join(', ')}`,
    );
  const where = await account(options.region).catch((error) =>
    fail(`conformance: no AWS account can be asked: ${error.message}. Set AWS_PROFILE or credentials of a sandbox.`),
  );
  const emulated = process.env.AWS_ENDPOINT_URL;
  console.log(
    `${ids.length} rows are asked of account ${where}${emulated ? ` (${emulated}, which is not AWS)` : ''}, in ${options.region} and ${options.other}.\n` +
      'Health checks, alarms, hosted zones, target groups, a function with its role and a global table are made, each named dr-conformance-..., and removed.\n' +
      'It takes about 20 minutes, and costs less than a dollar.',
  );
  if (!options.yes) fail('Nothing was made. Say --yes when this is an account to try things in.');
  const { results, left } = await askAws({ ids, region: options.region, other: options.other, say: console.log });
  for (const { id, outcome, why } of results) console.log(`${outcome.padEnd(8)} ${id}${why ? `  ${why}` : ''}`);
  for (const one of left) console.log(`LEFT     ${one}. Remove it by hand.`);
  if (emulated) console.log('It was not AWS that answered: nothing is kept.');
  else keep(results);
  process.exitCode = left.length === 0 && results.every(({ outcome }) => outcome === 'holds') ? 0 : 1;
}

async function built() {
  const outfile = join(root, 'dist/conformance/main.mjs');
  await build({
    ...{
      absWorkingDir: root,
      entryPoints: ['conformance/main.ts'],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
    },
    ...{ target: 'node20', packages: 'external', logLevel: 'warning' },
  });
  return import(pathToFileURL(outfile).href);
}

/** What says nothing of a rule leaves what was known of it. */
function keep(results) {
  const known = JSON.parse(readFileSync(VALIDATED, 'utf8'));
  const date = new Date().toISOString().slice(0, 10);
  for (const { id, outcome, why } of results.filter((one) => one.outcome !== 'open'))
    known.rows[id] = { date, holds: outcome === 'holds', ...(why === undefined ? {} : { why }) };
  writeFileSync(VALIDATED, `${JSON.stringify(known, null, 2)}\n`);
  console.log('docs/validated.json is written. Run "npm run docs", look at the difference, and commit it.');
}
