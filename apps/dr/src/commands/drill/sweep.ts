// `dr drill --sweep`: one fault over shares of the calls that it strikes; from which share on does anything fail over?
import { PER_CALL_KINDS, runSweep, type Sweep, type SweepRow } from '@dr/drills';
import { InputError, isFaultKind } from '@dr/contracts';
import pc from 'picocolors';
import type { Context } from '../../context';
import { columns } from '../../terminal/columns';
import { liveLine } from '../../terminal/live-line';
import { OF_ONE_RUN } from './leave';
import { OF_MANY_RUNS, type DrillFlags, type Mode } from './mode';
import { SWEPT_FAULT } from './mode-options';
import { prepareFault } from './one-fault';
import { drillCommand } from './replay';

/** Enough to show what share of requests fails, in each of a dozen runs and more. */
const LOAD = { clients: 20, rate: 4, populations: [] } as const;

export const sweep: Mode = {
  asks: 'sweep',
  name: '--sweep',
  takes: ['region', 'duration', 'fault', 'function', 'service', 'zones', 'clients', 'rate'],
  refuses: () => [...OF_MANY_RUNS, ...OF_ONE_RUN, 'report', 'rto'],
  check: ({ fault = SWEPT_FAULT }) => {
    if (!isFaultKind(fault) || PER_CALL_KINDS.includes(fault)) return;
    const fix = `Use one of ${PER_CALL_KINDS.join(', ')}`;
    throw new InputError(`--sweep with --fault ${fault}`, 'that fault strikes all or nothing', fix);
  },
  run: runMode,
};

async function runMode(context: Context, flags: DrillFlags, synthesize: () => Promise<string>): Promise<number> {
  const asked = { ...LOAD, fault: SWEPT_FAULT, ...given(flags) };
  const { graph, twin, scenario, start } = await prepareFault(context, asked, synthesize);
  const line = liveLine(context);
  let first: typeof twin | undefined = twin;
  const found = await runSweep({
    graph,
    scenario,
    // The twin that the scenario was read from is as fresh as any.
    start: () => {
      const ready = first;
      first = undefined;
      return ready ? Promise.resolve(ready) : start();
    },
    onRow: ({ share }, done) => void (flags.json || line.show(`sweep  ${done} shares, the last one ${percent(share)}`)),
  }).finally(() => line.end());
  const { kind, region, functionName, service, zones, durationSeconds } = scenario.fault;
  const replay = drillCommand({
    ...{ region, duration: durationSeconds, fault: kind, function: functionName, service, zones },
    ...{
      seed: flags.seed,
      clients: scenario.load.clients,
      rate: scenario.load.requestsPerSecond,
      regions: flags.regions,
    },
    ...{ routing: flags.routing, stack: flags.drilled?.given.stacks ?? flags.stack, system: flags.system },
  }).concat(' --sweep');
  const { intervalSeconds, failureThreshold, ttlSeconds } = twin.settings;
  const ran = { ...{ fault: { kind, region, durationSeconds }, seed: flags.seed, replay }, failureThreshold };
  const passed = !found.isBlind;
  const settings = { intervalSeconds, failureThreshold, ttlSeconds };
  context.out(
    flags.json
      ? `${JSON.stringify({ schema: 1, passed, fault: ran.fault, settings, ...found, seed: ran.seed, replay })}\n`
      : render(found, ran, context.outColor),
  );
  return passed ? 0 : 1;
}

/** Without options that were not given: they would hide what stands for them. */
const given = (flags: DrillFlags): DrillFlags =>
  Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as unknown as DrillFlags;

interface Ran {
  readonly fault: { readonly kind: string; readonly region: string; readonly durationSeconds: number };
  readonly failureThreshold: number;
  readonly seed: number;
  readonly replay: string;
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
const part = (some: number, all: number): string => (all === 0 ? '-' : percent(some / all));
const time = (seconds: number | null): string => (seconds === null ? '-' : `${seconds.toFixed(1)} s`);

const HEAD = [
  ...['share', 'probes failed', 'checkers turned', 'region out after', 'times', 'out for'],
  ...['requests failed', 'clients affected', 'longest gap'],
];

const cellsOf = (row: SweepRow): string[] => [
  percent(row.share),
  part(row.failedProbes, row.probes),
  `${row.checkersTurned} of ${row.checkers}`,
  time(row.movedAfterSeconds),
  row.timesMoved === 0 ? '-' : String(row.timesMoved),
  row.timesMoved === 0 ? '-' : time(row.outSeconds),
  part(row.failedRequests, row.requests),
  String(row.clientsAffected),
  time(row.longestGapSeconds),
];

function render(found: Sweep, { fault, failureThreshold, seed, replay }: Ran, color: boolean): string {
  const c = pc.createColors(color);
  return `${[
    c.bold(
      `${fault.kind} in ${fault.region} for ${fault.durationSeconds} s, over the share of calls that it strikes; seed ${seed}`,
    ),
    columns([HEAD, ...found.rows.map(cellsOf)]),
    '',
    c.bold(edgeOf(found)),
    c.dim(
      `Computed: a check with a threshold of ${failureThreshold} is unhealthy most of the time from ${percent(found.turningShare)} of failing probes on; ` +
        'below that share a region comes back while it still fails.',
    ),
    ...(found.isBlind
      ? [c.red('Every probe failed at a share, and nothing failed over: the health checks decide nothing.')]
      : []),
    c.dim(replay),
  ].join('\n')}\n`;
}

function edgeOf({ rows, movesFrom, staysAt }: Sweep): string {
  if (movesFrom === null) return 'Nothing failed over at any share.';
  const stayed = rows.find(({ share }) => share === staysAt);
  if (!stayed) return `The region was taken out at every share, from ${percent(movesFrom)} on.`;
  return (
    `Below ${percent(movesFrom)} nothing failed over: at ${percent(stayed.share)} the clients lost ` +
    `${part(stayed.failedRequests, stayed.requests)} of their requests, and nobody was sent elsewhere.`
  );
}
