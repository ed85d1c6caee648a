// SQS as the place of what could not be delivered: how many messages wait in each queue, which an alarm watches.
import { type Graph, textOf } from '@dr/terraform-json';
import type { World } from '../../world';
import { checkedPolicy } from '../iam/policy';
import type { Authorize, Metrics } from '../ports';

interface Queue {
  readonly name: string;
  readonly awsRegion: string;
  readonly policy: unknown;
  waiting: number;
}

const REPORT_EVERY_MS = 60_000;
const SEND = 'sqs:SendMessage';

export class Queues {
  static readonly reads = ['aws_sqs_queue', 'aws_sqs_queue_policy'];
  private readonly queues: ReadonlyMap<string, Queue>;

  constructor(
    private readonly world: World,
    graph: Graph,
    private readonly ports: { readonly metrics: Metrics; readonly authorize: Authorize },
  ) {
    this.queues = new Map(
      graph.ofType('aws_sqs_queue').map((resource) => {
        const arn = String(graph.attribute(resource, 'arn'));
        const apart = graph
          .ofType('aws_sqs_queue_policy')
          .find(({ values }) => ['id', 'url'].some((name) => graph.attribute(resource, name) === values['queue_url']));
        const policy = checkedPolicy(apart?.values['policy'] ?? textOf(resource.values, 'policy'), arn);
        return [arn, { name: arn.split(':').at(-1) ?? arn, awsRegion: resource.awsRegion, policy, waiting: 0 }];
      }),
    );
  }

  start(): void {
    this.world.scheduler.after(REPORT_EVERY_MS / 2, () => this.reportForever());
  }

  /** A service leaves a message that it gives up on. The queue's policy decides: a service has no role. True when the queue took it. */
  send(queueArn: string, service: string, sourceArn: string): boolean {
    const queue = this.queues.get(queueArn);
    if (!queue) return false;
    const context = { 'aws:SourceArn': sourceArn };
    const request = { principal: { service }, action: SEND, resource: queueArn, context };
    if (queue.policy === undefined || !this.ports.authorize.resourcePolicyAllows(queue.policy, request)) {
      this.world.events.denied(queue.awsRegion, service, SEND, queueArn);
      return false;
    }
    return this.accept(queueArn);
  }

  /** Takes a message whose sender is authorised already, by its own role. True when the queue took it. */
  accept(queueArn: string): boolean {
    const queue = this.queues.get(queueArn);
    if (!queue || this.world.faults.isDown(queue.awsRegion)) return false;
    queue.waiting += 1;
    this.report(queue);
    return true;
  }

  /** Messages that wait, by queue name. Empty queues are left out. */
  waiting(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.queues.values()].filter(({ waiting }) => waiting > 0).map(({ name, waiting }) => [name, waiting]),
    );
  }

  /** A queue that was never used reports nothing (available CloudWatch metrics for SQS). */
  private reportForever(): void {
    for (const queue of this.queues.values()) if (queue.waiting > 0) this.report(queue);
    this.world.scheduler.after(REPORT_EVERY_MS, () => this.reportForever());
  }

  private report({ name, awsRegion, waiting }: Queue): void {
    const metric = {
      namespace: 'AWS/SQS',
      name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: name },
    };
    this.ports.metrics.put({ awsRegion, ...metric, value: waiting });
  }
}
