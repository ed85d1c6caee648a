// `dr init`: asks what a system is, writes dr.config.ts, and says what comes next.
import { InputError, reservedNamesOf, WORST_CLIENT } from '@dr/contracts';
import { parseConfig, recoveryObjectiveOf } from '@dr/contracts/system/config';
import { selectSettings } from '@dr/failover';
import type { Command } from 'commander';
import { NoAnswer, type Context, type Run } from '../../context';
import { CALL } from '../../packaged';
import { columns } from '../../terminal/columns';
import { manual, type ManualPage } from '../../terminal/manual';
import { wrapped } from '../../terminal/wrapped';
import { configText } from './config-text';
import { answered, QUESTIONS, STANDARD, type Answers, type Question } from './questions';

const PAGE: ManualPage = {
  examples: [
    ['init', 'asks eight questions, each with an explanation and a default'],
    ['init --yes', 'asks nothing: all defaults'],
    [
      'init --yes --zone shop.in --regions ap-south-1,ap-southeast-1 --rto 60 --alerts ops@shop.in',
      'asks nothing; what is not given has its default',
    ],
    ['init --force', 'writes the file anew; its former values are the defaults, and it is kept as dr.config.ts.bak'],
  ],
  exits: {
    0: 'dr.config.ts is written',
    2: 'an answer is refused, the file is there already, or the answers ended early; nothing is written',
  },
  json: {
    schema: 'number: 1',
    file: 'string: the file that was written',
    backup: 'string | null: where the former file is kept',
    config: 'object: the answers, as dr.config.ts has them',
    'settings.intervalSeconds': 'number: of the health checks that the objective selects',
    'settings.failureThreshold': 'number: probes in a row that must fail',
    'settings.ttlSeconds': 'number: how long resolvers keep an answer',
    'settings.recordType': 'string: alias or cname',
    'predicted.worstDetectionSeconds': 'number: threshold x (interval + probe)',
    'predicted.worstClientSeconds': 'number: detection + TTL + client wait',
    warnings: 'list: what keeps the system from being deployed or watched as it is',
    'warnings[]?': 'string: a sentence',
  },
};

type Flags = { readonly [option in Question['option']]?: string } & {
  readonly yes?: true;
  readonly force?: true;
  readonly json?: true;
};

const FILE = 'dr.config.ts';
/** Of one question, at a terminal. */
const MAX_TRIES = 20;

export function initCommand(command: Command, run: (run: Run) => void): void {
  manual(command, PAGE);
  for (const { option, placeholder, title, standard } of QUESTIONS)
    command.option(`--${option} <${placeholder}>`, `${title} (default: ${standard(STANDARD)})`);
  command
    .option('--yes', 'ask nothing: what no option answers has its default')
    .option('--force', `write over a ${FILE} that is there; it is kept as ${FILE}.bak`)
    .option('--json', 'print one JSON object')
    .action((flags: Flags) => run((context) => init(context, flags)));
}

async function init(context: Context, flags: Flags): Promise<number> {
  const { configFile, questions, err } = context;
  if (configFile.exists() && !flags.force) {
    throw new InputError(
      FILE,
      'is there already, and would be lost',
      'Edit it, or give --force: it is then kept beside the new one',
    );
  }
  const answers = await ask(context, flags).finally(() => questions.end());
  if (answers instanceof NoAnswer) {
    err(
      `\n${FILE} is not written: ${answers.why}.${answers.code === CLOSED ? ` Give --yes, or an option for each question (${CALL} init --help).` : ''}\n`,
    );
    return answers.code;
  }
  const config = parseConfig(answers);
  const { settings, predicted, arithmetic } = selectSettings(recoveryObjectiveOf(config));
  const backup = configFile.write(configText(answers), { replace: flags.force === true });
  const warnings = warningsOf(answers);
  context.out(
    flags.json
      ? `${JSON.stringify({ schema: 1, file: FILE, backup, config: answers, settings, predicted, warnings })}\n`
      : next({ backup, arithmetic, warnings, region: config.regions[0]?.name ?? '' }),
  );
  return 0;
}

const CLOSED = 2;

async function ask(context: Context, flags: Flags): Promise<Answers | NoAnswer> {
  let answers = formerAnswers(context);
  for (const question of QUESTIONS) {
    const given = flags[question.option];
    const text = given ?? (flags.yes ? question.standard(answers) : undefined);
    if (text !== undefined) {
      answers = answered(question, answers, text, `--${question.option}`);
      continue;
    }
    const after = await askOne(context, question, answers);
    if (after instanceof NoAnswer) return after;
    answers = after;
  }
  return answers;
}

/** Of the file that is written anew, where it can be read. */
function formerAnswers({ config, configFile }: Context): Answers {
  if (!configFile.exists()) return STANDARD;
  try {
    const { system, zone, domain, regions, objectives, routing, alerts } = config();
    return { system, zone, domain, regions, objectives, routing, alerts };
  } catch (error) {
    if (error instanceof InputError) return STANDARD;
    throw error;
  }
}

async function askOne(
  { questions, err, columns: width }: Context,
  question: Question,
  before: Answers,
): Promise<Answers | NoAnswer> {
  const standard = question.standard(before);
  const indented = (text: string): string =>
    wrapped(text, Math.min(width, 80) - 2)
      .map((line) => `  ${line}\n`)
      .join('');
  err(`\n${question.title}\n${indented(question.explanation)}`);
  for (let tries = 0; ; tries += 1) {
    const answer = await questions.ask(`  [${standard}]: `);
    if (answer instanceof NoAnswer) return answer;
    try {
      return answered(question, before, answer.trim() === '' ? standard : answer, question.title);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (!questions.atTerminal || tries + 1 >= MAX_TRIES) {
        err('\n');
        throw error;
      }
      err(indented(error.message));
    }
  }
}

const warningsOf = (answers: Answers): string[] => [
  ...reservedNamesOf(answers).map(
    ({ key, value }) =>
      `${key} "${value}" is a name set aside for documentation and tests: good for drills, not for a deployment`,
  ),
  ...(answers.alerts.emails.length + answers.alerts.sms.length > 0
    ? []
    : ['alerts has no address: nobody is told of a failover or an alarm']),
];

interface Written {
  readonly backup: string | null;
  readonly arithmetic: string;
  readonly warnings: readonly string[];
  readonly region: string;
}

function next({ backup, arithmetic, warnings, region }: Written): string {
  return [
    `${FILE} is written.${backup === null ? '' : ` The former one is ${backup}: what it said beyond the questions is there.`}`,
    `The ${WORST_CLIENT}: ${arithmetic}`,
    ...warnings.map((warning) => `warning: ${warning}.`),
    '',
    'What comes next:',
    columns([
      [`  ${CALL} objectives`, 'what other settings would give and cost'],
      ['  npm run drill', `lose ${region} on this machine, and see who is hurt`],
      [`  ${CALL} cost`, 'what the stack costs a month'],
      [`  ${CALL} preflight`, 'what your AWS account still lacks (reads only)'],
      ['  npm run cdktf -- deploy', 'docs/getting-started.md has each step before it'],
    ]),
    `Every other option of ${FILE} is in docs/getting-started.md.`,
    '',
  ].join('\n');
}
