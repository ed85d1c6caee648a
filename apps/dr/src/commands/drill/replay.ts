// The command that repeats a drill exactly, whatever the defaults will be then.
import type { Scenario } from '@dr/drills';
import type { DrillFlags } from './mode';

export function replayCommand(flags: DrillFlags, routing: string, { fault, objective, load }: Scenario): string {
  const options: readonly (readonly [name: string, value: string | number | undefined])[] = [
    ['region', fault.region],
    ['duration', fault.durationSeconds],
    ['fault', fault.kind],
    ['function', fault.functionName],
    ['seed', flags.seed],
    ['rto', objective.rtoSeconds],
    ['clients', load.clients],
    ['rate', load.requestsPerSecond],
    ['regions', flags.regions],
    ['routing', flags.stack === undefined ? routing : undefined],
    ['stack', flags.stack],
  ];
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${quoted(String(value))}`]));
  return ['npm run -s dr -- drill', ...given].join(' ');
}

/** As a shell takes it. */
export const quoted = (text: string): string => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`);
