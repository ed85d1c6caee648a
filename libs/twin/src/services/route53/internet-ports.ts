// What stands between a name and a function: each of DNS, health checks, paths and load balancers sees the others so.
import type { HttpRequest, HttpResponse } from '../../http';
import type { HttpFailure, Site } from '../../network';
import type { DnsAnswer, Internet } from '../ports';

/** Health checks as records see them. */
export interface HealthStatuses {
  has(healthCheckId: string): boolean;
  isHealthy(healthCheckId: string): boolean;
  /** Called after a health check changed its status. */
  onChange(listener: () => void): void;
}

/** How a connection reached the load balancer. */
export interface Connection {
  readonly protocol: 'http' | 'https';
  readonly port: number;
  readonly clientAddress: string;
}

/** What a connection to a port meets: a listener, a port nobody listens on, or a security group that drops it. */
export type PortState = 'open' | 'closed' | 'filtered';

export interface LoadBalancerPort {
  /** In lower case. */
  readonly dnsName: string;
  readonly awsRegion: string;
  portState(port: number): PortState;
  /** Does the listener of that port speak TLS? */
  speaksTls(port: number): boolean;
  handle(request: HttpRequest, connection: Connection): Promise<HttpResponse>;
  /** What Route 53 reads for `evaluate_target_health`. */
  targetsHealthy(): boolean;
}

export interface LoadBalancerDirectory {
  find(dnsName: string): LoadBalancerPort | undefined;
  /** Called after `targetsHealthy` of any load balancer may have changed. */
  onTargetHealth(listener: () => void): void;
}

/** Names as the internet asks for them. */
export interface Resolver {
  resolve(name: string, from: Site): DnsAnswer | null;
}

/** Internet with the bare TCP connection that a TCP health check makes. */
export interface ProbePath extends Internet {
  connect(from: Site, answer: DnsAnswer, port: number, timeoutMs: number): Promise<'open' | HttpFailure>;
}

/** The metric streams of alarms, for health checks of type CLOUDWATCH_METRIC. */
export interface MetricStreams {
  /** Judges the alarm's data, not its state; undefined when there is no such alarm. */
  judge(awsRegion: string, alarmName: string): 'healthy' | 'unhealthy' | 'insufficient' | undefined;
  /** Why a health check cannot use the alarm (metric math, M of N); undefined when it can. */
  unusable(awsRegion: string, alarmName: string): string | undefined;
}
