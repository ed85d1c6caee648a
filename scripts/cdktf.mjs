// `npm run cdktf -- VERB ...`: cdktf's own command line, but `deploy` and `destroy` are planned and judged first.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Deployment, Ended, main, REFUSED, run } from './deployment.mjs';
import { BAD_INPUT } from './ending.mjs';

const CDKTF = ['--yes', 'cdktf-cli@0.21.0'];
const VALUED = { '--app': 'app', '-a': 'app', '--output': 'out', '-o': 'out', '--allow-destroy': 'allowDestroy' };

/** Takes from the arguments what the check needs; `rest` is for cdktf. */
function read(argv) {
  const found = { app: [], out: [], allowDestroy: [], allowUnprotect: false, variables: [], rest: [] };
  for (let at = 0; at < argv.length; at += 1) {
    const [name, ...inline] = argv[at].startsWith('--') ? argv[at].split('=') : [argv[at]];
    const key = VALUED[name];
    if (key) found[key].push(inline.length > 0 ? inline.join('=') : argv[(at += 1)]);
    else if (name === '--allow-unprotect') found.allowUnprotect = true;
    else {
      if (/^--var(-file)?$/.test(name))
        found.variables.push(inline.length > 0 ? argv[at].slice(1) : `${name.slice(1)}=${argv[at + 1]}`);
      found.rest.push(argv[at]);
    }
  }
  for (const [name, { length }] of Object.entries({ app: found.app, output: found.out })) {
    if (length > 1) throw new Ended(`--${name} is given twice, and takes one value: give it once`, BAD_INPUT);
  }
  return found;
}

function judged(verb, argv) {
  const { app: apps, out: outs, allowDestroy, allowUnprotect, variables, rest } = read(argv);
  const { app: ownApp } = JSON.parse(readFileSync('cdktf.json', 'utf8'));
  const app = apps.at(-1) ?? ownApp;
  const out = outs.at(-1) ?? 'cdktf.out';
  let command = app;
  const deployment = new Deployment({
    out,
    variables,
    allowDestroy,
    allowUnprotect,
    // As cdktf runs it: by a shell, told where to write.
    synthesize: (args) => {
      command = `${app} ${args.map((arg) => `'${arg}'`).join(' ')}`;
      run('sh', ['-c', command], { env: { ...process.env, CDKTF_OUTDIR: out } });
    },
    say: (text) => console.log(`cdktf: ${text}`),
  });
  deployment.prepare();
  deployment.plan({ destroy: verb === 'destroy' });
  cdktf([verb, ...rest, '--app', command, '--output', out]);
}

function cdktf(args) {
  const { status, signal } = spawnSync('npx', [...CDKTF, ...args], { stdio: 'inherit' });
  if (status !== 0) throw new Ended(`${args[0] ?? ''} ended with ${status ?? signal}`, status ?? REFUSED);
}

const [verb = '', ...argv] = process.argv.slice(2);
const helps = argv.some((arg) => arg === '--help' || arg === '-h');
await main('cdktf', () =>
  ['deploy', 'destroy'].includes(verb) && !helps ? judged(verb, argv) : cdktf([verb, ...argv].filter(Boolean)),
);
