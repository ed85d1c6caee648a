// `dr validate`: compares a region's replica with every other one, shows how far it is, and says what differs; on AWS or the twin.
import { InputError } from '@dr/contracts';
import { lambdaName, LIVE_ALIAS } from '@dr/contracts/system';
import type { RegionConfig } from '@dr/contracts/system/config';
import type { ValidationReport } from '@dr/consistency';
import { underLoad } from '@dr/drills';
import { readStack } from '@dr/terraform-json';
import type { Command } from 'commander';
import type { Context, Run } from '../context';
import { liveLine } from '../terminal/live-line';
import { manual, type ManualPage } from '../terminal/manual';
import { seedOption, targetOption } from '../terminal/options';
import { regionNamed } from '../operate/regions';
import { followRun, type Validator } from '../operate/validate-follow';
import { renderValidation, validationLine } from '../operate/validate-text';

const PAGE: ManualPage = {
  examples: [
    ['validate', 'on AWS: the first region against all others'],
    ['validate --region singapore', 'with three regions, the pairs that the first one is not in'],
    ['validate --target twin', 'rehearse it on the twin; nothing outside this process is touched'],
  ],
  exits: { 0: 'the replicas are equal', 1: 'something differs, or a replica could not be read completely' },
  json: {
    schema: 'number: 2',
    region: 'string: the region that compares',
    status: 'string: idle, open or finished',
    busy: 'boolean: another invocation is at work on the run',
    run: 'string | null: id of the run',
    startedAt: 'string | null: ISO 8601',
    finishedAt: 'string | null: ISO 8601',
    passed: 'boolean: all replicas were read completely and are equal',
    newer: 'number: versions written after the run began, which are not compared',
    'progress.items': 'number: versions of this replica that were read',
    'progress.pages': 'number: pages of all replicas',
    'progress.invocations': 'number: of the function',
    'progress.share': 'number | null: 0 to 1; null in the first run',
    'progress.open': 'number: keys to be read again',
    'progress.waitingFor?': 'string: why the run waits',
    peers: 'list: one for each other region',
    'peers[].peer': 'string: region',
    'peers[].complete': 'boolean: its replica was read completely',
    'peers[].incompleteBecause?': 'string: why not',
    'peers[].itemsHere': 'number: versions in this replica',
    'peers[].itemsThere': 'number: versions in the other one',
    'peers[].missingHere': 'number: versions that this replica lacks',
    'peers[].missingThere': 'number: versions that the other one lacks',
    'peers[].divergent': 'number: versions whose contents differ',
    'peers[].conflicting': 'number: items that both hold in conflicting versions',
    'peers[].inFlight': 'number: versions still on their way',
    'peers[].samples': 'list: some of the differences',
    'peers[].conflicts': 'list: some of the conflicts',
  },
};

interface ValidateFlags {
  readonly region?: string;
  readonly target: 'aws' | 'twin';
  readonly seed: number;
  readonly json?: true;
}

const FUNCTION = 'data-consistency-validator';

export function validateCommand(program: Command, run: (run: Run) => void): void {
  manual(program.command('validate'), PAGE)
    .description('compare whole replicas of the table and print what differs')
    .option('--region <name>', 'region that compares its replica with all others (default: the first one)')
    .option(
      '--target <where>',
      'aws: the applied system; twin: a twin of the stack with some clients',
      targetOption,
      'aws',
    )
    .option('--seed <number>', 'seed of the twin', seedOption, 1)
    .option('--json', 'print one JSON object')
    .action((flags: ValidateFlags) => run((context) => validate(context, flags)));
}

async function validate(context: Context, { region: name, target, seed, json }: ValidateFlags): Promise<number> {
  const config = context.config();
  const region = name === undefined ? (config.regions[0] as RegionConfig) : regionNamed(config, 'region', name);
  const validator =
    target === 'twin'
      ? await onTwin(context, region, seed)
      : onAws(context, lambdaName(config.system, FUNCTION), region);
  const startedMs = validator.now();
  const shown = liveLine(context);
  let report: ValidationReport;
  try {
    report = await followRun(validator, (now) => shown.show(validationLine(now)));
  } finally {
    shown.end();
  }
  context.out(json ? `${JSON.stringify(report)}\n` : renderValidation(report, (validator.now() - startedMs) / 1000));
  return report.passed ? 0 : 1;
}

function onAws({ operator }: Context, name: string, { awsRegion, name: region }: RegionConfig): Validator {
  const fn = operator.liveFunction(awsRegion, name);
  return {
    region,
    invoke: async (event) => reportOf(await fn.invoke(event), `${name} in ${awsRegion}`),
    now: () => operator.now(),
    sleep: (ms) => operator.sleep(ms),
  };
}

/** Time is the twin's: it passes while the function works, and while we wait. */
async function onTwin(context: Context, { name: region }: RegionConfig, seed: number): Promise<Validator> {
  const graph = readStack(await context.synthesize([], context.temporaryDirectory()));
  const twin = await context.startTwin({ graph, seed });
  await underLoad(twin);
  const { scheduler } = twin.world;
  return {
    region,
    invoke: async (event) =>
      reportOf(await twin.operator.invoke(region, FUNCTION, LIVE_ALIAS, event), `${FUNCTION} of the twin's ${region}`),
    now: () => scheduler.now(),
    sleep: (ms) => scheduler.runUntil(scheduler.now() + ms),
  };
}

/** The function of an older release answers otherwise. */
function reportOf(answer: unknown, who: string): ValidationReport {
  const report = answer as ValidationReport | null;
  if (report?.schema === 2 && Array.isArray(report.peers)) return report;
  const fix = 'Apply the stack of the same version first';
  throw new InputError(who, 'answers in a form that this tool does not know', fix);
}
