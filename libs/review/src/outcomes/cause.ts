// What keeps clients where nobody answers: each kind with its weight, its remedy and the page of AWS that makes it so.

/** `blocks`: some clients or operations stay down until somebody acts. `warns`: slower, unseen, or perhaps by design. */
export type Severity = 'blocks' | 'warns' | 'note';

interface CauseKindFacts {
  readonly severity: Severity;
  /** What must hold, in one sentence. */
  readonly statement: string;
  /** In the imperative. */
  readonly fix: string;
  readonly source: string;
}

const ROUTE53 = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide';
const CHOOSES = `${ROUTE53}/health-checks-how-route-53-chooses-records.html`;
const DETERMINES = `${ROUTE53}/dns-failover-determining-health-of-endpoints.html`;
const CHECK_VALUES = `${ROUTE53}/health-checks-creating-values.html`;
const GEOLOCATION = `${ROUTE53}/routing-policy-geo.html`;

export const CAUSE_KINDS = {
  'record-without-health-check': {
    severity: 'blocks',
    statement: 'A record that clients are to be moved away from has a health check, or evaluates its target.',
    fix: 'Give it the health_check_id of a check that asks its own endpoint',
    source: CHOOSES,
  },
  'target-health-does-not-notice': {
    severity: 'blocks',
    statement: 'What a record evaluates notices when its application fails.',
    fix: 'Give it the health_check_id of a check whose path goes through the application',
    source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html',
  },
  'location-is-pinned': {
    severity: 'warns',
    statement: 'A record of a place has a health check, so that its clients can be answered by that of a larger place.',
    fix: 'Give it a health check, and a record of a larger place that is answered instead; or say that this is meant',
    source: GEOLOCATION,
  },
  'location-has-nowhere-to-go': {
    severity: 'blocks',
    statement: 'For each record of a place there is one of a larger place that leads to another region.',
    fix: 'Add a default record (country "*") that leads to another region',
    source: GEOLOCATION,
  },
  'health-check-is-disabled': {
    severity: 'blocks',
    statement: 'A health check that decides on a record is not disabled.',
    fix: 'Remove disabled',
    source: CHECK_VALUES,
  },
  'health-check-is-inverted': {
    severity: 'blocks',
    statement: 'A health check that decides on a record is not inverted.',
    fix: 'Remove invert_healthcheck',
    source: CHECK_VALUES,
  },
  'health-check-asks-the-name-it-decides-on': {
    severity: 'blocks',
    statement: 'A health check asks a name of its own endpoint, and not the one that it decides on.',
    fix: 'Ask a name that leads to this endpoint alone',
    source: CHECK_VALUES,
  },
  'health-check-does-not-notice': {
    severity: 'blocks',
    statement: 'A health check fails when the endpoint of its record does.',
    fix: 'Ask a path of this endpoint that goes through the application',
    source: DETERMINES,
  },
  'metric-check-is-healthy-without-data': {
    severity: 'blocks',
    statement: 'A health check that follows an alarm of a region is unhealthy when that region sends no data.',
    fix: 'Set insufficient_data_health_status to Unhealthy, or check the endpoint itself',
    source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html',
  },
  'calculated-check-stays-healthy': {
    severity: 'blocks',
    statement: 'A calculated health check fails when the endpoint of its record does.',
    fix: 'Raise child_health_threshold, or count only checks of this endpoint',
    source: DETERMINES,
  },
  'routing-control-waits-for-a-person': {
    severity: 'blocks',
    statement: 'A record is moved without somebody having to turn a routing control.',
    fix: 'Write down who turns it and how, and drill it; or use a health check of the endpoint',
    source: 'https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.html',
  },
  'nothing-else-to-answer': {
    severity: 'blocks',
    statement: 'A name has a record that leads to another region and is healthy while one is lost.',
    fix: 'Add a record that leads to another region and is healthy while this one is lost',
    source: CHOOSES,
  },
  'set-may-go-on-elsewhere': {
    severity: 'warns',
    statement: 'All records of a name are in the files that are reviewed.',
    fix: 'Give the files with the other records of that name as well: only together do they show where clients go',
    source: CHOOSES,
  },
  'detection-time-is-not-published': {
    severity: 'warns',
    statement: 'A record that clients are to be moved away from has a health check, whose time has a bound.',
    fix: 'Give it the health_check_id of a check that asks its own endpoint, so that the time has a bound',
    source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html',
  },
  'standby-runs-nothing': {
    severity: 'blocks',
    statement: 'Where clients are moved to, something is running.',
    fix: 'Keep at least one running, or write down who starts it and how long that takes, and drill it',
    source:
      'https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html',
  },
  'accelerator-has-no-other-group': {
    severity: 'blocks',
    statement: 'An accelerator has an endpoint group of a second region.',
    fix: 'Add an endpoint group of another region',
    source:
      'https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints-endpoint-weights.unhealthy-endpoints.html',
  },
  'distribution-has-no-other-origin': {
    severity: 'blocks',
    statement: 'A distribution has an origin group with an origin in a second region.',
    fix: 'Make an origin group with an origin in another region',
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html',
  },
  'distribution-fails-over-reads-only': {
    severity: 'warns',
    statement: 'What is written through CloudFront has a way to a second region.',
    fix: 'Let a record with a health check choose the origin, or send writes past the distribution',
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html',
  },
  'one-region-writes': {
    severity: 'blocks',
    statement: 'A database of several regions has a writer while a region is lost.',
    fix: 'Write down who fails the database over and how, and drill it',
    source:
      'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html',
  },
  'replica-waits-to-be-promoted': {
    severity: 'blocks',
    statement: 'A database that is replicated to another region can be written while its own is lost.',
    fix: 'Write down who promotes the replica and how clients find it then, and drill it',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html',
  },
  'data-in-one-region': {
    severity: 'blocks',
    statement: 'Data is in each region that clients are led to.',
    fix: 'Add a replica in every region that clients are led to',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html',
  },
  /** Not in these files: nothing is said of it but that. */
  unknown: { severity: 'note', statement: '', fix: 'Give the file that holds it', source: '' },
} as const satisfies Readonly<Record<string, CauseKindFacts>>;

export type CauseKind = keyof typeof CAUSE_KINDS;

export interface Cause {
  readonly kind: CauseKind;
  readonly address: string;
  /** Part of a sentence that begins with the address. */
  readonly why: string;
}
