import type { LoggedEvent } from '@dr/twin';
import { diagnose } from './diagnose';
import { failure, graphOf, request, runOf, SOUND_STACK } from '../testing/fixtures';

const record = (name: 'mumbai' | 'singapore', change: object) => ({
  [`aws_route53_record.${name}`]: { ...SOUND_STACK[`aws_route53_record.${name}`], ...change },
});
const sound = [request(1_000), failure(70_000)];

const causes: readonly [
  string,
  { stack?: object; events?: readonly LoggedEvent[]; ttlSeconds?: number; isWhole?: boolean },
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
    { stack: { 'aws_dynamodb_table.t': {} }, isWhole: false },
    'aws_dynamodb_table.t has no replica in singapore: what is written elsewhere is lost to it',
  ],
  [
    'a TTL that outlasts the objective',
    { ttlSeconds: 300 },
    'aws_route53_record.mumbai, aws_route53_record.singapore: a TTL of 300 s cannot meet 60 s: 3 x (10 s interval + 4 s probe) + TTL 300 s + client wait 5 s = 347 s',
  ],
  [
    '/health served by the load balancer',
    {
      stack: {
        'aws_lb_listener_rule.health': {
          action: [{ type: 'fixed-response' }],
          condition: [{ path_pattern: [{ values: ['/health'] }] }],
        },
      },
      events: [
        ...sound,
        {
          kind: 'probe',
          atMs: 5,
          healthCheck: 'h',
          checker: 'c',
          region: 'mumbai',
          outcome: 'healthy',
          answeredBy: 'fixed-response',
        },
      ],
    },
    '/health of mumbai is answered by a fixed-response (aws_lb_listener_rule.health), so it stays healthy with every function dead',
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

test.each(causes)('names %s', (_name, { stack = {}, events = sound, ttlSeconds = 10, isWhole = true }, sentence) => {
  const held = [{ id: 'a', timestamp: 't' }];
  const replicas = { mumbai: held, singapore: isWhole ? held : [] };
  const run = runOf({ events, replicas, settings: { intervalSeconds: 10, failureThreshold: 3, ttlSeconds } });
  expect(diagnose(run, graphOf({ ...SOUND_STACK, ...stack }))).toEqual([sentence]);
});

test('finds nothing wrong with a sound stack', () => {
  const held = [{ id: 'a', timestamp: 't' }];
  const run = runOf({ events: sound, replicas: { mumbai: held, singapore: held } });
  expect(diagnose(run, graphOf(SOUND_STACK))).toEqual([]);
});
