// The command that repeats a drill exactly, whatever the defaults will be then.
import { populationsText } from '@dr/contracts';
import type { Scenario } from '@dr/drills';
import { CALL } from '../../packaged';
import type { DrillFlags } from './mode';

export const replayCommand = (flags: DrillFlags, routing: string, { fault, objective, load, plan }: Scenario): string =>
  drillCommand({
    region: fault.region,
    duration: fault.durationSeconds,
    fault: fault.kind,
    function: fault.functionName,
    service: fault.service,
    zones: fault.zones,
    intensity: fault.intensity,
    seed: flags.seed,
    'table-gb': flags.tableGb,
    rto: objective.rtoSeconds,
    clients: load.clients,
    rate: plan ? undefined : load.requestsPerSecond,
    load: plan?.requestsPerSecond,
    'per-request': plan?.perRequest,
    peak: plan?.peakRequestsPerSecond,
    quota: plan?.accountConcurrency,
    populations: populationsText(load.populations ?? []),
    regions: flags.regions,
    routing: flags.stack === undefined ? routing : undefined,
    stack: flags.drilled?.given.stacks ?? flags.stack,
    system: flags.system,
  }).concat(fault.neverHeals ? ' --never-heals' : '');

/** The drill with those of the options that have a value, in their order. */
export function drillCommand(
  options: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): string {
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          `--${name} ${[value]
            .flat()
            .map((one) => quoted(String(one)))
            .join(' ')}`,
        ],
  );
  return [`${CALL} drill`, ...given].join(' ');
}

/** As a shell takes it. */
export const quoted = (text: string): string =>
  /^[\w./:@=,-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
