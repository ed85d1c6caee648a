// What AWS throttles of the load that a drill stood for, in the auditor's report: each limit that requests met, and what avoids it.
import type { CapacityReport, LimitReport } from '@dr/contracts';
import { plainSeconds, titled, whole as exactly } from '../../words/figures';
import { Entries } from './section';

export function Capacity({ capacity }: { capacity: CapacityReport }) {
  const { requestsPerSecond, perRequest, peakRequestsPerSecond, accountConcurrency, survivors, limits } = capacity;
  const tables =
    peakRequestsPerSecond === 0 ? 'New tables' : `Tables have had ${whole(peakRequestsPerSecond)} a second`;
  const load = `${whole(requestsPerSecond)} requests a second in each region, one simulated for ${whole(perRequest)}.`;
  const account = `The account may have ${whole(accountConcurrency)} executions at once. ${tables}.`;
  const failed = survivors.map(
    ({ region, failedShare }) =>
      `Of the requests that ${titled(region)} got during the fault, ${percent(failedShare)} failed.`,
  );
  return (
    <Entries
      title="Capacity"
      note={[load, account, ...failed].join(' ')}
      head={['Limit', 'Where', 'Allowed', 'Used', 'Throttled before', 'Throttled after', 'When', 'What avoids it']}
      rows={limits.map((limit) => [
        `${limit.subject}: ${limit.name}`,
        titled(limit.region),
        whole(limit.allowed),
        // Each partition has a limit of its own.
        limit.used === 0 && limit.usedShare === 0 ? '' : `${whole(limit.used)} (${percent(limit.usedShare)})`,
        percent(limit.throttledBeforeShare),
        percent(limit.throttledShare),
        whenOf(limit),
        remedyOf(limit),
      ])}
    />
  );
}

const whole = (count: number): string => exactly(Math.round(count));
const percent = (share: number): string => `${(100 * share).toFixed(1)}\u00a0%`;
const usd = (amount: number | null): string => (amount === null ? 'price unknown' : `$${amount.toFixed(2)}`);

const whenOf = ({ fromSeconds, toSeconds, hottestPartition }: LimitReport): string =>
  [
    fromSeconds === null ? '' : `from ${plainSeconds(fromSeconds * 1000)}`,
    toSeconds === null ? '' : ` to ${plainSeconds(toSeconds * 1000)}`,
    hottestPartition === null ? '' : `, most of it at ${hottestPartition}`,
  ].join('');

function remedyOf({ avoidedBy }: LimitReport): string {
  if (avoidedBy === null) return '';
  const { what, oneTimeUsd, monthlyUsd } = avoidedBy;
  return `${what} (${oneTimeUsd === monthlyUsd ? usd(monthlyUsd) : `${usd(oneTimeUsd)} once`})`;
}
