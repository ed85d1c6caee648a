// The report for people: what happened when, what was simulated beside what was promised, and how to repeat it.
import { PROMISED_CLIENTS, shareOf, type CapacityReport, type DrillReport } from '@dr/contracts';
import { explain } from '@dr/failover';
import { renderPopulations } from './render-populations';
import pc from 'picocolors';
import { aftermathText } from './aftermath-text';
import { capacityLines, limitRows } from './capacity-text';
import { columns } from './columns';

type Settings = DrillReport['settings'];
type Colors = ReturnType<typeof pc.createColors>;

const YEAR_SECONDS = 365.25 * 24 * 3600;
const AVAILABILITY_TARGET = 0.9999;

/** Plain text when `color` is false. Ends with a newline. */
export function renderText(report: DrillReport, options: { readonly color: boolean }): string {
  const c = pc.createColors(options.color);
  const sections = [
    heading(report, c),
    section('Timeline', timeline(report, c), c),
    section('Recovery time', recovery(report, c), c),
    ...otherClients(report, c),
    section('Data at risk', dataAtRisk(report, c), c),
    ...(report.aftermath ? [section('Gone for good', aftermathText(report.aftermath), c)] : []),
    section('Availability', availability(report), c),
    section('Requests by region and outcome', requests(report, c), c),
    section('Latency of successful requests', latency(report, c), c),
    section('Invariants', invariants(report, c), c),
    ...(report.capacity ? [section('Capacity', capacity(report.capacity), c)] : []),
    ...(report.notModelled.length > 0 ? [section('Not modelled', report.notModelled.join(', '), c)] : []),
    ...(report.unknown.length > 0 ? [section('Unknown before an apply', report.unknown.join('\n'), c)] : []),
    section('Repeat it', repeat(report), c),
    verdict(report, c),
  ];
  return `${sections.join('\n\n')}\n`;
}

const section = (title: string, body: string, c: Colors): string => `${c.bold(title)}\n${indent(body)}`;
const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line ? `  ${line.trimEnd()}` : ''))
    .join('\n');

const mark = (good: boolean, c: Colors): string => (good ? c.green('✓') : c.red('✗'));
const time = (seconds: number): string => `${seconds.toFixed(1)} s`;
const whole = (count: number): string => Math.round(count).toLocaleString('en-US');
const percent = (share: number): string => `${(Math.floor(share * 1e5) / 1e3).toFixed(3)} %`;

function heading(report: DrillReport, c: Colors): string {
  const { fault, routing, settings, simulation } = report;
  const state = report.passed ? c.bgGreen(c.black(' PASSED ')) : c.bgRed(c.white(' FAILED '));
  return [
    `${state} ${c.bold(`${fault.kind} in ${fault.region}`)}, from ${fault.startSeconds} s ${fault.neverHeals ? `for good (${fault.durationSeconds} s of it)` : `for ${fault.durationSeconds} s`}`,
    c.dim(
      `${frontText(routing, settings)}; ` +
        `${whole(simulation.virtualSeconds)} s simulated in ${time(simulation.wallSeconds)}, ` +
        `${whole(simulation.invocations)} handler invocations`,
    ),
  ].join('\n');
}

function frontText(routing: string, { intervalSeconds, failureThreshold, ttlSeconds, accelerator }: Settings): string {
  const checks = `health checks every ${intervalSeconds} s x ${failureThreshold}`;
  if (!accelerator) return `${routing} routing, ${checks}, TTL ${ttlSeconds} s`;
  const { intervalSeconds: every, unhealthyThreshold } = accelerator;
  return `Global Accelerator, after target health checks every ${every} s x ${unhealthyThreshold}; ${checks} tell people`;
}

function timeline({ timeline: entries, fault }: DrillReport, c: Colors): string {
  const painted = (kind: string): string => {
    if (kind === 'fault' || kind === 'checkers-unhealthy') return c.red(kind);
    if (kind === 'heal' || kind === 'failback' || kind === 'checkers-healthy') return c.green(kind);
    if (kind === 'alarm' || kind === 'notification') return c.yellow(kind);
    return kind;
  };
  const relative = (at: number): string => {
    const since = at - fault.startSeconds;
    return `${since < 0 ? '-' : '+'}${Math.abs(since).toFixed(1)}`;
  };
  const rows = entries.map(({ atSeconds: at, kind, region, detail }) => {
    return [at.toFixed(1), relative(at), painted(kind), region ?? '', detail];
  });
  return columns([[c.dim('at s'), c.dim('from fault'), '', '', ''], ...rows], [0, 1]);
}

function recovery({ rto, objective, predicted, settings }: DrillReport, c: Colors): string {
  const { worstClientSeconds } = predicted;
  const whom = settings.accelerator
    ? 'clients that open a new connection, whatever they keep of DNS'
    : `${PROMISED_CLIENTS}, without Route 53's own propagation`;
  const bound = `bound: ${explain(settings, predicted)}; for ${whom}`;
  if (!rto) return ['no client was affected', c.dim(bound)].join('\n');
  const rows = [
    ['p50', time(rto.p50Seconds), ''],
    ['p95', time(rto.p95Seconds), ''],
    ['worst', c.bold(time(rto.worstSeconds)), `of ${rto.clientsAffected} clients affected`],
    ['objective', time(objective.rtoSeconds), mark(rto.worstSeconds <= objective.rtoSeconds, c)],
    ['predicted', time(worstClientSeconds), mark(rto.worstSeconds <= worstClientSeconds, c)],
  ];
  return [columns(rows, [1]), c.dim(bound)].join('\n');
}

const otherClients = ({ populations = [] }: DrillReport, c: Colors): string[] =>
  populations.length === 0
    ? []
    : [section('Other clients, of whom the recovery time above does not speak', renderPopulations(populations, c), c)];

function dataAtRisk({ rpo, objective, fault }: DrillReport, c: Colors): string {
  const where = `acknowledged in ${fault.region}, in no other region when the fault began`;
  const rows = [
    ['writes at risk', whole(rpo.writesAtRisk), where],
    ['oldest', time(rpo.oldestAtRiskSeconds), ''],
    ['median', time(rpo.medianAtRiskSeconds), `${rpo.atRiskOlderThanOneSecond} older than 1 s`],
    ['objective', time(objective.rpoSeconds), mark(rpo.oldestAtRiskSeconds <= objective.rpoSeconds, c)],
    fault.neverHeals
      ? ['back after heal', 'never', '']
      : ['back after heal', rpo.recoveredAfterHeal ? 'all' : 'not all', mark(rpo.recoveredAfterHeal, c)],
  ];
  return columns(rows, [1]);
}

function availability({ availability: share, requests: { total, succeeded }, rto, fault }: DrillReport): string {
  const allowed = (1 - AVAILABILITY_TARGET) * YEAR_SECONDS;
  const lines = [`${whole(succeeded)} of ${whole(total)} requests succeeded: ${percent(share)} during this drill`];
  if (rto && rto.worstSeconds > 0 && shareOf(fault) >= 1) {
    const losses = Math.floor(allowed / rto.worstSeconds);
    lines.push(
      `99.99 % of a year leaves ${(allowed / 60).toFixed(0)} minutes: ${losses} such losses at ${time(rto.worstSeconds)} each`,
    );
  }
  return lines.join('\n');
}

function requests({ requests: { byRegion }, monthlyHealthCheckRequests }: DrillReport, c: Colors): string {
  const outcomes = [...new Set(Object.values(byRegion).flatMap((counts) => Object.keys(counts)))].sort();
  const rows = Object.entries(byRegion).map(([region, counts]) => [
    region,
    ...outcomes.map((outcome) => (counts[outcome] === undefined ? '-' : whole(counts[outcome]))),
  ]);
  const numbers = outcomes.map((_, at) => at + 1);
  return [
    columns([['', ...outcomes.map((outcome) => c.dim(outcome))], ...rows], numbers),
    c.dim(`health checks send ${whole(monthlyHealthCheckRequests)} requests a month on top`),
  ].join('\n');
}

function latency({ latency: byPath }: DrillReport, c: Colors): string {
  const rows = Object.entries(byPath).map(([path, { count, p50Ms, p99Ms }]) => [
    path,
    whole(count),
    `${p50Ms.toFixed(1)} ms`,
    `${p99Ms.toFixed(1)} ms`,
  ]);
  return columns([['', c.dim('requests'), c.dim('p50'), c.dim('p99')], ...rows], [1, 2, 3]);
}

const invariants = ({ invariants: all }: DrillReport, c: Colors): string =>
  columns(all.map(({ id, holds, detail }) => [mark(holds, c), id, holds ? c.dim(detail) : detail]));

const capacity = (report: CapacityReport): string =>
  [columns(limitRows(report), [2, 3, 4, 5, 6, 7]), ...capacityLines(report)].join('\n');

const repeat = ({ seed, eventLogHash, replay }: DrillReport): string =>
  columns([
    ['seed', String(seed)],
    ['event log', `sha256 ${eventLogHash}`],
    ['command', replay],
  ]);

function verdict({ passed, reasons, judgement }: DrillReport, c: Colors): string {
  if (passed) return [judgement, c.green('Passed: objectives and invariants hold.')].join('\n');
  return [judgement, c.red('Not passed:'), ...reasons.map((reason) => `  - ${reason}`)].join('\n');
}
