// End-to-end tests against an emulated AWS: checks that all they need is here, then runs jest on e2e/, then cleans up.
// DR_TF_MIRROR: a directory laid out as Terraform's filesystem mirror; without it the provider comes from the registry.
// DR_AWS_PROVIDER_VERSION: the exact version of the AWS provider to test with; any in range without it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale } from './build.mjs';
import { BAD_INPUT, temporaryDirectory } from './ending.mjs';

const TERRAFORM_LEAST = [1, 11];
const GRACE_MS = 5_000;
const LOG_LINES_SHOWN = 60;
const PLUGIN_CACHE = join('node_modules', '.cache', 'terraform-plugins');

// A signal ends the run as any other end does: with the directory gone. While jest runs, it ends jest first.
let stop = (code) => process.exit(code);
const directory = temporaryDirectory('dr-e2e-', (code) => stop(code));

/** Ends the run: what is missing, and how to get it. */
function missing(what, fix) {
  console.error(`e2e: ${what}. ${fix}`);
  process.exit(BAD_INPUT);
}

const output = (program, args, options = {}) => spawnSync(program, args, { encoding: 'utf8', ...options });

function checkTerraform() {
  const { status, stdout } = output('terraform', ['version', '-json'], {
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
  });
  const get = 'Get 1.11 or later from https://developer.hashicorp.com/terraform/install';
  if (status !== 0) missing('terraform is not on the PATH', get);
  const version = JSON.parse(stdout).terraform_version;
  const [major, minor] = version.split('.').map(Number);
  const old = major < TERRAFORM_LEAST[0] || (major === TERRAFORM_LEAST[0] && minor < TERRAFORM_LEAST[1]);
  if (old) missing(`terraform is ${version}, and the state's lock file needs ${TERRAFORM_LEAST.join('.')}`, get);
}

function checkMoto() {
  const get = "Get it with: python3 -m pip install --no-deps -r e2e/requirements.txt";
  const python = output('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']);
  if (python.status !== 0) missing('python3 (3.10 or later) is not on the PATH', 'Get it from https://www.python.org');
  const moto = output('python3', ['-c', 'import moto.moto_server.werkzeug_app; print(moto.__version__)']);
  if (moto.status !== 0) missing('moto_server cannot be imported by python3', get);
  if (!moto.stdout.startsWith('5.')) missing(`moto is ${moto.stdout.trim()}, not 5`, get);
}

/** Terraform's own settings for the tests: the provider from the mirror, or from the registry by way of a cache. */
function writeCliConfig() {
  const mirror = process.env.DR_TF_MIRROR;
  const file = join(directory, 'terraform.rc');
  if (mirror) {
    const path = JSON.stringify(mirror);
    writeFileSync(file, `provider_installation {\n  filesystem_mirror {\n    path = ${path}\n  }\n}\n`);
  } else {
    mkdirSync(PLUGIN_CACHE, { recursive: true });
    writeFileSync(file, `plugin_cache_dir = ${JSON.stringify(join(process.cwd(), PLUGIN_CACHE))}\n`);
  }
  return file;
}

/** Also fills the cache, which two inits at once must not do. */
function checkProvider(cliConfig) {
  const version = process.env.DR_AWS_PROVIDER_VERSION;
  const aws = { source: 'aws', version: version ? `= ${version}` : '>= 5.100.0, < 7.0.0' };
  const probe = join(directory, 'provider');
  mkdirSync(probe);
  writeFileSync(join(probe, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: { aws } } }));
  const env = { ...process.env, TF_CLI_CONFIG_FILE: cliConfig, CHECKPOINT_DISABLE: '1' };
  const { status, stderr } = output('terraform', ['init', '-input=false', '-no-color'], { cwd: probe, env });
  if (status === 0) return;
  const mirror = process.env.DR_TF_MIRROR;
  missing(
    `the AWS provider ${aws.version} cannot be installed from ${mirror ? `DR_TF_MIRROR=${mirror}` : 'the registry'}`,
    `Point DR_TF_MIRROR at a filesystem mirror that holds it, or run where registry.terraform.io answers.\n${stderr.trim()}`,
  );
}

function checkCdktf() {
  const { status, stderr } = output('npm', ['run', '--silent', 'cdktf', '--', '--version'], {
    env: { ...process.env, TF_CLI_CONFIG_FILE: '', CHECKPOINT_DISABLE: '1' },
  });
  if (status !== 0) {
    missing(
      'cdktf-cli cannot be run',
      `Run where the npm registry answers, or fill npm's cache there.\n${stderr.trim()}`,
    );
  }
}

function showLog() {
  const log = join(directory, 'aws.log');
  if (!existsSync(log)) return;
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LOG_LINES_SHOWN);
  console.error(`\nThe last that the emulated AWS and the functions logged:\n${lines.join('\n')}`);
}

/** jest in a process group of its own, which ends as a whole: Terraform and its plugins are in it. */
function runTests(cliConfig) {
  const args = ['node_modules/jest/bin/jest.js', '--config', 'e2e/jest.config.cjs', ...process.argv.slice(2)];
  const env = { ...process.env, DR_E2E_DIRECTORY: directory, DR_E2E_TF_CLI_CONFIG: cliConfig, TMPDIR: directory };
  const jest = spawn(process.execPath, args, { stdio: 'inherit', detached: true, env });
  const endGroup = (signal) => {
    try {
      process.kill(-jest.pid, signal);
    } catch {
      // Nobody of the group is left.
    }
  };
  let stoppedWith;
  stop = (code) => {
    if (stoppedWith !== undefined) return;
    stoppedWith = code;
    endGroup('SIGTERM');
    setTimeout(() => endGroup('SIGKILL'), GRACE_MS).unref();
  };
  jest.on('exit', (code) => {
    endGroup('SIGKILL');
    if (code !== 0 && stoppedWith === undefined) showLog();
    process.exitCode = stoppedWith ?? code ?? 1;
  });
}

checkTerraform();
checkMoto();
await buildIfStale();
const cliConfig = writeCliConfig();
checkProvider(cliConfig);
checkCdktf();
runTests(cliConfig);
