// Faults and what is known of each kind: the twin enacts them, drills schedule, draw and judge them, docs and --help name them, by this table.

export interface FaultTraits {
  /** What happens, for people. */
  readonly meaning: string;
  readonly strikes: 'region' | 'region-or-us-east-1' | 'function' | 'link' | 'us-east-1';
  /** It strikes call by call, so that a share of the calls can be struck. */
  readonly perCall: boolean;
  /** What a fault of the kind may say beside its place and time. */
  readonly setting: 'service' | 'zones' | null;
  /** Of those calls, the share that is struck where a fault does not say. */
  readonly share: number;
  /** Two of one group cannot be in force at one place and time. `loss`: the whole region is gone. */
  readonly group: 'loss' | 'replication' | null;
  /**
   * What clients have to expect. `lost`: requests fail until DNS has moved them. `drained`: another region's table may hide it, and
   * DNS moves them all the same. `apart`: the replicas drift apart while all regions serve. `nothing`. `open`: it depends on where it
   * strikes, so nothing is promised.
   */
  readonly clients: 'lost' | 'drained' | 'apart' | 'nothing' | 'open';
  /** How a probe of the struck region fails: no answer, a reset, a connection that opens too late, an answer that says no. */
  readonly probe: 'black-hole' | 'refused' | 'slow' | 'unhealthy-answer';
  /** The region's replica cannot be read from elsewhere. */
  readonly hidesReplica: boolean;
  /** The region writes no heartbeat that says that it is reached, and its /health does not say that it can be counted on. */
  readonly stopsHeartbeats: boolean;
  /** One region may not hear another's heartbeat, or late. */
  readonly mayMuteHeartbeats: boolean;
  /** A publisher may get no answer, or one region not see that another has published: people may be told twice. */
  readonly mayRepeatNotices: boolean;
  /** Route 53's word may not get through. */
  readonly mayMuteRoute53: boolean;
  /** False: nothing is lost, late or missing, so no alarm may sound. */
  readonly alarms: boolean;
  /** Probes fail only at times: a region may leave service, and come back, more than once. */
  readonly isFitful: boolean;
  /** How often a search draws it, against the others. Those that move traffic come most often; 0: never. */
  readonly weight: number;
}

const HARMLESS = {
  strikes: 'region',
  perCall: false,
  setting: null,
  share: 1,
  group: null,
  clients: 'nothing',
  probe: 'black-hole',
  hidesReplica: false,
  stopsHeartbeats: false,
  mayMuteHeartbeats: false,
  mayRepeatNotices: false,
  mayMuteRoute53: false,
  alarms: true,
  isFitful: false,
} as const;
/** [A] AWS names no share. */
const SHARE = 0.3;
const DEAF = { ...HARMLESS, mayMuteHeartbeats: true, mayRepeatNotices: true } as const;
const LOSS = { ...DEAF, group: 'loss', clients: 'lost', hidesReplica: true, stopsHeartbeats: true } as const;
const OF_FUNCTION = {
  ...DEAF,
  strikes: 'function',
  clients: 'lost',
  probe: 'unhealthy-answer',
  stopsHeartbeats: true,
} as const;
const OF_TABLE = { ...DEAF, perCall: true, stopsHeartbeats: true } as const;
const LOST_TABLE = { ...OF_TABLE, clients: 'drained', probe: 'unhealthy-answer', hidesReplica: true } as const;
const OF_CLOCK = { ...HARMLESS, mayRepeatNotices: true, alarms: false } as const;

export const FAULTS = {
  'region-dark': {
    ...LOSS,
    meaning: 'the region loses power: packets to it vanish, nothing in it runs, its disks survive',
    weight: 6,
  },
  'region-refuses': {
    ...LOSS,
    meaning: 'the region is down and its edge refuses every connection',
    probe: 'refused',
    weight: 3,
  },
  'region-slow': {
    ...LOSS,
    meaning: 'connections to the region open after 4 s, then nothing answers',
    probe: 'slow',
    weight: 2,
  },
  'alb-dark': {
    ...HARMLESS,
    meaning: 'packets to the load balancer vanish; all else in the region lives',
    perCall: true,
    clients: 'lost',
    stopsHeartbeats: true,
    mayMuteHeartbeats: true,
    weight: 2,
  },
  gray: {
    ...DEAF,
    meaning:
      'a share of the requests that reach the region from elsewhere fails (503): of clients, probes and peers alike',
    perCall: true,
    share: SHARE,
    clients: 'open',
    probe: 'unhealthy-answer',
    hidesReplica: true,
    stopsHeartbeats: true,
    isFitful: true,
    weight: 2,
  },
  isolated: {
    ...DEAF,
    meaning: 'the region lives but neither clients, checkers nor us-east-1 reach it',
    clients: 'lost',
    stopsHeartbeats: true,
    mayMuteRoute53: true,
    weight: 4,
  },
  'lambda-errors': { ...OF_FUNCTION, meaning: 'the function fails every invocation', perCall: true, weight: 4 },
  'lambda-throttled': { ...OF_FUNCTION, meaning: 'the function is throttled (429)', perCall: true, weight: 2 },
  'bad-deploy': { ...OF_FUNCTION, meaning: 'a new version of the function throws while it starts', weight: 2 },
  'dynamodb-errors': { ...LOST_TABLE, meaning: 'DynamoDB of the region answers 500', weight: 4 },
  'dynamodb-slow': { ...LOST_TABLE, meaning: 'DynamoDB of the region answers after 5 s', weight: 3 },
  'dynamodb-throttled': { ...OF_TABLE, meaning: 'DynamoDB of the region throttles', weight: 2 },
  'replication-paused': {
    ...DEAF,
    meaning: 'replication in and out of the region stands still',
    group: 'replication',
    clients: 'apart',
    weight: 3,
  },
  'replication-slow': {
    ...DEAF,
    meaning: 'what is written in the region takes 5 to 20 s to reach the others',
    group: 'replication',
    weight: 2,
  },
  partition: {
    ...DEAF,
    meaning: 'the regions cannot reach each other; the world reaches both',
    clients: 'apart',
    weight: 4,
  },
  'link-cut': {
    ...DEAF,
    meaning: 'packets from one place to another vanish; the way back is open',
    strikes: 'link',
    mayMuteRoute53: true,
    perCall: true,
    clients: 'open',
    weight: 5,
  },
  'sns-down': {
    ...HARMLESS,
    meaning: 'SNS of the region answers 500 and delivers nothing',
    mayRepeatNotices: true,
    weight: 2,
  },
  'sns-disorder': {
    ...HARMLESS,
    meaning: 'SNS of the region delivers some messages twice and some up to 2 minutes late',
    perCall: true,
    share: SHARE,
    alarms: false,
    weight: 2,
  },
  'us-east-1-down': {
    ...HARMLESS,
    meaning: 'the services in us-east-1 stop: its alarms, its topic, its metrics (Route 53 answers and probes go on)',
    strikes: 'us-east-1',
    mayMuteRoute53: true,
    weight: 3,
  },
  'metrics-late': {
    ...HARMLESS,
    meaning: 'metrics of the region reach CloudWatch 10 minutes later; `us-east-1` has those of health checks',
    strikes: 'region-or-us-east-1',
    alarms: false,
    weight: 2,
  },
  'clock-skew': { ...OF_CLOCK, meaning: 'the clocks of the region run 2 s ahead', weight: 2 },
  'clock-drift': {
    ...OF_CLOCK,
    meaning: 'each execution environment of the region has a clock of its own, up to 2 s off',
    weight: 2,
  },
  'bad-records': {
    ...HARMLESS,
    meaning: 'somebody writes forged and broken control records into the table of the region',
    weight: 2,
  },
  'clock-behind': {
    ...OF_CLOCK,
    meaning: 'the clocks of the region step 3 minutes back, and forth again when it ends',
    weight: 2,
  },
  'clock-ahead': {
    ...OF_CLOCK,
    meaning: 'the clocks of the region step 3 minutes forth, and back again when it ends',
    weight: 2,
  },
  'cold-starts': {
    ...HARMLESS,
    meaning: 'every invocation in the region starts a new execution environment',
    perCall: true,
    clients: 'open',
    mayMuteHeartbeats: true,
    isFitful: true,
    weight: 1,
  },
  'lambda-scaling-limit': {
    ...DEAF,
    meaning: 'Lambda of the region takes back its idle execution environments and starts no new ones',
    clients: 'lost',
    probe: 'unhealthy-answer',
    stopsHeartbeats: true,
    weight: 1,
  },
  'dns-empty': {
    ...OF_TABLE,
    meaning: 'the name of an AWS endpoint of the region does not resolve: new connections fail, open ones live on',
    setting: 'service',
    clients: 'open',
    probe: 'unhealthy-answer',
    hidesReplica: true,
    weight: 2,
  },
  'zone-dark': {
    ...DEAF,
    meaning:
      'zones of the region lose power (one by default): their load balancer nodes, NAT gateways, execution environments',
    setting: 'zones',
    clients: 'open',
    stopsHeartbeats: true,
    weight: 2,
  },
  'kms-dark': {
    ...OF_TABLE,
    meaning: 'KMS of the region refuses: what is encrypted with its keys fails once no service has a data key left',
    clients: 'open',
    probe: 'unhealthy-answer',
    hidesReplica: true,
    weight: 2,
  },
  'secrets-dark': {
    ...HARMLESS,
    meaning: 'Secrets Manager of the region does not answer: what starts without its secrets fails, known values go on',
    perCall: true,
    clients: 'open',
    weight: 1,
  },
  'certificate-expired': {
    ...DEAF,
    meaning: 'the certificate of the region has expired: clients and peers refuse it, Route 53 does not look at it',
    clients: 'open',
    weight: 2,
  },
  'app-errors': {
    ...OF_FUNCTION,
    strikes: 'region',
    meaning: 'whatever runs the application in the region answers 5xx, on every path; all else there lives',
    weight: 0,
  },
} as const satisfies Readonly<Record<string, FaultTraits>>;

export type FaultKind = keyof typeof FAULTS;
/** Those that our own system is drilled with. What `app-errors` is to any stack, faults of functions are to ours. */
export const FAULT_KINDS = (Object.keys(FAULTS) as readonly FaultKind[]).filter((kind) => kind !== 'app-errors');

export const traitsOf = (kind: FaultKind): FaultTraits => FAULTS[kind];
export const kindsThat = (have: (traits: FaultTraits) => boolean): readonly FaultKind[] =>
  FAULT_KINDS.filter((kind) => have(FAULTS[kind]));
/** The whole region is gone with them: nothing in it runs, nothing in it is reached. */
export const LOSS_KINDS = kindsThat(({ group }) => group === 'loss');
export const isFaultKind = (name: string): name is FaultKind => FAULT_KINDS.some((kind) => kind === name);
