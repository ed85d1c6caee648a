// One region of AWS as a game day needs it: Lambda, EC2, EventBridge Scheduler and FIS.
import { InputError } from '@dr/contracts';
import type { AwsChange, GameDayAws, NetworkAcl, UndoSchedule } from '../operate/gameday/ports';
import { fis } from './fis';
import { orAbsent, service } from './sdk';

/** AWS's words for what is already as it should be. */
const ALREADY_SO = ['InvalidNetworkAclEntry.NotFound', 'NetworkAclEntryAlreadyExists'];
const NOT_THERE = ['ResourceNotFoundException'];
/** How long and how often EventBridge Scheduler tries the undo again: the most that it takes in an hour. */
const RETRY_POLICY = { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 185 } as const;

const lambda = service('lambda', async () => (await import('@aws-sdk/client-lambda')).Lambda);
const ec2 = service('ec2', async () => (await import('@aws-sdk/client-ec2')).EC2);
const scheduler = service('scheduler', async () => (await import('@aws-sdk/client-scheduler')).Scheduler);

export function gameDayAws(awsRegion: string): GameDayAws {
  const schedule = (name: string) => scheduler(awsRegion, `schedule ${name}`);
  return {
    ...fis(awsRegion),

    reservedConcurrency: async (FunctionName) => {
      const asked = lambda(awsRegion, `function ${FunctionName}`).getFunctionConcurrency({ FunctionName });
      return (await asked).ReservedConcurrentExecutions ?? null;
    },

    networkAcl: async (name) => {
      const Filters = [{ Name: 'tag:Name', Values: [name] }];
      const { NetworkAcls = [] } = await ec2(awsRegion, `network ACL ${name}`).describeNetworkAcls({ Filters });
      return oneAcl(name, awsRegion, NetworkAcls);
    },

    change: (change) => {
      const client = (change.service === 'lambda' ? lambda : ec2)(awsRegion, resourceOf(change));
      // The SDK's methods are called as the actions are.
      const actions = client as unknown as Readonly<Record<AwsChange['action'], (input: object) => Promise<unknown>>>;
      return orAbsent(ALREADY_SO, actions[change.action](change.input));
    },

    arm: async (undo) => {
      try {
        await schedule(undo.name).createSchedule(scheduleInput(undo));
      } catch (error) {
        throw refusedRole(error, undo.roleArn);
      }
    },

    armedAt: async (Name) => {
      const answer = await orAbsent(NOT_THERE, schedule(Name).getSchedule({ Name }));
      return answer?.State === 'ENABLED' ? timeIn(answer.ScheduleExpression) : undefined;
    },

    disarm: (Name) => orAbsent(NOT_THERE, schedule(Name).deleteSchedule({ Name })),
  };
}

interface AclAnswer {
  readonly NetworkAclId?: string | undefined;
  readonly Associations?: readonly { readonly SubnetId?: string | undefined }[] | undefined;
  readonly Entries?: readonly AclEntry[] | undefined;
}

interface AclEntry {
  readonly Egress?: boolean | undefined;
  readonly RuleNumber?: number | undefined;
  readonly RuleAction?: string | undefined;
  readonly Protocol?: string | undefined;
  readonly CidrBlock?: string | undefined;
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
    inboundRules: (acl.Entries ?? [])
      .filter(({ Egress }) => !Egress)
      .map((rule) => ({ number: rule.RuleNumber ?? 0, deniesAll: deniesAll(rule) })),
  };
}

const deniesAll = ({ RuleAction, Protocol, CidrBlock }: AclEntry): boolean =>
  RuleAction === 'deny' && Protocol === '-1' && CidrBlock === '0.0.0.0/0';

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

const resourceOf = ({ input }: AwsChange): string =>
  input['FunctionName'] === undefined ? `network ACL ${input['NetworkAclId']}` : `function ${input['FunctionName']}`;
