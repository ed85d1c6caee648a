// A run record from a few events, and a graph from a few plain resources. For tests.
import type { Graph, Resource } from '@dr/terraform-json';
import type { LoggedEvent } from '@dr/twin';
import type { DrillRun } from '../run/run-record';
import type { Scenario } from '../schedule/scenario';
import type { RequestEvent } from '../system-under-drill';
import { OURS } from '../systems/ours';

export const SCENARIO: Scenario = {
  fault: { kind: 'region-dark', region: 'mumbai', startSeconds: 60, durationSeconds: 300 },
  objective: { rtoSeconds: 60, rpoSeconds: 5 },
  load: { clients: 2, requestsPerSecond: 1, writeShare: 0.5 },
};

/** Fault in mumbai from 60 s to 360 s; nothing happened but what is given. */
export const runOf = (overrides: Partial<DrillRun> = {}): DrillRun => ({
  system: OURS,
  events: [],
  regions: ['mumbai', 'singapore'],
  domain: 'app.example.com',
  settings: { intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10 },
  schedule: { faults: [SCENARIO.fault], orders: [] },
  fault: SCENARIO.fault,
  objective: SCENARIO.objective,
  stoppedBeforeFault: false,
  losses: [],
  orders: [],
  endMs: 600_000,
  unquiet: [],
  audits: [],
  replicas: { mumbai: [], singapore: [] },
  announcedAlarms: { ALARM: new Set(), OK: new Set() },
  ...overrides,
});

/** A read by `c1` that began and ended at `atMs` and succeeded in mumbai. */
export const request = (atMs: number, overrides: Partial<RequestEvent> = {}): RequestEvent => ({
  kind: 'request',
  atMs,
  startedMs: atMs,
  client: 'c1',
  home: 'mumbai',
  method: 'GET',
  route: `${overrides.method ?? 'GET'} /items/{id}`,
  itemId: 'a',
  region: 'mumbai',
  outcome: 'ok',
  status: 200,
  ...overrides,
});

export const failure = (atMs: number, overrides: Partial<RequestEvent> = {}): RequestEvent =>
  request(atMs, { outcome: 'response-timeout', startedMs: atMs - 3000, ...overrides });

export const health = (atMs: number, region: string, healthy: boolean): LoggedEvent => ({
  kind: 'health-check',
  atMs,
  healthCheck: `check-${region}`,
  region,
  healthy,
  healthyCheckers: healthy ? 3 : 2,
  checkers: 16,
});

export const published = (atMs: number, overrides: { publisher?: string; region?: string } = {}): LoggedEvent => ({
  kind: 'published',
  atMs,
  region: 'singapore',
  topic: 'alerts',
  subject: atMs < 360_000 ? 'Failover: mumbai' : 'Failback: mumbai',
  publisher: 'failover-orchestrator',
  messageId: String(atMs),
  ...overrides,
});

/** Resources as `type.name` -> values, as AWS and the stack would have them; in Mumbai, but where `region` says otherwise. */
export function graphOf(plain: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Graph {
  const resources = Object.entries(plain).map(([address, values]): Resource => {
    const [type = '', name = ''] = address.split('.');
    const awsRegion = typeof values['region'] === 'string' ? values['region'] : 'ap-south-1';
    return { address, mode: 'managed', type, name, awsRegion, values, references: {}, dependsOn: [] };
  });
  const ofType = (type: string): readonly Resource[] => resources.filter((one) => one.type === type);
  return {
    directory: '.',
    resources,
    outputs: { regions: { mumbai: 'ap-south-1', singapore: 'ap-southeast-1' } },
    unknown: [],
    modules: [],
    notes: [],
    before: undefined,
    planned: [],
    ofType,
    get: (address) => resources.find((one) => one.address === address),
    find: (type, attribute, value) => ofType(type).find((one) => one.values[attribute] === value),
    attribute: (resource, attribute) => resource.values[attribute],
  };
}

const region = (name: string, awsRegion: string) => ({
  [`aws_lb.${name}`]: { region: awsRegion, arn: `alb-${name}`, dns_name: `${name}.elb.amazonaws.com` },
  [`aws_lb_listener.${name}`]: {
    arn: `listener-${name}`,
    load_balancer_arn: `alb-${name}`,
    port: 443,
    protocol: 'HTTPS',
    default_action: [{ type: 'forward', target_group_arn: `group-${name}` }],
  },
  [`aws_lb_target_group.${name}`]: { arn: `group-${name}`, target_type: 'lambda' },
  [`aws_lb_target_group_attachment.${name}`]: {
    target_group_arn: `group-${name}`,
    target_id: `arn:aws:lambda:${awsRegion}:123456789012:function:traffic-router:live`,
  },
  [`aws_route53_health_check.${name}`]: { id: `check-${name}`, type: 'HTTPS', fqdn: `${name}.app.example.com` },
  [`aws_route53_record.${name}_name`]: {
    name: `${name}.app.example.com`,
    type: 'A',
    alias: [{ name: `${name}.elb.amazonaws.com` }],
  },
  [`aws_route53_record.${name}`]: {
    name: 'app.example.com',
    type: 'CNAME',
    ttl: 10,
    health_check_id: `check-${name}`,
    records: [`${name}.app.example.com`],
    set_identifier: name,
    latency_routing_policy: [{ region: awsRegion }],
  },
});

/** Two records, each with its health check, name, load balancer and function. */
export const SOUND_STACK: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...region('mumbai', 'ap-south-1'),
  ...region('singapore', 'ap-southeast-1'),
  'aws_lambda_function.mumbai_traffic_router': {
    function_name: 'traffic-router',
    arn: 'arn:aws:lambda:ap-south-1:123456789012:function:traffic-router',
  },
  'aws_iam_role.router': { name: 'dr-router', arn: 'arn:aws:iam::123456789012:role/dr-router' },
};
