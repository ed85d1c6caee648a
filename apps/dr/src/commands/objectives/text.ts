// What `dr objectives` prints: the sum, two tables that fit in 40 columns, and why this choice.
import { ACCELERATOR_LOOK, ACCELERATOR_SECONDS, WORST_CLIENT } from '@dr/contracts';
import { CLIENT_WAIT_SECONDS, FRONT_CHECK, type RecoveryChoice } from '@dr/failover';
import pc from 'picocolors';
import { settingsText, type ObjectivesReport } from './report';

interface Look {
  readonly color: boolean;
  /** What gave the objective. */
  readonly asked: string;
}

const { timeout, pause, success } = CLIENT_WAIT_SECONDS;
const NOTE =
  'Left out: what Route 53 itself takes to spread a change, which AWS does not publish, and connections that a client keeps open. ' +
  'The cost is of what differs between the choices: the fast interval, invocations of /health by the checkers, DNS queries. ' +
  'List prices without tax; dr cost shows the rest. What is computed here, dr drill simulates, and dr gameday measures on AWS.';

export function renderObjectives(report: ObjectivesReport, { color, asked }: Look): string {
  const c = pc.createColors(color);
  const { objective, selected } = report;
  const isAccelerated = objective.frontDoor === 'global-accelerator';
  const verdict = selected
    ? `${c.green('✓')} ${isAccelerated ? 'It is met' : `Selected: ${settingsText(selected)}`}`
    : `${c.red('✗')} ${objective.rtoSeconds} s cannot be met.`;
  return [
    `Objective: ${objective.rtoSeconds} s without service for the ${WORST_CLIENT} (${asked}).`,
    ...(isAccelerated ? sumOfAccelerator(report) : sumOfDns(report)),
    '',
    verdict,
    `  ${report.arithmetic}`,
    ...report.why.map((line) => `  ${line}`),
    ...report.warnings.map((line) => `  ${c.yellow('warning:')} ${line}.`),
    ...(report.couldMeet.length > 0
      ? ['', 'What could be met:', ...report.couldMeet.map((line) => `  - ${line}`)]
      : []),
    '',
    `RPO ${objective.rpoSeconds} s: no setting of Route 53 changes it. dr drill shows which writes a loss puts at risk.`,
    NOTE,
    '',
  ].join('\n');
}

const waitLine = ({ clientWaitSeconds }: ObjectivesReport): string =>
  `  client wait  ${clientWaitSeconds} s [A]: time-out ${timeout}, pause ${pause}, request ${success}`;

function sumOfDns(report: ObjectivesReport): readonly string[] {
  const { objective, probeSeconds } = report;
  return [
    `${objective.domain}, ${objective.routing} routing, ${objective.regions} regions, ${objective.resolvers} resolvers.`,
    '',
    'time without service = threshold x (interval + probe) + TTL + client wait',
    `  probe        ${probeSeconds} s, that nothing answers`,
    waitLine(report),
    '',
    'Time without service in seconds: TTL by interval x threshold',
    worstTable(report),
    ...legend(report),
    '',
    'Cost in USD a month: TTL by interval',
    costTable(report),
  ];
}

function sumOfAccelerator(report: ObjectivesReport): readonly string[] {
  const { intervalSeconds, unhealthyThreshold, timeoutSeconds } = FRONT_CHECK;
  const { domain, regions } = report.objective;
  const { intervalSeconds: every, failureThreshold: looks } = ACCELERATOR_LOOK;
  return [
    `${domain}, Global Accelerator, ${regions} regions.`,
    '',
    'time without service = target check + accelerator + client wait',
    `  target check ${unhealthyThreshold} x ${intervalSeconds} s + ${timeoutSeconds} s time-out`,
    `  accelerator  ${ACCELERATOR_SECONDS} s [A]: ${looks} looks, ${every} s apart`,
    waitLine(report),
  ];
}

const answerOf = ({ ttlSeconds, recordType }: RecoveryChoice): string =>
  `${ttlSeconds}${recordType === 'alias' ? ' alias' : ''}`;
const checkOf = ({ intervalSeconds, failureThreshold }: RecoveryChoice): string =>
  `${intervalSeconds}x${failureThreshold}`;

/** The longest TTL first. */
const answersOf = ({ choices }: ObjectivesReport): string[] => [
  ...new Set([...choices].sort((a, b) => b.ttlSeconds - a.ttlSeconds).map(answerOf)),
];

const LEGEND = { selected: '*', meets: '+', closed: '-', none: ' ' };

function mark(choice: RecoveryChoice, { selected }: ObjectivesReport): string {
  if (selected && settingsText(choice) === settingsText(selected)) return LEGEND.selected;
  if (!choice.allowed) return LEGEND.closed;
  return choice.meets ? LEGEND.meets : LEGEND.none;
}

function legend(report: ObjectivesReport): string[] {
  const { choices, selected, objective } = report;
  const said = [
    ...(selected ? [`${LEGEND.selected} selected`] : []),
    ...(choices.some(({ meets, allowed }) => meets && allowed)
      ? [`${LEGEND.meets} meets ${objective.rtoSeconds} s`]
      : []),
    ...(choices.some(({ allowed }) => !allowed) ? [`${LEGEND.closed} closed by recovery.*`] : []),
  ];
  return said.length > 0 ? [said.join(', ')] : [];
}

function worstTable(report: ObjectivesReport): string {
  const checks = [...new Set(report.choices.map(checkOf))];
  const of = (check: string) => report.choices.filter((choice) => checkOf(choice) === check);
  return narrow([
    ['TTL', ...checks.map((check) => `${check} `)],
    ...answersOf(report).map((answer) => [
      answer,
      ...checks.map((check) => {
        const choice = of(check).find((one) => answerOf(one) === answer);
        return choice ? `${choice.worstClientSeconds}${mark(choice, report)}` : '';
      }),
    ]),
    ['detection', ...checks.map((check) => `${of(check)[0]?.worstDetectionSeconds ?? ''} `)],
  ]);
}

function costTable(report: ObjectivesReport): string {
  const intervals = [...new Set(report.choices.map(({ intervalSeconds }) => intervalSeconds))];
  return narrow([
    ['TTL', ...intervals.map((interval) => `  ${interval} s`)],
    ...answersOf(report).map((answer) => [
      answer,
      ...intervals.map((interval) => {
        const choice = report.choices.find((one) => one.intervalSeconds === interval && answerOf(one) === answer);
        return choice ? `  ${choice.monthlyUsd.toFixed(2)}` : '';
      }),
    ]),
  ]);
}

/** Numbers to the right; a mark or a space stands between them. */
function narrow(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  const padded = (cell: string, at: number): string =>
    at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0);
  return rows.map((row) => row.map(padded).join('').trimEnd()).join('\n');
}
