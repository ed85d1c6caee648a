// SNS: topics that alarms and functions publish to, and that tell functions and people (SNS-01, SNS-02).
import type { Graph } from '@dr/terraform-json';
import type { HttpRequest, HttpResponse } from '../../http';
import type { Random } from '../../kernel/random';
import { uuidOf } from '../../runtime/virtual-crypto';
import type { World } from '../../world';
import { notAuthorized } from '../iam/policy';
import type { Authorize, Caller, Publisher, ServiceEndpoint, TopicMessage, TopicPublisher } from '../ports';
import { KeptKeys } from '../kept-keys';
import { callerDenied, serviceDenied } from './access';
import { Deliveries, isStopped, type DeliveryPorts } from './delivery';
import { errorResponse, publishResponse, readPublish, type QueryError } from './query';
import { readTopics, type Topic } from './topics';

/** [A] Time that SNS takes to accept a message. */
const ACCEPT_MS = { median: 8, p99: 40 };
const INTERNAL: QueryError = [500, 'InternalFailure', 'The request processing has failed'];
const NO_KEY = 'The request was denied by KMS';
const FAR_TOPIC: QueryError = [400, 'InvalidParameter', 'Invalid parameter: TopicArn'];
const NO_TOPIC: QueryError = [404, 'NotFound', 'Topic does not exist'];

export class Sns implements TopicPublisher, ServiceEndpoint {
  static readonly reads = [
    'aws_kms_alias',
    'aws_kms_key',
    'aws_kms_key_policy',
    'aws_sns_topic',
    'aws_sns_topic_policy',
    'aws_sns_topic_subscription',
  ];
  readonly service = 'sns';
  private readonly topics: ReadonlyMap<string, Topic>;
  private readonly deliveries: Deliveries;
  private readonly random: Random;
  private readonly keys: KeptKeys;

  constructor(
    private readonly world: World,
    graph: Graph,
    private readonly ports: DeliveryPorts & { readonly authorize: Authorize },
  ) {
    this.topics = readTopics(graph);
    this.random = world.random.stream('sns');
    this.keys = new KeptKeys(world);
    this.deliveries = new Deliveries(world, ports);
  }

  publish(
    topicArn: string,
    message: TopicMessage,
    publisher: Publisher,
  ): { readonly messageId: string } | { readonly refused: string } {
    const topic = this.topics.get(topicArn);
    if (!topic) return { refused: `${topicArn} does not exist` };
    if (isStopped(this.world, topic.awsRegion)) return { refused: `SNS of ${topic.awsRegion} does not answer` };
    const denied = this.deniedAction(topic, publisher);
    if (denied !== undefined) return { refused: `${publisher.service ?? publisher.name} is not allowed ${denied}` };
    if (!this.isWritable(topic)) return { refused: `KMS of ${topic.awsRegion} refuses the key of ${topic.name}` };
    return { messageId: this.accept(topic, message, publisher.name) };
  }

  /** Takes the time that SNS takes. */
  async handle(awsRegion: string, caller: Caller, request: HttpRequest): Promise<HttpResponse> {
    const requestId = this.newId();
    await this.world.scheduler.sleep(this.random.logNormal(ACCEPT_MS.median, ACCEPT_MS.p99));
    const input = readPublish(request);
    if (isStopped(this.world, awsRegion)) return errorResponse(INTERNAL, requestId);
    if (!('topicArn' in input)) return errorResponse(input, requestId);
    const topic = this.topics.get(input.topicArn);
    // A topic exists in its own region only.
    if (!topic || topic.awsRegion !== awsRegion) {
      const isElsewhere = input.topicArn.split(':')[3] !== awsRegion;
      return errorResponse(isElsewhere ? FAR_TOPIC : NO_TOPIC, requestId);
    }
    const denied = callerDenied(this.ports.authorize, topic, caller);
    if (denied?.startsWith('kms:')) return errorResponse([400, 'KMSAccessDenied', `not allowed ${denied}`], requestId);
    if (denied !== undefined) {
      return errorResponse([403, 'AuthorizationError', notAuthorized(caller.roleArn, denied, topic.arn)], requestId);
    }
    if (!this.isWritable(topic)) return errorResponse([400, 'KMSAccessDenied', NO_KEY], requestId);
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

  private isWritable({ key, awsRegion, arn }: Topic): boolean {
    return key.kind === 'none' || this.keys.has(awsRegion, arn);
  }

  private deniedAction(topic: Topic, { name, service, roleArn = '', sourceArn }: Publisher): string | undefined {
    const { authorize } = this.ports;
    const { awsRegion } = topic;
    if (service === undefined) return callerDenied(authorize, topic, { roleArn, awsRegion, name });
    const action = serviceDenied(authorize, topic, service, sourceArn);
    if (action === undefined) return undefined;
    const resource = action.startsWith('kms:') && topic.key.kind === 'customer' ? topic.key.arn : topic.arn;
    this.world.events.denied(awsRegion, service, action, resource);
    return action;
  }

  private accept(topic: Topic, { subject, body }: TopicMessage, publisher: string): string {
    const id = this.newId();
    const own = ownId(body);
    const event = { region: topic.awsRegion, topic: topic.name, subject, publisher, messageId: id };
    this.world.events.record({ kind: 'published', ...event, ...(own === undefined ? {} : { id: own }) });
    this.deliveries.send(topic, { id, subject, body, publishedEpochMs: this.world.scheduler.epochNow() });
    return id;
  }

  private newId(): string {
    return uuidOf(this.random.bytes(16));
  }
}

/** The `id` in a JSON body. A publisher that may send a message twice gives both the same id. */
function ownId(body: string): string | undefined {
  try {
    const { id } = JSON.parse(body) as { id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
