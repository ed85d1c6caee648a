// Releases dist/ region by region: applies the first, waits for its health, then the next; one that does not come healthy
// gets back the code that ran before, and the release ends there. Each apply is of a plan that was judged first. What runs in
// a region is asked of Lambda itself, so a release that was cut short can simply be run again.
import { GetFunctionCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { unzipSync } from 'fflate';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Deployment, Ended, main, REFUSED, run, STACK_OPTIONS } from './deployment.mjs';
import { fail, readOptions, temporaryDirectory } from './ending.mjs';

const ALIAS = 'live';
const PROBE_PAUSE_SECONDS = 5;
const PROBE_TIMEOUT_MS = 5_000;

const USAGE =
  'Usage: node scripts/release.mjs --commit ID [--bundles DIR] [--out DIR] [--set KEY=VALUE]... [--lock FILE] ' +
  '[--allow-destroy REGION]... [--allow-unprotect] ' +
  '[--health-url https://{region}.{domain}/health] [--stable-seconds 120] [--limit-seconds 900]';

const { commit, bundles, out, set, lock, ...flags } = readOptions(
  'release',
  {
    commit: { type: 'string' },
    ...STACK_OPTIONS,
    'health-url': { type: 'string', default: 'https://{region}.{domain}/health' },
    'stable-seconds': { type: 'string', default: '120' },
    'limit-seconds': { type: 'string', default: '900' },
  },
  USAGE,
);
if (!commit) fail(`release: --commit is missing. ${USAGE}`);
const healthUrl = flags['health-url'];
const stableSeconds = Number(flags['stable-seconds']);
const limitSeconds = Number(flags['limit-seconds']);
const running = temporaryDirectory('dr-running-');

const say = (text) => console.log(`release: ${text}`);

const deployment = new Deployment({
  out,
  lock,
  synthesize: (args) => {
    const settings = set.flatMap((setting) => ['--set', setting]);
    run('node', ['dist/infra/main.js', '--out', out, '--bundles', bundles, ...settings, ...args]);
  },
  variables: [`-var=commit=${commit}`],
  allowDestroy: flags['allow-destroy'],
  allowUnprotect: flags['allow-unprotect'],
  say,
});

/** `held`: regions that keep the code that runs there. */
function apply(held) {
  deployment.synthesize(held.flatMap((region) => ['--set', `release.${region}=${join(running, region)}`]));
  deployment.plan();
  deployment.apply();
}

/** The functions of a region in the JSON: what Lambda calls each, and the directory of its bundle. */
const functionsOf = ({ resource }, region) =>
  Object.values(resource.aws_lambda_function)
    .filter(({ provider }) => provider === `aws.${region}`)
    .map(({ function_name: name, filename }) => ({ name, bundle: basename(filename, '.zip') }));

/** Fetches the code behind the alias in every function of a region; false when the region has none yet. */
async function fetchRunning(json, region, awsRegion) {
  const client = new LambdaClient({ region: awsRegion });
  for (const { name, bundle } of functionsOf(json, region)) {
    try {
      const { Code } = await client.send(new GetFunctionCommand({ FunctionName: name, Qualifier: ALIAS }));
      const zip = await fetch(Code.Location);
      if (!zip.ok) throw new Error(`the code of ${name} in ${awsRegion}: HTTP ${zip.status}`);
      const directory = join(running, region, bundle);
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, 'index.js'), unzipSync(new Uint8Array(await zip.arrayBuffer()))['index.js']);
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return false;
      throw error;
    }
  }
  return true;
}

async function isHealthy(region, domain) {
  const url = healthUrl.replace('{region}', region).replace('{domain}', domain);
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })).status === 200;
  } catch {
    return false;
  }
}

/** True once the region has been healthy for `stableSeconds` on end; false when the time for that is up. */
async function comesHealthy(region, domain) {
  const started = Date.now();
  let since;
  while (Date.now() - started < limitSeconds * 1000) {
    since = (await isHealthy(region, domain)) ? (since ?? Date.now()) : undefined;
    if (since !== undefined && Date.now() - since >= stableSeconds * 1000) return true;
    await pause(PROBE_PAUSE_SECONDS * 1000);
  }
  return false;
}

async function release() {
  deployment.prepare();
  const json = JSON.parse(readFileSync(join(deployment.stack, 'cdk.tf.json'), 'utf8'));
  const { output } = json;
  const domain = output.domain.value;
  const regions = Object.entries(output.regions.value);
  // The first region of the config is the primary of a failover routing: it comes last.
  const order = regions.map(([region]) => region).reverse();
  const deployed = await Promise.all(regions.map(([region, awsRegion]) => fetchRunning(json, region, awsRegion)));
  if (!deployed.every(Boolean)) {
    say('a region has no code yet: all are released at once');
    return apply([]);
  }
  for (const [at, region] of order.entries()) {
    const others = order.filter((other) => other !== region);
    for (const other of others) {
      // While a region takes a release, another must be able to take its clients.
      if (!(await isHealthy(other, domain)))
        throw new Ended(`${other} is not healthy, so ${region} may not be changed`, REFUSED);
    }
    const held = order.slice(at + 1);
    say(`${region} gets ${commit}`);
    apply(held);
    if (await comesHealthy(region, domain)) continue;
    say(`${region} has not been healthy for ${stableSeconds} s within ${limitSeconds} s: it gets back what ran before`);
    apply([region, ...held]);
    throw new Ended(`${region} was rolled back${held.length > 0 ? `; ${held.join(', ')} never changed` : ''}`, REFUSED);
  }
  say(`all regions run ${commit}`);
}

await main('release', release);
