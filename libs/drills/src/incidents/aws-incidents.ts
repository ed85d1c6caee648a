// Incidents of AWS: what public accounts say of each, in order, and what of it the twin enacts.
import type { Incident } from './incident';
import { LONG_SECONDS } from './long';

export const DYNAMODB_2025: Incident = {
  name: 'dynamodb-2025-10-20',
  title: "The name of DynamoDB's endpoint in us-east-1 has no address",
  date: '2025-10-20',
  happenedIn: 'us-east-1',
  look:
    "The table itself was well: who kept a connection open still reached it, and replicas in other regions served. Look at whether clients are moved, and at how long the struck region's " +
    'writes take to reach the others.',
  sources: [
    {
      title: 'AWS, summary of the DynamoDB service disruption in Northern Virginia',
      url: 'https://aws.amazon.com/message/101925/',
    },
    {
      title: 'Ernest Chiang, that summary in segments',
      url: 'https://www.ernestchiang.com/en/posts/2025/summary-of-the-amazon-dynamodb-service-disruption-in-the-northern-virginia-us-east-1-region',
    },
    {
      title: 'AWS, the life of an execution environment',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html',
    },
  ],
  phases: [
    {
      when: '19 Oct 2025, 23:48 to 20 Oct, 02:25 PDT',
      what:
        'A race in the automation of DNS leaves an empty record for the endpoint of the region. Nobody can open a new connection to DynamoDB there. ' +
        'Global tables go on in other regions, with long replication lag to and from us-east-1',
      by: [1, 2],
      lastedSeconds: 9_420,
      enacted: { seconds: 180, faults: [{ kind: 'dns-empty', service: 'dynamodb', lastsSeconds: 180 + LONG_SECONDS }] },
    },
    {
      when: 'in the hours of it',
      what: 'Lambda ends execution environments every few hours, also of functions that are invoked all the time, and with them the connections that were open',
      by: [3],
      enacted: {
        seconds: LONG_SECONDS,
        faults: [{ kind: 'cold-starts' }],
        assumed:
          'that by then every environment of the region has been replaced: each invocation starts a new one, without a connection',
      },
    },
    {
      when: '02:25 to 02:40 PDT',
      what: 'The record is back. Replicas have caught up at 02:32; the last clients connect once cached answers have expired',
      by: [1, 2],
      lastedSeconds: 900,
      enacted: { seconds: 120 },
    },
    {
      when: '19 Oct, 23:51 to 20 Oct, 09:59 PDT',
      what: 'Signing in, STS and Lambda have errors at times',
      by: [1],
      unconfirmed: 'how many invocations of functions failed, and when',
      notEnacted:
        'no account that was read gives a share of failed invocations; dr drill --fault lambda-errors is about them',
    },
    {
      when: '20 Oct, 02:25 to 13:50 PDT',
      what: 'New EC2 instances do not start, and then start without a network',
      by: [1, 2],
      notEnacted: 'the stack has no instances',
    },
    {
      when: '20 Oct, 05:30 to 14:09 PDT',
      what: 'Health checks of Network Load Balancers fail and come back, so that targets leave DNS and return',
      by: [1, 2],
      notEnacted: 'the stack has no Network Load Balancer; no account that was read names Application Load Balancers',
    },
  ],
};

export const ME_CENTRAL_1_2026: Incident = {
  name: 'me-central-1-2026-03-01',
  title: 'Two of three zones of me-central-1 are lost, and one of the neighbouring region',
  date: '2026-03-01',
  happenedIn: 'me-central-1, and then in me-south-1',
  look:
    'A region that has lost a zone still answers from the others, so that a part of all connections fails and enough checkers find it healthy. Look at when Route 53 gives it up, ' +
    'at how many requests fail until then, and at what the neighbour with a lost zone still serves. dr evacuate moves everybody at once.',
  sources: [
    {
      title: "Tom's Hardware, drone strikes hit three AWS data centers",
      url: 'https://www.tomshardware.com/tech-industry/drone-strikes-hit-three-aws-data-centers-in-the-uae-and-bahrain',
    },
    {
      title: 'IBTimes, which quotes the AWS Health Dashboard',
      url: 'https://www.ibtimes.sg/amazons-cloud-data-aws-facility-uae-reports-outage-denies-link-it-iran-attacks-84080',
    },
    {
      title: 'API Status Check, timeline',
      url: 'https://apistatuscheck.com/blog/aws-middle-east-drone-strike-outage-march-2026',
    },
    {
      title: 'InfoQ, AWS cannot restore data held only in the damaged zones',
      url: 'https://www.infoq.com/news/2026/09/aws-middle-east-data-loss/',
    },
  ],
  phases: [
    {
      when: '1 Mar 2026, from 04:30 PST',
      what: 'Objects strike a data center of zone mec1-az2. It burns, and the fire department cuts its power',
      by: [1, 2, 3],
      enacted: { seconds: 180, faults: [{ kind: 'zone-dark', zones: 1 }] },
    },
    {
      when: '1 Mar 2026, later',
      what: 'Power fails in a second zone, mec1-az3. DynamoDB, S3, EC2 and Lambda of the region have high error rates',
      by: [1, 3],
      unconfirmed: 'when: accounts say 09:46 PST, and about 22:00 PST; one names mec1-az1 as the second zone',
      enacted: {
        seconds: 240,
        faults: [
          { kind: 'zone-dark', zones: 2, lastsSeconds: 420 },
          { kind: 'dynamodb-errors', intensity: 0.5, lastsSeconds: 420 },
        ],
        assumed: 'that half of the calls to DynamoDB fail; no account gives a share',
      },
    },
    {
      when: '1 to 2 Mar 2026',
      what: 'Zone mes1-az2 of me-south-1 loses power as well',
      by: [1, 3],
      unconfirmed: 'when: accounts say about 22:00 PST on 1 March, and 06:56 PST on 2 March',
      enacted: {
        seconds: 180,
        faults: [{ kind: 'zone-dark', zones: 1, at: 'next' }],
        assumed: 'that the system runs in both regions',
      },
    },
    {
      when: 'until Sept 2026 and later',
      what: 'What was in mec1-az2 alone cannot be restored; the other zones are still being recovered',
      by: [4],
      notEnacted: 'all zones come back at the end, or nobody could judge how the region returns',
    },
  ],
};

export const US_EAST_1_2021: Incident = {
  name: 'us-east-1-2021-12-07',
  title: 'Congestion of the internal network of us-east-1',
  date: '2021-12-07',
  happenedIn: 'us-east-1',
  look:
    'What the system keeps in us-east-1 are the alarms on health checks and the messages that they send; Route 53 answers and probes without them. ' +
    'The order to leave a region is a record in a table, and needs no change of a DNS record. No client should fail.',
  sources: [
    {
      title: 'AWS, summary of the service event in Northern Virginia, 10 Dec 2021',
      url: 'https://aws.amazon.com/message/12721/',
    },
    {
      title: 'ThousandEyes, outage analysis, 7 Dec 2021',
      url: 'https://www.thousandeyes.com/blog/aws-outage-analysis-dec-7-2021',
    },
    {
      title: 'InfoQ, postmortem and lessons learned',
      url: 'https://www.infoq.com/news/2021/12/aws-outage-postmortem/',
    },
  ],
  phases: [
    {
      when: '7 Dec 2021, 07:30 to about 16:44 PST',
      what:
        'Scaling of one service sets off a surge of connections that congests the devices between the internal and the main network. ' +
        'Monitoring data are missing at once; CloudWatch, STS, API Gateway and container services fail in part',
      by: [1, 2, 3],
      lastedSeconds: 33_240,
      enacted: {
        seconds: LONG_SECONDS,
        faults: [
          { kind: 'us-east-1-down', lastsSeconds: LONG_SECONDS + 180 },
          { kind: 'metrics-late', lastsSeconds: LONG_SECONDS + 180 },
        ],
        assumed:
          'that alarms, topics and metrics of us-east-1 stop altogether, where then they failed in part; the region that stands for it has its own metrics late',
      },
    },
    {
      when: '07:30 to 14:30 PST',
      what: 'The APIs of Route 53 are impaired: nobody can change a DNS record. Existing records are answered',
      by: [1],
      lastedSeconds: 25_200,
      unconfirmed: 'that answers of existing records were not touched: of the summary only the beginning was read',
      enacted: {
        seconds: 180,
        orders: [{ order: 'evacuate', afterSeconds: 30 }],
        assumed: 'that an operator wants to leave a region in the middle of it, and orders so',
      },
    },
    {
      when: '16:44 PST and later',
      what: 'Services work again',
      by: [2],
      enacted: {
        seconds: 90,
        orders: [{ order: 'readmit', afterSeconds: 30 }],
        assumed: 'that the operator readmits the region',
      },
    },
    {
      when: '7 Dec 2021',
      what: 'Running instances and containers go on; starting or changing them fails',
      by: [3],
      notEnacted: 'the stack has no instances and no containers, and nothing of it is changed while it runs',
    },
  ],
};
