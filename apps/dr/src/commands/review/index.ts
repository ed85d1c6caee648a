// `dr review`: does this stack fail over, how fast, and what stops it? Any team's Terraform, before it is applied.
import { PROMISED_CLIENT, InputError } from '@dr/contracts';
import type { NamesDrillOptions } from '@dr/drills';
import { parseWaivers, reviewStack, withWaivers, type Review } from '@dr/review';
import { MAX_TERRAFORM_JSON_BYTES, readStacks, type Graph } from '@dr/terraform-json';
import type { Command } from 'commander';
import type { FilesContext, Start } from '../../context';
import { liveLine } from '../../terminal/live-line';
import { manual, type ManualPage } from '../../terminal/manual';
import { checkCount, numberOption, oneOf } from '../../terminal/options';
import { REPORT_FILES } from '../report/json-shape';
import { FORMATS, rendered, type Format } from './formats';
import { isSource, SourceLines, withLines } from './lines';

/** A day: an objective above that is none of a failover. */
const MAX_SECONDS = 86_400;

const PAGE: ManualPage = {
  examples: [
    ['review plan.json', 'plan.json is what `terraform show -json PLAN` prints'],
    ['review plan.json --rto 60', 'fails when clients of a name need longer'],
    ['review plan.json --base main.json', 'compared with another plan or state than what is applied now'],
    ['review plan.json --waivers waivers.json', 'what a team has accepted, with reason and expiry, blocks nothing'],
    ['review plan.json --format markdown --out comment.md', 'a comment on a pull request, or a job summary'],
    [
      'review plan.json --source . --anchor main.tf --format sarif --out review.sarif',
      'for code scanning: each finding at its line',
    ],
    ['review plan.json --drill', 'and let it happen: what clients meet in a drill stands beside each answer'],
    ['review plan.json --report review.html', 'one page to look at, to print and to hand on; it needs no network'],
    ['review cdktf.out/stacks/NAME/cdk.tf.json --json', 'a synthesized stack, as data'],
  ],
  exits: {
    0: 'nothing blocks',
    1: 'something keeps clients down, AWS does not take the stack, or a name misses the objective or fails its drill',
  },
  json: {
    schema: 'number: 1',
    verdict: 'string: passes, fails or unknown',
    'objective.rtoSeconds': 'number | null: --rto',
    'objective.rpoSeconds': 'number | null: --rpo',
    'names[].name': 'string: a name that clients ask',
    'names[].policy': 'string: how Route 53 chooses among its records; none for a front door of its own name',
    'names[].faults[].fault': 'string: region-dark or app-errors',
    'names[].faults[].region': 'string: AWS region that is lost',
    'names[].faults[].outcome': 'string: recovers, never, partly, manual or unknown',
    'names[].faults[].seconds':
      'list | null: best and worst for clients that recover; null where AWS publishes no time',
    'names[].faults[].why': 'string: the arithmetic, and what keeps clients down',
    'names[].faults[].causes[]?': 'string: Terraform addresses of what keeps clients down',
    'names[].faults[].assumptions[]?': 'string: what the answer takes for granted',
    'names[].faults[].before': 'object | null: what the base gives, where it is something else',
    'names[].faults[].before.outcome?': 'string: outcome of the base',
    'names[].faults[].before.seconds?': 'list | null: best and worst of the base',
    'names[].faults[].drilled?': 'object | null: with --drill; null where no drill was run',
    'names[].faults[].drilled.outcome?': 'string: as of the review, of the clients that were simulated',
    'names[].faults[].drilled.seconds?': `number | null: until the last ${PROMISED_CLIENT} is served, of those that recover`,
    'names[].faults[].drilled.why?': 'string: what was seen, or what kept it from being told',
    'findings[].rule?': 'string: id of the rule',
    'findings[].severity?': 'string: blocks, warns or note',
    'findings[].address?': 'string: Terraform address',
    'findings[].message?': 'string: what is wrong',
    'findings[].atFailover?': 'string: what it does to clients when a region is lost',
    'findings[].fix?': 'string: what to do',
    'findings[].source?': 'string: page of AWS',
    'findings[].file?': 'string: where it is written; absent where that cannot be told',
    'findings[].line?': 'number: from 1',
    'findings[].waived.reason?': 'string: why it was accepted; it blocks nothing',
    'findings[].waived.expires?': 'string: YYYY-MM-DD',
    'changes[].address?': 'string: Terraform address',
    'changes[].actions?': 'list: as Terraform says them; of a replacement two, in their order',
    'changes[].meaning?': 'string: what changes, and what follows when a region is lost',
    'cost.beforeUsd': 'number | null: USD of a month before the first request, of the base; null without a base',
    'cost.afterUsd': 'number: the same of the stack, of what has a price',
    'cost.unpriced': 'number: charges of the stack without a known price',
    'cost.lines[].what?': 'string: the charge; those that differ first',
    'cost.lines[].beforeUsd?': 'number | null: USD a month; null is unknown',
    'cost.lines[].afterUsd?': 'number | null: USD a month; null is unknown',
    'unknown[].address?': 'string: Terraform address',
    'unknown[].why?': 'string: what of it cannot be told before an apply, and why',
    'unknown[].rule?': 'string: the rule that is therefore not judged',
    'waivers[].rule?': 'string: --waivers',
    'waivers[].address?': 'string: of the finding',
    'waivers[].reason?': 'string: why it is accepted',
    'waivers[].expires?': 'string: YYYY-MM-DD, the last day on which it holds',
    'waivers[].findings?': 'number: how many it met',
  },
  files: REPORT_FILES,
};

interface Flags {
  readonly base?: readonly string[];
  readonly rto?: number;
  readonly rpo?: number;
  readonly waivers?: string;
  readonly source?: string;
  readonly anchor?: string;
  readonly format: Format;
  readonly json?: true;
  readonly drill?: true;
  readonly out?: string;
  readonly report?: string;
}

export function reviewCommand(command: Command, run: Start): void {
  manual(command, PAGE)
    .argument(
      '<files...>',
      'output of `terraform show -json` for a plan or a state, or Terraform JSON such as cdk.tf.json; several are read as one',
    )
    .option(
      '--rto <seconds>',
      'longest outage that clients may see; a name that needs longer fails',
      numberOption('rto'),
    )
    .option('--rpo <seconds>', 'most data that may be lost, in seconds; written into the answer', numberOption('rpo'))
    .option(
      '--base <files...>',
      'what it is compared with, in the same forms; without it, what the plan says is applied now',
    )
    .option(
      '--waivers <file>',
      'findings that are accepted: { "waivers": [{ "rule", "address", "reason", "expires": "YYYY-MM-DD" }] }',
    )
    .option(
      '--source <directory>',
      "where each finding's line is looked for: .tf and .tf.json files; for cdk.tf.json, the TypeScript that makes the construct",
    )
    .option(
      '--anchor <file>',
      'the file of the repository that stands for what has no line, as code scanning needs one',
    )
    .option('--drill', 'drill each public name too, as dr drill --stack does; one that fails its drill fails')
    .option('--format <format>', FORMATS.join(', '), oneOf('format', FORMATS), 'text')
    .option('--json', 'the same as --format json')
    .option('--out <file>', 'write it there instead of printing it')
    .option(
      '--report <file>',
      'write one HTML file to look at, and to hand to an auditor; its figures go beside it, as FILE.json',
    )
    .action((files: readonly string[], flags: Flags) =>
      run(async (context) => {
        const { rto, rpo, json, out, report } = flags;
        checkCount('rto', rto, MAX_SECONDS);
        checkCount('rpo', rpo, MAX_SECONDS, 0);
        if (out !== undefined) context.checkWritable(out, 'out');
        const leave =
          report === undefined ? undefined : (await import('./report')).reportAt(context, report, { ...flags, files });
        const review = await reviewed(context, files, flags);
        const width = out === undefined && context.outTerminal ? context.columns : Number.POSITIVE_INFINITY;
        const text = rendered(json ? 'json' : flags.format, review, { width, version: context.version });
        if (out === undefined) context.out(text);
        else context.writeFile(out, [text]);
        leave?.(review);
        return review.verdict === 'fails' ? 1 : 0;
      }, 'files'),
    );
}

async function reviewed(context: FilesContext, files: readonly string[], flags: Flags): Promise<Review> {
  const { base, rto, rpo, waivers, source, anchor } = flags;
  // What is wrong with what is small is said before the large files are read.
  const accepted =
    waivers === undefined
      ? undefined
      : parseWaivers(context.processes.readFile('--waivers', waivers), waivers, context.now());
  if (anchor !== undefined) checkAnchor(context, anchor);
  const lines = source === undefined ? new SourceLines([]) : sourceLines(context, source, files);
  const objective = { rtoSeconds: rto ?? null, rpoSeconds: rpo ?? null };
  const graph = readStacks(files);
  const computed = reviewStack(graph, objective, base && readStacks(base));
  const review = withLines(flags.drill ? await drilled(context, computed, graph, flags) : computed, lines, anchor);
  return accepted ? withWaivers(review, accepted) : review;
}

async function drilled(context: FilesContext, review: Review, graph: Graph, { json, format }: Flags): Promise<Review> {
  // It brings all of the drills.
  const { drilledReview } = await import('./drilled');
  const progress = json || format !== 'text' ? undefined : liveLine(context);
  const onRun: NamesDrillOptions['onRun'] = ({ done, of }) => progress?.show(`drilling ${done + 1} of ${of}`);
  return drilledReview(review, { graph, onRun }).finally(() => progress?.end());
}

function checkAnchor({ sources }: FilesContext, anchor: string): void {
  if (sources.isFile(anchor)) return;
  throw new InputError(
    `--anchor "${anchor}"`,
    'is no file of this directory or below',
    'Name a file of the repository by its path from here',
  );
}

function sourceLines({ sources, processes, err }: FilesContext, source: string, given: readonly string[]): SourceLines {
  const { files, unread } = sources.read(source, isSource);
  if (unread > 0)
    err(
      `${unread} ${unread === 1 ? 'file or directory' : 'files or directories'} of ${source} cannot be read: what is in them has no line.\n`,
    );
  const reviewed = given.map((path) => {
    const isConfiguration = path.endsWith('.tf.json');
    return { path, text: isConfiguration ? processes.readFile('file', path, MAX_TERRAFORM_JSON_BYTES) : '' };
  });
  return new SourceLines(files, reviewed);
}
