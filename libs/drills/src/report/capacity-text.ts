// The load that a drill stood for, as people read it: what was throttled, and what avoids it.
import { isLimitOfNote, type CapacityReport, type LimitReport } from '@dr/contracts';

const whole = (count: number): string => Math.round(count).toLocaleString('en-US');
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const usd = (amount: number | null): string => (amount === null ? 'price unknown' : `$${amount.toFixed(2)}`);

/** Rows of a table; the first is its head. */
export const limitRows = ({ limits }: CapacityReport): string[][] => [
  ['region', 'limit', 'allowed', 'used', 'throttled before', 'after', 'from s', 'to s'],
  ...limits
    .filter(isLimitOfNote)
    .map((limit) => [
      limit.region,
      `${limit.subject}: ${limit.name}`,
      whole(limit.allowed),
      limit.id.startsWith('partition') ? '-' : whole(limit.used),
      percent(limit.throttledBeforeShare),
      percent(limit.throttledShare),
      limit.fromSeconds === null ? '-' : String(limit.fromSeconds),
      limit.toSeconds === null ? '-' : String(limit.toSeconds),
    ]),
];

export function capacityLines(capacity: CapacityReport): string[] {
  const { requestsPerSecond, perRequest, peakRequestsPerSecond, accountConcurrency, survivors, limits } = capacity;
  const tables =
    peakRequestsPerSecond === 0 ? 'new tables' : `tables that have had ${whole(peakRequestsPerSecond)} a second`;
  return [
    `${whole(requestsPerSecond)} requests a second in each region, one simulated for ${whole(perRequest)}; ${whole(accountConcurrency)} executions at once; ${tables}`,
    ...survivors.map(
      ({ region, failedShare }) => `${region}: ${percent(failedShare)} of the requests that it got failed`,
    ),
    ...limits.filter(({ avoidedBy }) => avoidedBy !== null).map(remedyLine),
  ];
}

function remedyLine({ region, subject, name, avoidedBy }: LimitReport): string {
  const { what, oneTimeUsd, monthlyUsd } = avoidedBy ?? { what: '', oneTimeUsd: null, monthlyUsd: null };
  const price = oneTimeUsd === monthlyUsd ? usd(monthlyUsd) : `${usd(oneTimeUsd)} once`;
  return `${region}, ${subject}, ${name}: ${what} (${price})`;
}
