import { explain } from '@dr/failover';
import type { LoggedEvent } from '@dr/twin';
import { diagnose } from './diagnose';
import { failure, graphOf, request, runOf, SOUND_STACK } from '../testing/fixtures';

const record = (name: 'mumbai' | 'singapore', change: object) => ({
  [`aws_route53_record.${name}`]: { ...SOUND_STACK[`aws_route53_record.${name}`], ...change },
});
const REGIONS = [
  { name: 'mumbai', awsRegion: 'ap-south-1' },
  { name: 'singapore', awsRegion: 'ap-southeast-1' },
];
const sound = [request(1_000), failure(70_000)];
const probe = (outcome: 'healthy' | 'no-match', atMs: number): LoggedEvent => ({
  kind: 'probe',
  atMs,
  healthCheck: 'mumbai',
  checker: 'c',
  region: 'mumbai',
  outcome,
});

const causes: readonly [
  string,
  { stack?: object; events?: readonly LoggedEvent[]; ttlSeconds?: number; intervalSeconds?: number },
  string,
][] = [
  [
    'a record without a health check',
    { stack: record('mumbai', { health_check_id: undefined }) },
    'aws_route53_record.mumbai has no health_check_id: Route 53 takes it for healthy and keeps sending clients to a dead region',
  ],
  [
    'both records on one load balancer',
    { stack: record('singapore', { records: ['mumbai.app.example.com.'] }) },
    'aws_route53_record.mumbai and aws_route53_record.singapore lead to one load balancer, aws_lb.mumbai: there is no second region to fail over to',
  ],
  [
    'a region without a replica',
    { stack: { 'aws_dynamodb_table.t': { name: 't' } } },
    'aws_dynamodb_table.t has no replica in ap-southeast-1: what is written elsewhere is lost to it',
  ],
  [
    'a TTL that outlasts the objective',
    { ttlSeconds: 300 },
    `aws_route53_record.mumbai, aws_route53_record.singapore: a TTL of 300 s cannot meet 60 s: ${explain({ intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 300 })}`,
  ],
  [
    'an interval that outlasts the objective',
    { intervalSeconds: 30 },
    `aws_route53_health_check.mumbai, aws_route53_health_check.singapore: 3 failures every 30 s cannot meet 60 s: ${explain({ intervalSeconds: 30, failureThreshold: 3, ttlSeconds: 10 })}`,
  ],
  [
    'a search string that never matches',
    {
      stack: {
        'aws_route53_health_check.mumbai': {
          id: 'check-mumbai',
          type: 'HTTPS_STR_MATCH',
          fqdn: 'mumbai.app.example.com',
          search_string: 'well',
        },
      },
      events: [...sound, probe('healthy', 1), probe('no-match', 2), probe('no-match', 3), probe('healthy', 99_000)],
    },
    'aws_route53_health_check.mumbai failed 2 of 3 probes of https://mumbai.app.example.com/ before any fault: "well" is not in the first 5,120 bytes of the answer',
  ],
  [
    'a role that lacks an action',
    {
      events: [
        ...sound,
        ...[1, 2].map((atMs) => ({
          kind: 'denied' as const,
          atMs,
          region: 'mumbai',
          role: 'arn:aws:iam::123456789012:role/dr-router',
          action: 'dynamodb:PutItem',
          resource: 'table/x',
        })),
      ],
    },
    'aws_iam_role.router lacks dynamodb:PutItem on table/x (denied 2 times in mumbai)',
  ],
  [
    'a function that does not start',
    {
      events: [
        ...sound,
        {
          kind: 'invocation',
          atMs: 5,
          region: 'mumbai',
          functionName: 'traffic-router',
          environment: 'e',
          trigger: 'alb',
          outcome: 'init-error',
          cold: true,
          startedMs: 1,
          detail: 'no such module',
        },
      ],
    },
    'aws_lambda_function.mumbai_traffic_router fails while it starts in mumbai: no such module',
  ],
  [
    'a router that fails before any fault',
    { events: [failure(5_000, { outcome: 'http-error', status: 500 }), ...sound] },
    '1 of 2 requests to mumbai failed before any fault (first: GET /items/{id} 500): see aws_lambda_function.mumbai_traffic_router',
  ],
  [
    'a region that nobody used',
    { events: [request(1_000, { region: 'singapore' })] },
    'no client was sent to mumbai even before the fault, so nobody could be affected: the records of app.example.com (aws_route53_record.mumbai, aws_route53_record.singapore) never answered it',
  ],
];

test.each(causes)(
  'names %s',
  (_name, { stack = {}, events = sound, ttlSeconds = 10, intervalSeconds = 10 }, sentence) => {
    const run = runOf({ events, settings: { intervalSeconds, failureThreshold: 3, ttlSeconds } });
    expect(diagnose(run, graphOf({ ...SOUND_STACK, ...stack }), REGIONS)).toEqual([sentence]);
  },
);

test('finds nothing wrong with a sound stack', () => {
  const run = runOf({ events: sound });
  expect(diagnose(run, graphOf(SOUND_STACK), REGIONS)).toEqual([]);
});

const replicated = { region: 'ap-south-1', replica: [{ region_name: 'ap-southeast-1' }] };

test.each([
  ['no table', {}],
  [
    'two tables',
    { 'aws_dynamodb_table.t': { name: 't', ...replicated }, 'aws_dynamodb_table.u': { name: 'u', ...replicated } },
  ],
])('says nothing of replicas of a stack with %s', (_, tables) => {
  const run = runOf({ events: sound });
  expect(diagnose(run, graphOf({ ...SOUND_STACK, ...tables }), REGIONS)).toEqual([]);
});

test('names the function of the region, whatever its address', () => {
  const stack = {
    ...Object.fromEntries(Object.entries(SOUND_STACK).filter(([address]) => !address.startsWith('aws_lambda_'))),
    'aws_lambda_function.not_singapore_but_mumbai': { function_name: 'traffic-router' },
    'aws_lambda_function.b': { function_name: 'traffic-router', region: 'ap-southeast-1' },
  };
  const event = {
    kind: 'invocation' as const,
    atMs: 5,
    region: 'singapore',
    functionName: 'traffic-router',
    environment: 'e',
    trigger: 'alb',
    outcome: 'init-error' as const,
    cold: true,
    startedMs: 1,
  };
  const run = runOf({ events: [...sound, event] });
  expect(diagnose(run, graphOf(stack), REGIONS)).toEqual(['aws_lambda_function.b fails while it starts in singapore']);
});
