// Nothing in the stack is idle: every permission was used and every alarmed metric was emitted in a run through its faults.
import type { FaultKind } from '@dr/contracts';
import { lambdaName } from '@dr/contracts/system';
import { TWIN_ACCOUNT_ID, type Graph } from '@dr/terraform-json';
import { Twin } from '@dr/twin';
import { startClients } from '../../run/clients';
import { behindPort } from '../../run/start';
import { withSynthesizedStack } from '../../testing/synthesized-stack';
import { OURS } from '.';

const LOAD = { clients: 4, requestsPerSecond: 1, writeShare: 0.5 };
/** Both regions meet each: the peer's table is used, people are told, the replicas differ when the validator looks. */
const FAULTS: readonly (readonly [kind: FaultKind, seconds: number, functionName?: string])[] = [
  ['dynamodb-errors', 20],
  ['dynamodb-throttled', 20],
  ['replication-paused', 120],
  ['region-dark', 100],
  // Longer than Lambda retries an event for: it ends in the dead-letter queue.
  ['lambda-errors', 260, 'failover-orchestrator'],
];
/** SNS gives a message up after hours of trying, so the queue of us-east-1 says nothing in any drill. */
const SILENT = 'us-east-1 AWS/SQS ApproximateNumberOfMessagesVisible QueueName=dr-us-east-1-undelivered';

/** Used by the Lambda service on the function's behalf: log lines, and what a failed asynchronous event leaves. */
const BY_LAMBDA_ITSELF = /^(logs:|sqs:SendMessage$)/;

let twin: Twin;
let graph: Graph;

beforeAll(async () => {
  await withSynthesizedStack([], async (read) => {
    graph = read;
    twin = new Twin({ graph, seed: 1, system: OURS });
  });
  const { scheduler, faults, regions } = twin.world;
  const stack = await behindPort(twin, OURS);
  stack.start();
  startClients(stack, LOAD, OURS.workload(stack));
  let atSeconds = 30;
  for (const { name } of regions) {
    for (const [kind, durationSeconds, functionName] of FAULTS) {
      const fault = {
        kind,
        region: name,
        startSeconds: atSeconds,
        durationSeconds,
        ...(functionName ? { functionName } : {}),
      };
      await scheduler.runUntil(atSeconds * 1000);
      faults.start(fault);
      if (kind === 'replication-paused') {
        // Long enough for what was written meanwhile to be older than "in flight".
        await scheduler.runUntil((atSeconds + durationSeconds / 2) * 1000);
        validateFrom(name);
      }
      await scheduler.runUntil((atSeconds + durationSeconds) * 1000);
      faults.end(fault);
      atSeconds += durationSeconds + 30;
    }
    atSeconds += 180;
    await scheduler.runUntil(atSeconds * 1000);
  }
}, 300_000);

function validateFrom(region: string): void {
  const id = twin.world.regions.find(({ name }) => name === region)?.awsRegion ?? '';
  const arn = `arn:aws:lambda:${id}:${TWIN_ACCOUNT_ID}:function:${lambdaName('dr', 'data-consistency-validator')}:live`;
  void twin.lambda.invoke(arn, {}, 'operator');
}

it('uses every action that a role is granted', () => {
  const idle = twin.iam
    .grantedStatements()
    .flatMap(({ roleArn, actions, usedActions }) =>
      actions
        .filter((action) => !BY_LAMBDA_ITSELF.test(action) && !usedActions.includes(action))
        .map((action) => `${roleArn.split('/').pop()}: ${action}`),
    );
  expect(idle).toEqual([]);
  expect(twin.iam.usedPermissions().length).toBeGreaterThan(20);
});

it('emits every metric that an alarm watches', async () => {
  const { scheduler, regions } = twin.world;
  for (const { name, awsRegion } of regions) {
    await twin.dynamodb.put(awsRegion, { id: 'control', timestamp: `order#${name}#${name}`, number: '\u001b[31m1' });
  }
  await scheduler.runUntil(scheduler.now() + 30_000);
  const seen = twin.cloudwatch.seenMetrics();
  const watched = [...twin.cloudwatch.watchedMetrics()];
  expect(watched.filter(([key]) => !seen.has(key)).map(([key]) => key)).toEqual([SILENT]);
  expect(watched.length).toBeGreaterThan(20);
});

/** Widgets of one dashboard: `[namespace, name, dimension, value, ..., options]` a metric, in the widget's region. */
interface Dashboard {
  readonly widgets: readonly {
    readonly properties: { readonly region?: string; readonly metrics?: readonly (readonly unknown[])[] };
  }[];
}

it('emits every metric that a dashboard shows', () => {
  const seen = twin.cloudwatch.seenMetrics();
  const shown = graph
    .ofType('aws_cloudwatch_dashboard')
    .flatMap(({ values }) => (JSON.parse(String(values['dashboard_body'])) as Dashboard).widgets)
    .flatMap(({ properties: { region, metrics = [] } }) =>
      metrics
        .map((metric) => metric.filter((part) => typeof part === 'string'))
        .filter((metric) => metric.length >= 2)
        .map(([namespace, name, ...rest]) => {
          const pairs = rest.flatMap((key, at) => (at % 2 === 0 ? [`${key}=${rest[at + 1]}`] : []));
          return `${region} ${namespace} ${name} ${pairs.sort().join(',')}`;
        }),
    );
  expect(shown.filter((key) => !seen.has(key) && key !== SILENT)).toEqual([]);
  expect(new Set(shown).size).toBeGreaterThan(20);
});
