// Test fixture: what stands between a name and a function, in two regions, with functions that answer as a test says.
import { readHealthChecks, readRecords } from '@dr/stack';
import type { HttpRequest, HttpResponse } from '../http';
import { AcceleratedDoors } from '../services/accelerator/accelerated-doors';
import { LoadBalancers } from '../services/alb/alb';
import { CloudWatch } from '../services/cloudwatch/cloudwatch';
import { HealthChecks } from '../services/route53/health-checks';
import { PublicInternet } from '../services/route53/internet';
import type { FunctionInvoker, InvokeResult, MetricDatum } from '../services/ports';
import { Route53 } from '../services/route53/route53';
import type { HttpFailure, Site } from '../site';
import { graphOf, REGIONS, worldOf, type PlainResource } from './fixtures';

export type Values = Readonly<Record<string, unknown>>;

export const ZONE = 'example.com';
export const DOMAIN = 'app.example.com';
export const MUMBAI = 'ap-south-1';
export const SINGAPORE = 'ap-southeast-1';
export const near = (awsRegion: string): Site => ({ group: 'clients', at: awsRegion });

export const resource = (type: string, name: string, values: Values, awsRegion = 'us-east-1'): PlainResource => ({
  type,
  name,
  awsRegion,
  values,
});

export const nameOf = (awsRegion: string): string => REGIONS.find((r) => r.awsRegion === awsRegion)?.name ?? awsRegion;
export const dnsName = (awsRegion: string): string => `${nameOf(awsRegion)}-alb.${awsRegion}.elb.amazonaws.com`;
export const functionArn = (awsRegion: string, name = 'traffic-router'): string =>
  `arn:aws:lambda:${awsRegion}:123456789012:function:${name}:live`;

const arn = (kind: string, awsRegion: string, name: string): string =>
  `arn:aws:elasticloadbalancing:${awsRegion}:123456789012:${kind}/${name}`;
export const groupArn = (awsRegion: string, name = 'router'): string => arn('targetgroup', awsRegion, `${name}/1`);
const listenerArn = (awsRegion: string, port: number): string => arn('listener', awsRegion, String(port));
export const balancerArn = (awsRegion: string): string => arn('loadbalancer', awsRegion, 'app/alb/1');

/** A load balancer of one region: `/` to the function over HTTPS, HTTP redirected, everything overridable. */
export function loadBalancer(
  awsRegion: string,
  more: { readonly balancer?: Values; readonly group?: Values; readonly attachment?: Values | null } = {},
): PlainResource[] {
  const id = nameOf(awsRegion);
  const at = (type: string, name: string, values: Values): PlainResource => resource(type, name, values, awsRegion);
  const forward = { type: 'forward', target_group_arn: groupArn(awsRegion) };
  const redirect = { port: '443', protocol: 'HTTPS', status_code: 'HTTP_301' };
  const attachment = { target_group_arn: groupArn(awsRegion), target_id: functionArn(awsRegion), ...more.attachment };
  return [
    at('aws_lb', id, { arn: balancerArn(awsRegion), dns_name: dnsName(awsRegion), ...more.balancer }),
    at('aws_lb_target_group', id, { arn: groupArn(awsRegion), target_type: 'lambda', ...more.group }),
    ...(more.attachment === null ? [] : [at('aws_lb_target_group_attachment', id, attachment)]),
    at('aws_lb_listener', `${id}_https`, {
      arn: listenerArn(awsRegion, 443),
      load_balancer_arn: balancerArn(awsRegion),
      port: 443,
      protocol: 'HTTPS',
      default_action: [forward],
    }),
    at('aws_lb_listener', `${id}_http`, {
      arn: listenerArn(awsRegion, 80),
      load_balancer_arn: balancerArn(awsRegion),
      port: 80,
      protocol: 'HTTP',
      default_action: [{ type: 'redirect', redirect: [redirect] }],
    }),
  ];
}

export const rule = (awsRegion: string, name: string, values: Values): PlainResource =>
  resource('aws_lb_listener_rule', name, { listener_arn: listenerArn(awsRegion, 443), ...values }, awsRegion);

export const record = (name: string, values: Values): PlainResource =>
  resource('aws_route53_record', name, { zone_id: 'Z1', name: DOMAIN, type: 'A', ...values });

export const aliasTo = (awsRegion: string, evaluate = false): Values => ({
  alias: [{ name: dnsName(awsRegion), zone_id: 'ZELB', evaluate_target_health: evaluate }],
});

export const latencyRecord = (awsRegion: string, values: Values = {}): PlainResource =>
  record(`latency_${nameOf(awsRegion)}`, {
    set_identifier: nameOf(awsRegion),
    latency_routing_policy: [{ region: awsRegion }],
    ...aliasTo(awsRegion),
    ...values,
  });

export const regionalName = (awsRegion: string): string => `${nameOf(awsRegion)}.${DOMAIN}`;

export const healthCheck = (name: string, values: Values): PlainResource =>
  resource('aws_route53_health_check', name, {
    id: name,
    type: 'HTTPS',
    fqdn: regionalName(MUMBAI),
    port: 443,
    resource_path: '/health',
    request_interval: 10,
    failure_threshold: 3,
    ...values,
  });

/** Answers an invocation; may take virtual time. */
export type Respond = (
  functionArn: string,
  event: LambdaEvent,
  trigger: string,
) => Promise<InvokeResult> | InvokeResult;

export interface LambdaEvent {
  readonly path: string;
  readonly httpMethod: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

export const ok = (payload: unknown): InvokeResult => ({ kind: 'ok', payload });
export const answer = (statusCode: number, body = '', headers: Values = {}): InvokeResult =>
  ok({ statusCode, body, headers });

export function functionsThat(respond: Respond, permits = true) {
  const calls: { readonly functionArn: string; readonly event: LambdaEvent; readonly trigger: string }[] = [];
  const note = (functionArn: string, payload: unknown, trigger: string): LambdaEvent => {
    const event = payload as LambdaEvent;
    calls.push({ functionArn, event, trigger });
    return event;
  };
  const invoker: FunctionInvoker = {
    invoke: async (functionArn, payload, trigger) => respond(functionArn, note(functionArn, payload, trigger), trigger),
    invokeAsync: (functionArn, payload, trigger) => void note(functionArn, payload, trigger),
    permits: () => permits,
  };
  return { invoker, calls };
}

export interface EdgeOptions {
  readonly resources?: readonly PlainResource[];
  readonly respond?: Respond;
  readonly permits?: boolean;
  readonly seed?: number;
  /** Start checkers, target health checks and the record of answers. */
  readonly start?: boolean;
}

/** Two load balancers, their regional names, and `resources`. */
export function edgeOf({ resources, respond = () => answer(200), permits, seed = 1, start }: EdgeOptions = {}) {
  const world = worldOf({ seed });
  const graph = graphOf([
    resource('aws_route53_zone', 'zone', { zone_id: 'Z1', name: ZONE }),
    ...REGIONS.map(({ awsRegion, name }) =>
      record(`regional_${name}`, { name: regionalName(awsRegion), ...aliasTo(awsRegion) }),
    ),
    ...(resources ?? REGIONS.flatMap(({ awsRegion }) => loadBalancer(awsRegion))),
  ]);
  const samples: (MetricDatum & { readonly atMs: number })[] = [];
  const metrics = {
    put: (datum: MetricDatum): void => void samples.push({ ...datum, atMs: world.scheduler.now() }),
    ingestLogLine: (): void => undefined,
  };
  const functions = functionsThat(respond, permits);
  const loadBalancers = new LoadBalancers(world, graph, { functions: functions.invoker, metrics });
  const health = new HealthChecks(world, readHealthChecks(graph), new CloudWatch(world, graph));
  const doors = new AcceleratedDoors(world, graph, loadBalancers);
  const dns = new Route53(world, readRecords(graph), { health, doors });
  const internet = new PublicInternet(world, { dns, doors });
  if (start) {
    loadBalancers.start();
    doors.start();
    health.start(internet);
    dns.start();
  }
  const ask = (
    request: Partial<HttpRequest>,
    via: { readonly awsRegion?: string; readonly protocol?: 'http' | 'https'; readonly port?: number } = {},
  ): Promise<HttpResponse> => {
    const { awsRegion = MUMBAI, protocol = 'https', port = protocol === 'https' ? 443 : 80 } = via;
    const balancer = loadBalancers.find(dnsName(awsRegion));
    if (!balancer) throw new Error(`no load balancer in ${awsRegion}`);
    const full = { method: 'GET', path: '/', headers: { host: DOMAIN }, body: Buffer.alloc(0), ...request };
    return settle(balancer.handle(full, { protocol, port, clientAddress: '203.0.113.10' }));
  };
  /** Runs virtual time until the promise settles. */
  async function settle<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = (): void => void (settled = true);
    promise.then(done, done);
    for (let i = 0; i < 1_000 && !settled; i += 1) await world.scheduler.runUntil(world.scheduler.now() + 100);
    if (!settled) throw new Error('nothing happened for 100 s of virtual time');
    return promise;
  }
  return { world, graph, samples, functions, loadBalancers, health, dns, internet, ask, settle };
}

export type Edge = ReturnType<typeof edgeOf>;

/** One HTTPS request over the internet, and how long it took. */
export async function fetchFrom(edge: Edge, from: Site, to = regionalName(MUMBAI)) {
  const at = edge.internet.resolve(to, from);
  if (!at) throw new Error(`${to} does not resolve`);
  const startedMs = edge.world.scheduler.now();
  let endedMs = startedMs;
  const request = { method: 'GET', path: '/', headers: { host: to }, body: Buffer.alloc(0) };
  const timeouts = { connectMs: 4_000, responseMs: 2_000 };
  const pending = edge.internet
    .request(from, at, { protocol: 'https', port: 443 }, request, timeouts)
    .then((result) => {
      endedMs = edge.world.scheduler.now();
      return result;
    });
  const result: HttpResponse | HttpFailure = await edge.settle(pending);
  return { result, tookMs: endedMs - startedMs };
}
