// A review in each of the states that its reader meets. For tests.
import type { ReviewFinding } from '@dr/review';
import type { PrintedReview } from '../printed';

const PAGE =
  'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html';
const RECORD = 'aws_route53_record.app["eu-west-1"]';

type Fault = PrintedReview['names'][number]['faults'][number];

const fault = (region: string, more: Partial<Fault> = {}): Fault => ({
  fault: 'region-dark',
  region,
  outcome: 'recovers',
  seconds: [30, 57],
  why: '3 x (10 + 4) + TTL 10 + 5 = 57 s',
  causes: [],
  assumptions: ['resolvers keep to the TTL'],
  before: null,
  ...more,
});

export const finding = (more: Partial<ReviewFinding> = {}): ReviewFinding => ({
  rule: 'record-without-health-check',
  severity: 'blocks',
  address: RECORD,
  message: `${RECORD} has no health check, so Route 53 goes on answering it`,
  atFailover: 'app.example.com, region-dark in eu-west-1: clients are down until the region is back',
  fix: 'Give it the health_check_id of a check that asks its own endpoint',
  source: PAGE,
  ...more,
});

export const review = (more: Partial<PrintedReview> = {}): PrintedReview => ({
  schema: 1,
  verdict: 'passes',
  objective: { rtoSeconds: 60, rpoSeconds: null },
  names: [{ name: 'app.example.com', policy: 'latency', faults: [fault('eu-west-1'), fault('us-east-1')] }],
  findings: [],
  changes: [],
  cost: { beforeUsd: 94.1, afterUsd: 94.1, unpriced: 0, lines: [] },
  unknown: [],
  ...more,
});

const never = fault('eu-west-1', {
  outcome: 'never',
  seconds: null,
  why: `${RECORD} has no health check, so Route 53 goes on answering it`,
  causes: [RECORD],
});
const named = (...faults: readonly Fault[]): PrintedReview['names'] => [
  { name: 'app.example.com', policy: 'latency', faults },
];

const slower = finding({
  rule: 'change-makes-recovery-slower',
  severity: 'warns',
  message: `${RECORD}: TTL 10 -> 113: worst client that honours the TTL and opens a new connection 57 s -> 160 s`,
  atFailover:
    'app.example.com, region-dark in eu-west-1: worst client that honours the TTL and opens a new connection 57 s -> 160 s',
  fix: 'Keep what is applied, or state a longer objective',
});

export const STATES = {
  passes: review({ unknown: [{ address: 'aws_lb.a', why: 'dns_name: is known after the apply' }] }),
  fails: review({
    verdict: 'fails',
    names: named(never, fault('us-east-1')),
    findings: [
      finding({ file: 'infra/dns.tf', line: 12 }),
      finding({
        rule: 'health-check-is-disabled',
        severity: 'warns',
        address: 'module.a.aws_route53_health_check.x',
        message: 'module.a.aws_route53_health_check.x is disabled',
      }),
      finding({ rule: 'replica-lag-is-seen', severity: 'note', atFailover: '' }),
    ],
  }),
  unknown: review({
    verdict: 'unknown',
    objective: { rtoSeconds: null, rpoSeconds: null },
    names: named(fault('eu-west-1', { outcome: 'unknown', seconds: null, why: 'the record leads to local.target' })),
    unknown: [{ address: '', why: 'the plan ended with an error, so what comes after it is missing' }],
  }),
  worse: review({
    verdict: 'fails',
    names: named(
      fault('eu-west-1', {
        seconds: [133, 160],
        why: '3 x (10 + 4) + TTL 113 + 5 = 160 s',
        before: { outcome: 'recovers', seconds: [30, 57] },
      }),
    ),
    findings: [
      finding({
        rule: 'recovers-within-the-objective',
        address: 'app.example.com',
        message: 'app.example.com recovers in 160 s at worst, and the objective is 60 s',
        atFailover: 'app.example.com, region-dark in eu-west-1: 3 x (10 + 4) + TTL 113 + 5 = 160 s',
        fix: 'Shorten request_interval, failure_threshold or the TTL, or state a longer objective',
      }),
      slower,
    ],
    changes: [
      { address: 'aws_lb.new', actions: ['create'], meaning: 'another balancer' },
      { address: RECORD, actions: ['update'], meaning: 'TTL 10 -> 113' },
      {
        address: 'aws_dynamodb_table.t',
        actions: ['delete', 'create'],
        meaning: 'the table is made anew, and is empty',
      },
      { address: 'aws_route53_health_check.old', actions: ['delete'], meaning: 'the check of eu-west-1 goes' },
    ],
    cost: { beforeUsd: 94.1, afterUsd: 120.25, unpriced: 1, lines: [] },
  }),
  waived: review({
    names: named(never, fault('us-east-1')),
    findings: [
      finding({ waived: { reason: 'the region is being closed', expires: '2027-01-31' } }),
      finding({ rule: 'replica-lag-is-seen', severity: 'note', atFailover: '' }),
    ],
    waivers: [
      {
        rule: 'record-without-health-check',
        address: RECORD,
        reason: 'the region is being closed',
        expires: '2027-01-31',
        findings: 1,
      },
      {
        rule: 'health-check-is-disabled',
        address: 'aws_route53_health_check.gone',
        reason: 'once',
        expires: '2027-01-31',
        findings: 0,
      },
    ],
  }),
} satisfies Record<string, PrintedReview>;

/** More than a comment holds. */
export const long = (count: number): PrintedReview =>
  review({
    verdict: 'fails',
    names: named(never, ...Array.from({ length: count }, (_, at) => fault(`region-${at}`))),
    findings: Array.from({ length: count }, (_, at) => {
      const address = `aws_route53_record.app["${at}"]`;
      return finding({ address, message: `${address} has no health check, so Route 53 goes on answering it` });
    }),
    unknown: Array.from({ length: count }, (_, at) => ({
      address: `aws_lb.a[${at}]`,
      why: 'dns_name: is known after the apply',
    })),
    changes: Array.from({ length: count }, (_, at) => ({
      address: `aws_lb.a[${at}]`,
      actions: ['create'],
      meaning: 'another balancer',
    })),
  });

/** Text that would be markup, a mention, a link or a line of its own, wherever text of a plan may stand. */
export const HOSTILE =
  'x` ``` | <script>alert(1)</script> <!-- @everyone #1 [a](https://evil.example) ![i](//evil.example/i.png) **b** www.evil.example & ~~~\n## heading\n- [ ] task \u202e ]]> \u0000 \u001b[31m $x$ "q"';

export const hostile = (): PrintedReview => {
  const of = finding({
    rule: HOSTILE,
    address: HOSTILE,
    message: HOSTILE,
    atFailover: HOSTILE,
    fix: HOSTILE,
    file: HOSTILE,
    line: 1,
  });
  return review({
    verdict: 'fails',
    names: [
      {
        name: HOSTILE,
        policy: 'latency',
        faults: [fault(HOSTILE, { why: HOSTILE, causes: [HOSTILE], assumptions: [HOSTILE] })],
      },
    ],
    findings: [of, { ...of, address: 'b', waived: { reason: HOSTILE, expires: '2027-01-31' } }],
    unknown: [
      { address: '', why: HOSTILE },
      { address: HOSTILE, why: HOSTILE },
    ],
    changes: [{ address: HOSTILE, actions: ['update'], meaning: HOSTILE }],
    waivers: [{ rule: HOSTILE, address: HOSTILE, reason: HOSTILE, expires: '2027-01-31', findings: 0 }],
  });
};
