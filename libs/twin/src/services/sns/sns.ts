// SNS: topics that alarms and functions publish to, and that tell functions and people (SNS-01, SNS-02).
import type { Graph } from '@dr/terraform-json';
import type { HttpRequest, HttpResponse } from '../../http';
import type { Random } from '../../kernel/random';
import { uuidOf } from '../../runtime/virtual-crypto';
import type { World } from '../../world';
import type { Authorize, Caller, ServiceEndpoint, TopicPublisher } from '../ports';
import { callerDenied, serviceDenied } from './access';
import { Deliveries, type DeliveryPorts, type Disorder } from './delivery';
import { errorResponse, publishResponse, readPublish, type QueryError } from './query';
import { readTopics, type Topic } from './topics';

export interface SnsPorts extends DeliveryPorts {
  readonly authorize: Authorize;
}

/** [A] Time that SNS takes to accept a message. */
const ACCEPT_MS = { median: 8, p99: 40 };
const INTERNAL: QueryError = [500, 'InternalFailure', 'The request processing has failed'];

export class Sns implements TopicPublisher, ServiceEndpoint {
  readonly service = 'sns';
  /** Duplicate and late deliveries; may be changed while the twin runs. */
  disorder: Disorder = { duplicateShare: 0, lateShare: 0 };
  private readonly topics: ReadonlyMap<string, Topic>;
  private readonly deliveries: Deliveries;
  private readonly random: Random;

  constructor(
    private readonly world: World,
    graph: Graph,
    private readonly ports: SnsPorts,
    disorder?: Disorder,
  ) {
    this.topics = readTopics(graph);
    this.random = world.random.stream('sns');
    if (disorder) this.disorder = disorder;
    this.deliveries = new Deliveries(world, ports, () => this.disorder);
  }

  publish(
    topicArn: string,
    message: { readonly subject: string; readonly body: string },
    publisher: {
      readonly name: string;
      readonly service?: string;
      readonly roleArn?: string;
      readonly sourceArn?: string;
    },
  ): { readonly messageId: string } | { readonly refused: string } {
    const topic = this.topics.get(topicArn);
    if (!topic) return { refused: `${topicArn} does not exist` };
    if (this.isStopped(topic.awsRegion)) return { refused: `SNS of ${topic.awsRegion} does not answer` };
    const denied = this.deniedAction(topic, publisher);
    if (denied !== undefined) return { refused: `${publisher.service ?? publisher.name} is not allowed ${denied}` };
    return { messageId: this.accept(topic, message, publisher.name) };
  }

  /** Each action is authorised for the caller's role; time passes as in SNS itself. */
  async handle(awsRegion: string, caller: Caller, request: HttpRequest): Promise<HttpResponse> {
    const requestId = this.newId();
    await this.world.scheduler.sleep(this.random.logNormal(ACCEPT_MS.median, ACCEPT_MS.p99));
    const input = readPublish(request);
    if (this.isStopped(awsRegion)) return errorResponse(INTERNAL, requestId);
    if (!('topicArn' in input)) return errorResponse(input, requestId);
    const topic = this.topics.get(input.topicArn);
    // A topic exists in its own region only.
    if (!topic || topic.awsRegion !== awsRegion) {
      const isElsewhere = input.topicArn.split(':')[3] !== awsRegion;
      const error: QueryError = isElsewhere
        ? [400, 'InvalidParameter', 'Invalid parameter: TopicArn']
        : [404, 'NotFound', 'Topic does not exist'];
      return errorResponse(error, requestId);
    }
    const denied = callerDenied(this.ports.authorize, topic, caller);
    if (denied?.startsWith('kms:')) return errorResponse([400, 'KMSAccessDenied', `not allowed ${denied}`], requestId);
    if (denied !== undefined) {
      const message = `User: ${caller.roleArn} is not authorized to perform: ${denied} on resource: ${topic.arn}`;
      return errorResponse([403, 'AuthorizationError', message], requestId);
    }
    return publishResponse(this.accept(topic, input, caller.name), requestId);
  }

  /** E-mail subscriptions wait until a person has confirmed them; the twin takes them as confirmed. */
  pendingConfirmations(): readonly { readonly topicArn: string; readonly endpoint: string }[] {
    return [...this.topics.values()].flatMap(({ arn, subscriptions }) =>
      subscriptions
        .filter(({ protocol }) => protocol.startsWith('email'))
        .map(({ endpoint }) => ({ topicArn: arn, endpoint })),
    );
  }

  private isStopped(awsRegion: string): boolean {
    return this.world.faults.isDown(awsRegion) || this.world.faults.hits('sns-down', awsRegion);
  }

  private deniedAction(
    topic: Topic,
    publisher: {
      readonly name: string;
      readonly service?: string;
      readonly roleArn?: string;
      readonly sourceArn?: string;
    },
  ): string | undefined {
    const { authorize } = this.ports;
    const { awsRegion } = topic;
    if (publisher.service === undefined) {
      const caller = { roleArn: publisher.roleArn ?? '', awsRegion, name: publisher.name };
      return callerDenied(authorize, topic, caller);
    }
    const { service, sourceArn } = publisher;
    const action = serviceDenied(authorize, topic, { service, sourceArn });
    if (action === undefined) return undefined;
    const resource = action.startsWith('kms:') && topic.key.kind === 'customer' ? topic.key.arn : topic.arn;
    const region = awsRegion;
    this.world.events.record({ kind: 'denied', region, role: service, action, resource });
    return action;
  }

  private accept(
    topic: Topic,
    { subject, body }: { readonly subject: string; readonly body: string },
    publisher: string,
  ): string {
    const id = this.newId();
    const region = topic.awsRegion;
    const own = ownId(body);
    const event = { region, topic: topic.name, subject, publisher, messageId: id };
    this.world.events.record({ kind: 'published', ...event, ...(own === undefined ? {} : { id: own }) });
    this.deliveries.send(topic, { id, subject, body, publishedEpochMs: this.world.scheduler.epochNow() });
    return id;
  }

  private newId(): string {
    return uuidOf(this.random.bytes(16));
  }
}

/** The `id` of a JSON body: publishers that may send twice give both the same. */
function ownId(body: string): string | undefined {
  try {
    const { id } = JSON.parse(body) as { id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
