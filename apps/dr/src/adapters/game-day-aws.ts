// One region of AWS as a game day needs it: Lambda, EC2, EventBridge Scheduler and FIS.
import { InputError } from '@dr/contracts';
import type { GameDayAws, NetworkAcl, UndoSchedule } from '../gameday/ports';
import type { AwsCall } from './aws-errors';
import { fis } from './fis';
import { orAbsent, saying, service } from './sdk';
import { ec2, lambda } from './services';
import type { AwsChange } from '../gameday/records';

/** AWS's words for what is already as it should be. */
const ALREADY_SO = new Set(['InvalidNetworkAclEntry.NotFound', 'NetworkAclEntryAlreadyExists']);
const NOT_THERE = ['ResourceNotFoundException'];
/** How long and how often EventBridge Scheduler tries the undo again: the most that it takes in an hour. */
const RETRY_POLICY = { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 185 } as const;

const scheduler = service(
  () => import('@aws-sdk/client-scheduler'),
  (sdk, options) => new sdk.SchedulerClient(options),
);

export function gameDayAws(awsRegion: string): GameDayAws {
  const call = (action: string, resource: string): AwsCall => ({ action, resource, awsRegion });
  return {
    ...fis(awsRegion),

    reservedConcurrency: (name) =>
      saying(call('lambda:GetFunctionConcurrency', `function ${name}`), async () => {
        const { sdk, client } = await lambda(awsRegion);
        const answer = await client.send(new sdk.GetFunctionConcurrencyCommand({ FunctionName: name }));
        return answer.ReservedConcurrentExecutions ?? null;
      }),

    networkAcl: (name) =>
      saying(call('ec2:DescribeNetworkAcls', `network ACL ${name}`), async () => {
        const { sdk, client } = await ec2(awsRegion);
        const { NetworkAcls } = await client.send(
          new sdk.DescribeNetworkAclsCommand({ Filters: [{ Name: 'tag:Name', Values: [name] }] }),
        );
        return oneAcl(name, awsRegion, NetworkAcls ?? []);
      }),

    change: (change) =>
      saying(call(`${change.service}:${pascal(change.action)}`, resourceOf(change)), async () => {
        try {
          const { sdk, client } = change.service === 'lambda' ? await lambda(awsRegion) : await ec2(awsRegion);
          const commands = sdk as unknown as Readonly<Record<string, new (input: unknown) => never>>;
          const Command = commands[`${pascal(change.action)}Command`];
          if (!Command) throw new Error(`the SDK knows no ${change.service}:${change.action}`);
          await (client as { send(command: never): Promise<unknown> }).send(new Command(change.input));
        } catch (error) {
          if (!ALREADY_SO.has((error as Error).name)) throw error;
        }
      }),

    arm: (schedule) =>
      saying(call('scheduler:CreateSchedule', `schedule ${schedule.name}`), async () => {
        const { sdk, client } = await scheduler(awsRegion);
        try {
          await client.send(new sdk.CreateScheduleCommand(scheduleInput(schedule)));
        } catch (error) {
          throw refusedRole(error, schedule.roleArn);
        }
      }),

    armedAt: (name) =>
      saying(call('scheduler:GetSchedule', `schedule ${name}`), async () => {
        const { sdk, client } = await scheduler(awsRegion);
        const answer = await orAbsent(NOT_THERE, () => client.send(new sdk.GetScheduleCommand({ Name: name })));
        return answer?.State === 'ENABLED' ? timeIn(answer.ScheduleExpression) : undefined;
      }),

    disarm: (name) =>
      saying(call('scheduler:DeleteSchedule', `schedule ${name}`), async () => {
        const { sdk, client } = await scheduler(awsRegion);
        await orAbsent(NOT_THERE, () => client.send(new sdk.DeleteScheduleCommand({ Name: name })));
      }),
  };
}

interface AclAnswer {
  readonly NetworkAclId?: string | undefined;
  readonly Associations?: readonly { readonly SubnetId?: string | undefined }[] | undefined;
  readonly Entries?:
    readonly { readonly Egress?: boolean | undefined; readonly RuleNumber?: number | undefined }[] | undefined;
}

function oneAcl(name: string, awsRegion: string, found: readonly AclAnswer[]): NetworkAcl | undefined {
  if (found.length > 1) {
    throw new InputError(
      `network ACL ${name} in ${awsRegion}`,
      `is there ${found.length} times (${found.map((acl) => acl.NetworkAclId).join(', ')})`,
      'Give the Name tag to one of them only',
    );
  }
  const [acl] = found;
  if (!acl?.NetworkAclId) return undefined;
  return {
    id: acl.NetworkAclId,
    subnetIds: (acl.Associations ?? []).flatMap(({ SubnetId }) => (SubnetId ? [SubnetId] : [])),
    inboundRules: (acl.Entries ?? []).filter(({ Egress }) => !Egress).flatMap(({ RuleNumber }) => RuleNumber ?? []),
  };
}

/** At a whole minute, once, then gone; no flexible window. The call that it makes is a universal target. */
const scheduleInput = ({ name, atMs, change, roleArn }: UndoSchedule) => ({
  Name: name,
  Description: 'Undoes the fault of a game day',
  ScheduleExpression: `at(${new Date(atMs).toISOString().slice(0, 19)})`,
  ScheduleExpressionTimezone: 'UTC',
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  ActionAfterCompletion: 'DELETE' as const,
  State: 'ENABLED' as const,
  Target: {
    Arn: `arn:aws:scheduler:::aws-sdk:${change.service}:${change.action}`,
    RoleArn: roleArn,
    Input: JSON.stringify(change.input),
    RetryPolicy: RETRY_POLICY,
  },
});

const timeIn = (expression = ''): number | undefined => {
  const [, at] = /^at\((.+)\)$/.exec(expression) ?? [];
  return at === undefined ? undefined : Date.parse(`${at}Z`);
};

/** Scheduler looks at once whether it may take the role on. */
function refusedRole(error: unknown, roleArn: string): unknown {
  const { name, message } = error as Error;
  if (name !== 'ValidationException') return error;
  return new InputError(
    `role ${roleArn}`,
    `is not taken by EventBridge Scheduler (${message.replace(/[.\s]+$/, '')})`,
    'Set options.gameDay to true in dr.config.ts and apply the stack',
    { cause: error },
  );
}

const pascal = (action: string): string => action.charAt(0).toUpperCase() + action.slice(1);

const resourceOf = ({ input }: AwsChange): string =>
  input['FunctionName'] === undefined ? `network ACL ${input['NetworkAclId']}` : `function ${input['FunctionName']}`;
