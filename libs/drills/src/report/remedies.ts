// What avoids that a limit throttles, and what AWS takes for it.
import type { LimitReport, Remedy } from '@dr/contracts';
import { warmUnitUsd } from '@dr/review';

/** [A] Above what was asked at most: load is never even. */
const HEADROOM = 1.2;
const WHOLE_UNITS = 1_000;

type Met = Pick<LimitReport, 'id' | 'subject' | 'allowed' | 'used' | 'throttledShare' | 'hottestPartition'>;

/** `replicas`: regions that hold the table, which all get its warm throughput. */
export function avoidedBy(limit: Met, awsRegion: string, replicas: number): Remedy {
  // Requests are counted as they are asked; units and executions only where they were let in.
  const wanted = (HEADROOM * limit.used) / Math.max(0.01, 1 - limit.throttledShare);
  switch (limit.id) {
    case 'lambda-requests':
      return quota(limit, Math.ceil((limit.used * HEADROOM) / 10));
    case 'lambda-executions':
      return quota(limit, Math.ceil(wanted));
    case 'lambda-environments':
      return free(
        `provisioned concurrency of ${limit.subject}, whose environments run already: its price is that of its memory, see dr cost`,
        null,
      );
    case 'table-reads':
    case 'table-writes':
      return warm(limit, Math.ceil(wanted / WHOLE_UNITS) * WHOLE_UNITS, awsRegion, replicas);
    default:
      return free(
        `another partition key for ${limit.hottestPartition ?? 'the hot items'}: no capacity that one can buy is of one partition`,
        0,
      );
  }
}

const free = (what: string, oneTimeUsd: number | null): Remedy => ({ what, oneTimeUsd, monthlyUsd: oneTimeUsd });

function quota({ subject }: Met, needed: number): Remedy {
  const raise = `a quota of ${needed} executions at once in each region (Service Quotas), which costs nothing by itself`;
  if (subject === 'the account') return free(raise, 0);
  return free(`${needed} reserved for ${subject}, out of such a quota`, 0);
}

/** Paid once, for the units that are added. */
function warm({ id, allowed }: Met, wanted: number, awsRegion: string, replicas: number): Remedy {
  const use = id === 'table-reads' ? 'read' : 'write';
  const price = warmUnitUsd(use, awsRegion);
  const more = Math.max(0, wanted - allowed);
  return {
    what: `warm_throughput of ${wanted} ${use} units a second on the table, which AWS gives to all ${replicas} replicas`,
    oneTimeUsd: price === null ? null : Math.ceil(more * price * replicas * 100) / 100,
    monthlyUsd: 0,
  };
}
