// The JSON of the load that a drill stands for, with each field explained.
import type { JsonShape } from '../../terminal/manual';

export const CAPACITY: JsonShape = {
  requestsPerSecond: 'number: of each region, before any is lost',
  perRequest: 'number: real requests that a simulated one stood for',
  peakRequestsPerSecond: 'number: of each region, that tables had had; 0: they were new',
  accountConcurrency: 'number: executions at once of the account in a region',
  'survivors[].region': 'string: a region that was not lost',
  'survivors[].failedShare': 'number: of the requests that it got from the fault to its end, 0 to 1',
  'limits[].id': 'string: a limit of AWS that requests met, by its kind',
  'limits[].name': 'string: what it counts',
  'limits[].region': 'string: where',
  'limits[].subject': 'string: the account, a function or a table',
  'limits[].allowed': 'number: that it lets pass',
  'limits[].used': 'number: highest mean of ten seconds during the fault; 0 for partitions',
  'limits[].usedShare': 'number: of what is allowed',
  'limits[].throttledBeforeShare': 'number: of the requests that met it before the fault, 0 to 1',
  'limits[].throttledShare': 'number: of those that met it from the fault to its end, 0 to 1',
  'limits[].fromSeconds': 'number | null: when it first throttled; null: never',
  'limits[].toSeconds': 'number | null: when it last throttled',
  'limits[].hottestPartition': 'string | null: the partition key that it throttled most',
  'limits[].avoidedBy': 'object | null: what, oneTimeUsd and monthlyUsd (null: unknown); null: nothing was throttled',
};
