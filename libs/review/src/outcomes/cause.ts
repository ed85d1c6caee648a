// What keeps clients where nobody answers: each kind with its weight, its remedy and the page of AWS that makes it so.

/** `blocks`: some clients or operations stay down until somebody acts. `warns`: slower, unseen, or perhaps by design. */
export type Severity = 'blocks' | 'warns' | 'note';

interface CauseKindFacts {
  readonly severity: Severity;
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
    fix: 'Give it the health_check_id of a check that asks its own endpoint',
    source: CHOOSES,
  },
  'target-health-does-not-notice': {
    severity: 'blocks',
    fix: 'Give it the health_check_id of a check whose path goes through the application',
    source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html',
  },
  'location-is-pinned': {
    severity: 'warns',
    fix: 'Give it a health check, and a record of a larger place that is answered instead; or say that this is meant',
    source: GEOLOCATION,
  },
  'location-has-nowhere-to-go': {
    severity: 'blocks',
    fix: 'Add a default record (country "*") that leads to another region',
    source: GEOLOCATION,
  },
  'health-check-is-disabled': { severity: 'blocks', fix: 'Remove disabled', source: CHECK_VALUES },
  'health-check-is-inverted': { severity: 'blocks', fix: 'Remove invert_healthcheck', source: CHECK_VALUES },
  'health-check-asks-the-name-it-decides-on': {
    severity: 'blocks',
    fix: 'Ask a name that leads to this endpoint alone',
    source: CHECK_VALUES,
  },
  'health-check-does-not-notice': {
    severity: 'blocks',
    fix: 'Ask a path of this endpoint that goes through the application',
    source: DETERMINES,
  },
  'metric-check-is-healthy-without-data': {
    severity: 'blocks',
    fix: 'Set insufficient_data_health_status to Unhealthy, or check the endpoint itself',
    source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html',
  },
  'calculated-check-stays-healthy': {
    severity: 'blocks',
    fix: 'Raise child_health_threshold, or count only checks of this endpoint',
    source: DETERMINES,
  },
  'routing-control-waits-for-a-person': {
    severity: 'blocks',
    fix: 'Write down who turns it and how, and drill it; or use a health check of the endpoint',
    source: 'https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.html',
  },
  'nothing-else-to-answer': {
    severity: 'blocks',
    fix: 'Add a record that leads to another region and is healthy while this one is lost',
    source: CHOOSES,
  },
  'set-may-go-on-elsewhere': {
    severity: 'warns',
    fix: 'Give the files with the other records of that name as well: only together do they show where clients go',
    source: CHOOSES,
  },
  'detection-time-is-not-published': {
    severity: 'warns',
    fix: 'Give it the health_check_id of a check that asks its own endpoint, so that the time has a bound',
    source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html',
  },
  'accelerator-has-no-other-group': {
    severity: 'blocks',
    fix: 'Add an endpoint group of another region',
    source:
      'https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints-endpoint-weights.unhealthy-endpoints.html',
  },
  'distribution-has-no-other-origin': {
    severity: 'blocks',
    fix: 'Make an origin group with an origin in another region',
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html',
  },
  'distribution-fails-over-reads-only': {
    severity: 'warns',
    fix: 'Let a record with a health check choose the origin, or send writes past the distribution',
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html',
  },
  'one-region-writes': {
    severity: 'blocks',
    fix: 'Write down who fails the global database over and how, and drill it',
    source:
      'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html',
  },
  'replica-waits-to-be-promoted': {
    severity: 'blocks',
    fix: 'Write down who promotes the replica and how clients find it then, and drill it',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html',
  },
  'data-in-one-region': {
    severity: 'blocks',
    fix: 'Add a replica in every region that clients are led to',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html',
  },
  /** Not in these files: nothing is said of it but that. */
  unknown: { severity: 'note', fix: 'Give the file that holds it', source: '' },
} as const satisfies Readonly<Record<string, CauseKindFacts>>;

export type CauseKind = keyof typeof CAUSE_KINDS;

export interface Cause {
  readonly kind: CauseKind;
  readonly address: string;
  /** Part of a sentence that begins with the address. */
  readonly why: string;
}
