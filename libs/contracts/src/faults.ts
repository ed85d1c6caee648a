// Fault kinds that can be injected: the CLI names them, the twin enacts them, drills schedule them.

export const FAULT_KINDS = {
  'region-dark': 'the region loses power: packets to it vanish, nothing in it runs, its disks survive',
  'region-refuses': 'the region is down and its edge refuses every connection',
  'region-slow': 'connections to the region open after 4 s, then nothing answers',
  'alb-dark': 'packets to the load balancer vanish; all else in the region lives',
  'lambda-errors': 'the function fails every invocation',
  'lambda-throttled': 'the function is throttled (429)',
  'bad-deploy': 'a new version of the function throws while it starts',
  'dynamodb-errors': 'DynamoDB of the region answers 500',
  'dynamodb-slow': 'DynamoDB of the region answers after 5 s',
  'dynamodb-throttled': 'DynamoDB of the region throttles',
  'replication-paused': 'replication in and out of the region stands still',
  partition: 'the regions cannot reach each other; the world reaches both',
  isolated: 'the region lives but neither clients, checkers nor us-east-1 reach it',
  'sns-down': 'SNS of the region answers 500 and delivers nothing',
  'us-east-1-down':
    'the services in us-east-1 stop: its alarms, its topic, its metrics (Route 53 answers and probes go on)',
  'clock-skew': 'the clocks of the region run 2 s ahead',
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;

export const isFaultKind = (name: string): name is FaultKind => Object.hasOwn(FAULT_KINDS, name);

export interface Fault {
  readonly kind: FaultKind;
  /** Short region name; for us-east-1-down it is ignored. */
  readonly region: string;
  /** Seconds after the drill's start. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** For lambda-* and bad-deploy; default traffic-router. */
  readonly functionName?: string;
  /** Share of calls hit, 0 < x <= 1; default 1. */
  readonly intensity?: number;
}
