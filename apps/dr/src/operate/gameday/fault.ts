// A fault on AWS: what arms its end, what makes it, whether it is there, and what undoes it. Rebuilt from its record alone.
import { InputError } from '@dr/contracts';
import { networkFaultRoleName, gameDayRoleName, lambdaName, publicAclName } from '@dr/contracts/system';
import type { RegionConfig } from '@dr/contracts/system/config';
import { Unavailable } from '../operator';
import type { GameDayAws } from './ports';
import type { Timing } from './timing';
import type { AwsChange, FaultPlan, GameDayFault, GameDayRecord } from './records';

export interface Fault {
  /** After this something in AWS ends the fault, whatever becomes of us. */
  arm(timing: Timing): Promise<unknown>;
  /** Read back from AWS. */
  isArmed(timing: Timing): Promise<boolean>;
  make(): Promise<unknown>;
  isThere(): Promise<boolean>;
  undo(): Promise<unknown>;
  disarm(): Promise<unknown>;
}

/** Our allow-all rule has number 100; the lowest number is read first. */
const DENY_RULE = 1;
const ANYWHERE = '0.0.0.0/0';

/** What will be done, and what undoes it. Reads only. Throws InputError when the region lacks what the fault needs, or has it already. */
export async function planFault(
  aws: GameDayAws,
  system: string,
  region: RegionConfig,
  fault: GameDayFault,
): Promise<FaultPlan> {
  if (fault === 'lambda-throttled') return throttling(aws, system, region);
  const acl = await aws.networkAcl(publicAclName(system, region.name));
  if (!acl) {
    throw new InputError(
      `network ACL ${publicAclName(system, region.name)} in ${region.awsRegion}`,
      'does not exist in this account',
      'Set options.gameDay to true in dr.config.ts and apply, or use credentials for the account of the stack',
    );
  }
  if (fault === 'network') return { by: 'experiment' };
  if (acl.inboundRules.includes(DENY_RULE)) {
    throw new InputError(
      `network ACL ${acl.id} in ${region.awsRegion}`,
      `has a rule ${DENY_RULE} already, which a game day would replace and then delete`,
      'Look at it, and apply the stack to remove it',
    );
  }
  const entry = { NetworkAclId: acl.id, RuleNumber: DENY_RULE, Egress: false };
  const all = { Protocol: '-1', RuleAction: 'deny', CidrBlock: ANYWHERE };
  return {
    by: 'change',
    make: { service: 'ec2', action: 'createNetworkAclEntry', input: { ...entry, ...all } },
    undo: { service: 'ec2', action: 'deleteNetworkAclEntry', input: entry },
  };
}

async function throttling(aws: GameDayAws, system: string, { awsRegion }: RegionConfig): Promise<FaultPlan> {
  const FunctionName = lambdaName(system, 'traffic-router');
  const reserved = await aws.reservedConcurrency(FunctionName);
  if (reserved === 0) {
    throw new InputError(
      `function ${FunctionName} in ${awsRegion}`,
      'has no concurrency already, so that nothing could be taken from it',
      'Apply the stack to give it back what it should have',
    );
  }
  const put = (ReservedConcurrentExecutions: number): AwsChange => ({
    service: 'lambda',
    action: 'putFunctionConcurrency',
    input: { FunctionName, ReservedConcurrentExecutions },
  });
  const remove: AwsChange = { service: 'lambda', action: 'deleteFunctionConcurrency', input: { FunctionName } };
  return { by: 'change', make: put(0), undo: reserved === null ? remove : put(reserved) };
}

/** The fault of a record, by whoever read it. */
export function faultOf(aws: GameDayAws, system: string, record: GameDayRecord): Fault {
  const { plan } = record;
  return plan.by === 'change' ? changed(aws, system, record, plan) : experimented(aws, system, record);
}

type Changes = Extract<FaultPlan, { by: 'change' }>;

function changed(aws: GameDayAws, system: string, record: GameDayRecord, { make, undo }: Changes): Fault {
  const roleArn = roleArnOf(record, gameDayRoleName(system, record.region));
  return {
    arm: ({ scheduleAtMs }) => aws.arm({ name: record.name, atMs: scheduleAtMs, change: undo, roleArn }),
    isArmed: async ({ scheduleAtMs }) => (await aws.armedAt(record.name)) === scheduleAtMs,
    make: () => aws.change(make),
    isThere: async () => {
      if (make.service === 'lambda') return (await aws.reservedConcurrency(String(make.input['FunctionName']))) === 0;
      const acl = await aws.networkAcl(publicAclName(system, record.region));
      return acl?.inboundRules.includes(DENY_RULE) ?? false;
    },
    undo: () => aws.change(undo),
    disarm: () => aws.disarm(record.name),
  };
}

const RUNNING = new Set(['pending', 'initiating', 'running', 'stopping']);

/** FIS ends it after the length that its template states: that is what arms it. */
function experimented(aws: GameDayAws, system: string, record: GameDayRecord): Fault {
  const { name, region, awsRegion, account } = record;
  const found = () => aws.experiment(name);
  const running = async () => ((await found())?.runs ?? []).filter(({ status }) => RUNNING.has(status));
  const secondsOf = ({ faultAtMs, endsAtMs }: Timing): number => Math.round((endsAtMs - faultAtMs) / 1000);
  return {
    arm: async (timing) => {
      const acl = await aws.networkAcl(publicAclName(system, region));
      return aws.makeExperiment({
        name,
        roleArn: roleArnOf(record, networkFaultRoleName(system, region)),
        subnetArns: (acl?.subnetIds ?? []).map((id) => `arn:aws:ec2:${awsRegion}:${account}:subnet/${id}`),
        seconds: secondsOf(timing),
      });
    },
    isArmed: async (timing) => (await found())?.seconds === secondsOf(timing),
    make: async () => {
      const experiment = await found();
      if (!experiment) throw new Unavailable(`FIS in ${awsRegion} does not find the experiment ${name} again`);
      return aws.startExperiment(experiment.templateId);
    },
    isThere: async () => (await running()).length > 0,
    undo: async () => {
      for (const { id, status } of await running()) if (status !== 'stopping') await aws.stopExperiment(id);
    },
    disarm: async () => {
      const experiment = await found();
      return experiment && aws.removeExperiment(experiment.templateId);
    },
  };
}

const roleArnOf = ({ account }: GameDayRecord, role: string): string => `arn:aws:iam::${account}:role/${role}`;
