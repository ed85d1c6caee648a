// How the twin's services know each other: each sees the others through one of these, never through a class.
import type { HttpRequest, HttpResponse } from '../http';
import type { HttpFailure, Site } from '../network';

/** Who makes an AWS API call. */
export interface Caller {
  readonly roleArn: string;
  /** AWS region the call is made from. */
  readonly awsRegion: string;
  /** A function's; `operator` for calls of a person. */
  readonly name: string;
}

/** The AWS APIs as an HTTPS host: network path, IAM decision, then the service. */
export interface AwsApi {
  /** `host` e.g. `dynamodb.ap-south-1.amazonaws.com`. Takes virtual time. */
  call(caller: Caller, host: string, request: HttpRequest): Promise<HttpResponse | HttpFailure>;
}

/** One AWS service's wire protocol behind AwsApi. Authorises each action through Authorize before it acts. */
export interface ServiceEndpoint {
  /** First label of its host names. */
  readonly service: 'dynamodb' | 'sns' | 'lambda' | 'secretsmanager';
  handle(awsRegion: string, caller: Caller, request: HttpRequest): Promise<HttpResponse>;
}

export interface Authorize {
  /** Decision by the caller role's policies; a denial is logged as an event, an allowance is counted as used. */
  allows(caller: Caller, action: string, resource: string, context?: Readonly<Record<string, string>>): boolean;
  /** Decision by a resource policy document for a service principal, e.g. `cloudwatch.amazonaws.com`. */
  resourcePolicyAllows(
    policy: unknown,
    request: {
      readonly principal: { readonly service?: string; readonly roleArn?: string };
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
  /** A line a handler printed: metrics in the embedded format are extracted, other records become `log` events. */
  ingestLogLine(awsRegion: string, functionName: string, line: string): void;
}

export interface TopicPublisher {
  /** Publishes; returns the message id, or why the topic refused. `publisher` is for the log. */
  publish(
    topicArn: string,
    message: { readonly subject: string; readonly body: string },
    publisher: {
      readonly name: string;
      readonly service?: string;
      readonly roleArn?: string;
      readonly sourceArn?: string;
    },
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

/** The internet as a client, a checker or a function sees it: names and HTTPS. */
export interface Internet {
  /** What a resolver at `from` is told now; null when the name does not exist. */
  resolve(name: string, from: Site): DnsAnswer | null;
  /** One request to the load balancer that `answer` names. The caller's own time-outs, ms. */
  request(
    from: Site,
    answer: DnsAnswer,
    target: { readonly protocol: 'http' | 'https'; readonly port: number },
    request: HttpRequest,
    timeouts: { readonly connectMs: number; readonly responseMs: number },
  ): Promise<HttpResponse | HttpFailure>;
}

export interface DnsAnswer {
  /** DNS name of the load balancer that was reached after every CNAME and alias. */
  readonly loadBalancer: string;
  readonly awsRegion: string;
  readonly ttlSeconds: number;
}
