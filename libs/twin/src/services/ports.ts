// How the twin's services know each other: what one asks of another, where a test puts something else in its place.
import type { ConnectionLimits } from '@dr/stack';
import type { HttpRequest, HttpResponse } from '../http';
import type { HttpFailure, Site } from '../site';
import type { GivenPrincipal } from './iam/policy';

/** Who makes an AWS API call. */
export interface Caller {
  readonly roleArn: string;
  /** AWS region the call is made from. */
  readonly awsRegion: string;
  /** A function's; `operator` for calls of a person. */
  readonly name: string;
  /** Of a person, who may do everything: where the call comes from. @default the region itself */
  readonly from?: Site;
}

/** The AWS APIs as HTTPS hosts: network path, IAM decision, then the service. */
export interface AwsApi {
  /** `host` e.g. `dynamodb.ap-south-1.amazonaws.com`. Takes virtual time. */
  call(caller: Caller, host: string, request: HttpRequest): Promise<HttpResponse | HttpFailure>;
}

/** One AWS service's wire protocol behind AwsApi. Authorises each action through Authorize before it acts. */
export interface ServiceEndpoint {
  /** First label of its host names. */
  readonly service: string;
  handle(awsRegion: string, caller: Caller, request: HttpRequest): Promise<HttpResponse>;
}

export interface Authorize {
  /** Decides by the policies of the caller's role. Logs a denial as an event, and counts an allowance as used. */
  allows(caller: Caller, action: string, resource: string): boolean;
  /** Decides by a resource's own policy document. */
  resourcePolicyAllows(
    policy: unknown,
    request: {
      readonly principal: GivenPrincipal;
      readonly action: string;
      readonly resource: string;
      readonly context?: Readonly<Record<string, string>>;
    },
  ): boolean;
}

export type InvokeResult =
  | { readonly kind: 'ok'; readonly payload: unknown }
  | { readonly kind: 'function-error'; readonly errorType: string; readonly message: string }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'unreachable' };

export interface FunctionInvoker {
  /** Synchronous invocation; `functionArn` may carry an alias or version. Takes virtual time. */
  invoke(functionArn: string, payload: unknown, trigger: string): Promise<InvokeResult>;
  /** Asynchronous invocation (SNS, EventBridge): queued, two retries, then the dead-letter queue or failure destination. */
  invokeAsync(functionArn: string, payload: unknown, trigger: string): void;
  /** Does the function's resource policy let this service principal invoke it from that source? */
  permits(functionArn: string, principal: string, sourceArn: string): boolean;
}

export interface MetricDatum {
  readonly awsRegion: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Metrics {
  /** Records a sample at the current virtual time. */
  put(datum: MetricDatum): void;
  /** A line that a function printed: metrics in the embedded format are taken out, other records become `log` events. */
  ingestLogLine(awsRegion: string, functionName: string, line: string): void;
}

export interface TopicMessage {
  readonly subject: string;
  readonly body: string;
}

/** A service with the ARN it acts for, or a role. `name` is for the log. */
export interface Publisher extends GivenPrincipal {
  readonly name: string;
  readonly sourceArn?: string;
}

export interface TopicPublisher {
  /** Returns the message's id, or why the topic refused the message. */
  publish(
    topicArn: string,
    message: TopicMessage,
    publisher: Publisher,
  ): { readonly messageId: string } | { readonly refused: string };
}

/** What an AWS service tells of itself; the bus adds id, account, time and region (EventBridge events reference). */
export interface ServiceEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface EventSink {
  /** Takes the event on the default bus of the region. */
  emit(awsRegion: string, event: ServiceEvent): void;
}

/** What a client connects to on a load balancer. */
export interface WebPort {
  readonly protocol: 'http' | 'https';
  readonly port: number;
}

/** How a connection reached a door. */
export interface Connection extends WebPort {
  readonly clientAddress: string;
}

/** Of a load balancer: one in each of its zones. */
export interface Nodes {
  /** Zones whose nodes its name leads to now; undefined: all. */
  listed(): readonly string[] | undefined;
  /** The node that a new connection is made to, of those that the resolver was told. */
  pick(listed: readonly string[] | undefined): string | undefined;
  isDark(zone: string): boolean;
  readonly isAnyDark: boolean;
  readonly areAllDark: boolean;
}

/** What stands at a DNS name that AWS gave: a load balancer, or what answers in the place of one. */
export interface Door {
  /** In lower case. */
  readonly dnsName: string;
  readonly awsRegion: string;
  /** Where packets to it go. @default its region */
  readonly site?: Site;
  /** The name that it asks for every request, as if clients had asked for that. */
  readonly passesTo?: string | undefined;
  /** What a connection from there reaches. @default the door itself */
  towards?(from: Site): Door;
  /** That changes with the health of what is behind it. @default false */
  readonly movesClients?: boolean;
  /** What an accelerator finds that looks at it now: whether it answers, and what it finds of its targets. @default targetsHealthy */
  looksWell?(): boolean;
  /** @default it has no nodes that a zone could take */
  readonly nodes?: Nodes;
  /** What a connection meets: a listener, a port that nobody listens on, or a security group that drops it. */
  portState(port: number): 'open' | 'closed' | 'filtered';
  speaksTls(port: number): boolean;
  /** How long it lets a client keep its connection. @default not known */
  readonly limits?: ConnectionLimits;
  handle(request: HttpRequest, connection: Connection): Promise<HttpResponse>;
  /** What Route 53 reads for `evaluate_target_health` (DNS-05). */
  targetsHealthy(): boolean;
}

export interface Doors {
  find(dnsName: string): Door | undefined;
  /** Called after `targetsHealthy` of any door may have changed. */
  onTargetHealth(listener: () => void): void;
}

/** The internet as a client, a checker or a function sees it: names and HTTPS. */
export interface Internet {
  /** What a resolver at `from` is told now; null when the name does not exist. */
  resolve(name: string, from: Site): DnsAnswer | null;
  /** One request to the door that `answer` names, on a connection of its own. */
  request(
    from: Site,
    answer: DnsAnswer,
    target: WebPort,
    request: HttpRequest,
    timeouts: Timeouts,
  ): Promise<HttpResponse | HttpFailure>;
}

/** The internet for clients that keep connections, too. */
export interface ClientInternet extends Internet {
  /** AWS region that a connection made now gets to: with an accelerator, the answer does not say it. */
  leadsTo(from: Site, answer: DnsAnswer): string;
  /** A connection to the door that `answer` names, for more requests than one. No packet is sent before the first of them. */
  keep(from: Site, answer: DnsAnswer, target: WebPort): KeptConnection;
}

/** The caller's own, ms. */
export interface Timeouts {
  readonly connectMs: number;
  readonly responseMs: number;
  /** Of the body, from its status on; 0: it is not read. @default status and body share `responseMs` */
  readonly bodyMs?: number;
}

export interface KeptConnection {
  /** Can another request be sent on it? Not before the first one has opened it, and not once an end has closed it. */
  isOpen(): boolean;
  /** Since it was opened. */
  readonly ageMs: number;
  /** Opens the connection where it is the first one. */
  request(request: HttpRequest, timeouts: Timeouts): Promise<HttpResponse | HttpFailure>;
}

/** Internet with the bare TCP connection that a TCP health check makes. */
export interface ProbePath extends Internet {
  connect(from: Site, answer: DnsAnswer, port: number, timeoutMs: number): Promise<'open' | HttpFailure>;
}

export interface DnsAnswer {
  /** DNS name of the load balancer, or other door, that was reached after every CNAME and alias. */
  readonly loadBalancer: string;
  readonly awsRegion: string;
  readonly ttlSeconds: number;
  /** Zones of the load balancer's nodes, where not all of them are named. */
  readonly zones?: readonly string[];
}
