// From dr.config.ts to a plan that has been judged: what the release script, the plan and drift workflows and the cdktf wrapper share.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale } from './build.mjs';
import { BAD_INPUT, explainSystem, temporaryDirectory } from './ending.mjs';

export const REFUSED = 1;
export const LOCK_FILE = '.terraform.lock.hcl';
/** Where the lock file is kept under version control. */
export const COMMITTED_LOCK = join('terraform', LOCK_FILE);
/** Of every script that plans the stack. */
export const STACK_OPTIONS = {
  bundles: { type: 'string', default: 'dist' },
  out: { type: 'string', default: 'cdktf.out' },
  set: { type: 'string', multiple: true, default: [] },
  lock: { type: 'string', default: COMMITTED_LOCK },
  'allow-destroy': { type: 'string', multiple: true, default: [] },
  'allow-unprotect': { type: 'boolean', default: false },
};
const OUTPUT_LIMIT_BYTES = 1 << 28;

/** Ends a run: one paragraph and an exit code. */
export class Ended extends Error {
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What Terraform says when the config or the account is not as it must be, and what to do about it. */
const KNOWN_ERRORS = [
  {
    pattern: /multiple Route ?53 (Hosted )?Zones? (matched|found)/i,
    exitCode: BAD_INPUT,
    fix: 'The account holds two public zones of that name. Set options.zoneId in dr.config.ts to the id of the one whose name servers `dig NS <zone>` prints, or delete the other',
  },
  {
    pattern: /no matching Route ?53 ?(Hosted ?)?Zone/i,
    exitCode: BAD_INPUT,
    fix: 'The account holds no public zone of that name. Make and delegate it first ("The zone comes first" in docs/state.md), or correct `zone` in dr.config.ts',
  },
  {
    pattern: /Instance cannot be destroyed/,
    exitCode: REFUSED,
    fix: 'The plan would destroy what `protect: true` keeps, so nothing was destroyed. "Destroying" in docs/state.md has the steps if it is meant',
  },
  {
    pattern: /dependency lock file|checksums? recorded/i,
    exitCode: BAD_INPUT,
    fix: `${COMMITTED_LOCK} does not fit the providers that the stack asks for. Make it anew with \`npm run lock\``,
  },
];

/** The paragraph and exit code for what a program printed; undefined when nothing is known about it. */
export const explain = (stderr) => KNOWN_ERRORS.find(({ pattern }) => pattern.test(stderr.replace(/\s*\n[│ ]*/g, ' ')));

/** Runs a program to its end. stdout goes on, or is returned; stderr goes on as well. Throws Ended when it fails. */
export function run(program, args, { capture = false, env = process.env, exitCodes = [0] } = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    stdio: ['ignore', capture ? 'pipe' : 'inherit', 'pipe'],
    encoding: 'utf8',
    maxBuffer: OUTPUT_LIMIT_BYTES,
    env,
  });
  if (stderr) process.stderr.write(stderr);
  if (error?.code === 'ENOENT') throw new Ended(`${program} is not on the PATH`, BAD_INPUT);
  if (exitCodes.includes(status)) return { status, stdout };
  const known = explain(stderr ?? '');
  if (known) throw new Ended(known.fix, known.exitCode);
  const step = args.find((arg) => !arg.startsWith('-')) ?? '';
  // What the infra app refuses is said already, and is bad input here too.
  throw new Ended(`${program} ${step} failed`, status === BAD_INPUT && program !== 'terraform' ? BAD_INPUT : REFUSED);
}

export class Deployment {
  #applied = join(temporaryDirectory('dr-deployment-'), 'applied.json');

  /**
   * `synthesize(args)`: writes the stack into `out`, given further arguments of the infra app. `allowDestroy`: names of regions.
   * `say(text)`: progress.
   */
  constructor({
    out,
    synthesize,
    variables = [],
    lock = COMMITTED_LOCK,
    allowDestroy = [],
    allowUnprotect = false,
    say,
  }) {
    Object.assign(this, { out, variables, lock, allowDestroy, allowUnprotect, say });
    this.synthesizeWith = synthesize;
    this.stack = join(out, 'stacks', 'dr');
  }

  /** Synthesizes, reaches the state, and gives regions that have left the config their providers back. */
  prepare() {
    this.synthesizeWith(['--deployable']);
    this.#init();
    this.#readState();
    this.synthesize();
  }

  /** `args`: further ones of the infra app. Only after prepare(). */
  synthesize(args = []) {
    this.synthesizeWith(['--deployable', '--applied', this.#applied, ...args]);
  }

  terraform(verb, args, options) {
    return run('terraform', [`-chdir=${this.stack}`, verb, ...args], options);
  }

  /** Leaves `tfplan` and, judged, `plan.json` in the stack's directory. Throws Ended for a plan that is refused. */
  plan({ args = [], destroy = false } = {}) {
    const mode = destroy ? ['-destroy'] : [];
    this.terraform('plan', ['-input=false', '-out=tfplan', ...mode, ...this.variables, ...args]);
    const file = join(this.stack, 'plan.json');
    writeFileSync(file, this.terraform('show', ['-json', 'tfplan'], { capture: true }).stdout);
    const flags = [
      ...this.allowDestroy.flatMap((region) => ['--allow-destroy', region]),
      ...(this.allowUnprotect ? ['--allow-unprotect'] : []),
      ...(destroy ? ['--destroy'] : []),
    ];
    const { status, stdout } = run('node', ['dist/dr/main.js', 'plan-check', '--plan', file, ...flags], {
      capture: true,
      exitCodes: [0, REFUSED],
    });
    process.stdout.write(stdout);
    writeFileSync(join(this.stack, 'verdict.txt'), stdout);
    if (status === REFUSED) throw new Ended('the plan is refused, and nothing was applied', REFUSED);
  }

  /** Applies the plan that was judged, and no other. */
  apply() {
    this.terraform('apply', ['-input=false', '-auto-approve', 'tfplan']);
    // What has left with this apply needs no provider any more.
    this.#readState();
  }

  #init() {
    const locked = existsSync(this.lock);
    if (locked) copyFileSync(this.lock, join(this.stack, LOCK_FILE));
    else
      this.say(`there is no ${this.lock}: any provider in the allowed range is taken. Make it with \`npm run lock\``);
    this.terraform('init', ['-input=false', ...(locked ? ['-lockfile=readonly'] : [])]);
  }

  #readState() {
    writeFileSync(this.#applied, this.terraform('state', ['pull'], { capture: true }).stdout);
  }
}

/** Builds what is stale, runs `work`, and ends the process as it says. */
export async function main(name, work) {
  try {
    await buildIfStale();
    await work();
  } catch (error) {
    const system = explainSystem(error);
    console.error(`${name}: ${system ?? `${error.message}.`}`);
    process.exitCode = error instanceof Ended ? error.exitCode : system === undefined ? REFUSED : BAD_INPUT;
  }
}
