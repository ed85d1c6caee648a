// A topic with a subscriber and a global table, in a world that a test breaks. For tests of faults.
import type { Fault } from '@dr/contracts';
import { DynamoDb } from '../services/dynamodb/dynamodb';
import { Sns } from '../services/sns/sns';
import type { World } from '../world';
import { graphOf, worldOf } from './fixtures';

const MUMBAI = 'ap-south-1';
const TOPIC = `arn:aws:sns:${MUMBAI}:123456789012:alerts`;
const FUNCTION = `arn:aws:lambda:${MUMBAI}:123456789012:function:f`;
const MESSAGES = 60;
/** A delivery after that is late; in order they take some tens of milliseconds. */
export const LATE_AFTER_MS = 20_000;
const ALL_MS = 300_000;

export interface Arrival {
  readonly messageId: string;
  readonly afterMs: number;
}

/** A topic that has been sent messages while the fault lasted, and had all the time it needs to deliver them. */
export async function snsOf(fault?: Fault) {
  const world = worldOf();
  const graph = graphOf([
    { type: 'aws_sns_topic', name: 'alerts', awsRegion: MUMBAI, values: { name: 'alerts', arn: TOPIC } },
    {
      type: 'aws_sns_topic_subscription',
      name: 's',
      awsRegion: MUMBAI,
      values: { topic_arn: TOPIC, protocol: 'lambda', endpoint: FUNCTION },
    },
  ]);
  const seen: Arrival[] = [];
  const functions = {
    invoke: () => Promise.resolve({ kind: 'ok' as const, payload: null }),
    permits: () => true,
    invokeAsync: (_arn: string, payload: unknown) => {
      const [record] = (payload as { Records: { Sns: { MessageId: string; Timestamp: string } }[] }).Records;
      if (!record) return;
      const { MessageId: messageId, Timestamp } = record.Sns;
      seen.push({ messageId, afterMs: world.scheduler.epochNow() - Date.parse(Timestamp) });
    },
  };
  const sns = new Sns(world, graph, {
    functions,
    authorize: { allows: () => true, resourcePolicyAllows: () => true },
  });
  if (fault) world.faults.start(fault);
  for (let i = 0; i < MESSAGES; i += 1) {
    sns.publish(TOPIC, { subject: 's', body: '{}' }, { name: 'f', roleArn: 'arn:aws:iam::123456789012:role/r' });
  }
  const strikes = world.faults.timesStruck('sns-disorder');
  await world.scheduler.runUntil(ALL_MS);
  return { sent: MESSAGES, strikes, arrivals: () => seen };
}

/** A table with a replica in each region of the world. */
export function tableOf(): { readonly world: World; readonly dynamo: DynamoDb } {
  const world = worldOf({ seed: 3 });
  const values = {
    name: 'table',
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'id',
    range_key: 'timestamp',
    attribute: ['id', 'timestamp'].map((name) => ({ name, type: 'S' })),
    replica: [{ region_name: 'ap-southeast-1' }],
  };
  const graph = graphOf([{ type: 'aws_dynamodb_table', name: 'table', awsRegion: MUMBAI, values }]);
  const dynamo = new DynamoDb(world, graph, {
    authorize: { allows: () => true, resourcePolicyAllows: () => true },
    metrics: { put: () => {}, ingestLogLine: () => {} },
  });
  return { world, dynamo };
}
