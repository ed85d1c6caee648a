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
  'clock-drift': 'each execution environment of the region has a clock of its own, up to 2 s off',
  'clock-behind': 'the clocks of the region step 3 minutes back, and forth again when it ends',
  'clock-ahead': 'the clocks of the region step 3 minutes forth, and back again when it ends',
  'bad-records': 'somebody writes forged and broken control records into the table of the region',
  'link-cut': 'packets from one place to another vanish; the way back is open',
  'replication-slow': 'what is written in the region takes 5 to 20 s to reach the others',
  'sns-disorder': 'SNS of the region delivers some messages twice and some up to 2 minutes late',
  'cold-starts': 'every invocation in the region starts a new execution environment',
  'lambda-scaling-limit': 'Lambda of the region takes back its idle execution environments and starts no new ones',
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;

export const isFaultKind = (name: string): name is FaultKind => Object.hasOwn(FAULT_KINDS, name);

export interface Fault {
  readonly kind: FaultKind;
  /** Short region name; for us-east-1-down and link-cut it is ignored. */
  readonly region: string;
  /** Seconds after the drill's start. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** For lambda-* and bad-deploy; default traffic-router. */
  readonly functionName?: string;
  /** Share of calls hit, 0 < x <= 1; default 1. */
  readonly intensity?: number;
  /** For link-cut: the sender and the receiver, each a short region name or one of LINK_ENDS. */
  readonly from?: string;
  readonly to?: string;
}

/** Ends of a link besides the system's regions. `us-east-1`: the services there, where it is no region of the system. */
export const LINK_ENDS = ['clients', 'checkers', 'us-east-1'] as const;
