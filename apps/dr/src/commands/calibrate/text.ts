// Measured beside simulated, as people read it.
import type { CalibrationRow } from '@dr/drills';
import { columns } from '../../terminal/columns';

const UNTIL = {
  detection: 'until the check was unhealthy',
  dns: 'until DNS gave the other region',
  service: 'until clients were served again',
} as const satisfies Record<CalibrationRow['quantity'], string>;

/** Ends with a line break. */
export function calibrationText(rows: readonly CalibrationRow[], seeds: number): string {
  const covered = rows.filter((row) => row.covered).length;
  const known = rows.filter((row) => !row.covered && row.reason !== undefined).length;
  const open = rows.length - covered - known;
  const parts = [
    `${covered} of ${rows.length} measurements lie within what ${seeds} ${seeds === 1 ? 'run' : 'runs'} of each simulate.`,
    ...(known > 0 ? [`${known} ${known === 1 ? 'does' : 'do'} not, for a reason that is known.`] : []),
    ...(open > 0 ? [`${open} ${open === 1 ? 'does' : 'do'} not, and nobody knows why.`] : []),
    ...rows.map((row) => `\n${block(row)}`),
    '',
    'Bound: no client that honours the TTL and opens a new connection is above it. No number of the twin was chosen by these rows.',
  ];
  return parts.map((part) => `${part}\n`).join('');
}

function block(row: CalibrationRow): string {
  const { title, source, date, reason, note, covered, heldOut } = row;
  return [
    `${covered ? 'inside ' : 'OUTSIDE'}  ${title}`,
    `         ${source}, ${date}${heldOut ? ', held out' : ''}`,
    columns([
      ['         settings', settingsText(row)],
      ['         measured', `${measuredText(row)} s ${UNTIL[row.quantity]}`],
      ['         simulated', simulatedText(row)],
      ['         bound', row.boundSeconds === null ? 'none' : `${row.boundSeconds} s`],
    ]),
    ...(reason === undefined ? [] : [`         why: ${reason}`]),
    ...(note === undefined ? [] : [`         note: ${note}`]),
  ].join('\n');
}

const settingsText = ({ settings, clients, fault }: CalibrationRow): string =>
  [
    `${settings.failureThreshold} x ${settings.intervalSeconds} s`,
    `TTL ${settings.ttlSeconds} s`,
    ...(settings.evaluateTargetHealth ? ['evaluate_target_health'] : []),
    ...(clients ? [`clients keep an answer for ${clients.dnsCacheSeconds} s`] : []),
    fault,
  ].join(', ');

const measuredText = ({ seconds }: CalibrationRow): string => seconds.join(' to ');

const simulatedText = ({ simulated }: CalibrationRow): string =>
  simulated === null ? 'never' : `${simulated.from.toFixed(1)} to ${simulated.to.toFixed(1)} s`;

/** The end of docs/calibration.md. */
export const calibrationTables = ({
  seeds,
  rows,
}: {
  readonly seeds: number;
  readonly rows: readonly CalibrationRow[];
}): string =>
  [
    `### ${seeds} runs of each`,
    '',
    '| what was done | settings | until | measured | simulated | bound | |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| [${row.title}](${row.source}), ${row.date}${row.heldOut ? ', held out' : ''} | ${[
          ...[
            settingsText(row),
            UNTIL[row.quantity].replace('until ', ''),
            `${measuredText(row)} s`,
            simulatedText(row),
          ],
          ...[row.boundSeconds === null ? 'none' : `${row.boundSeconds} s`, row.covered ? 'inside' : 'outside'],
        ].join(' | ')} |`,
    ),
    '',
    ...rows.flatMap(({ title, reason, note }) => ((reason ?? note) ? [`- ${title}: ${reason ?? note}.`] : [])),
    '',
  ].join('\n');
