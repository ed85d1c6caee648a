// A fault on AWS: what arms its end, what makes it, whether it is there, and what undoes it. Rebuilt from dr.config.ts, the region and the fault.
import { InputError } from '@dr/contracts';
import { networkFaultRoleName, gameDayRoleName, lambdaName, publicAclName } from '@dr/contracts/system';
import type { RegionConfig } from '@dr/contracts/system/config';
import { Unavailable } from '../operator';
import type { AwsChange, GameDayAws } from './ports';
import type { Timing } from './timing';
import type { GameDayFault, GameDayRecord } from './records';

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

/** What a record has to say of how it was before. Reads only. Throws InputError when the region lacks what the fault needs, or has it already. */
export async function lookBefore(
  aws: GameDayAws,
  system: string,
  { name, awsRegion }: RegionConfig,
  fault: GameDayFault,
): Promise<Pick<GameDayRecord, 'reserved'>> {
  if (fault === 'lambda-throttled') {
    const reserved = await reservedBefore(aws, lambdaName(system, 'traffic-router'), awsRegion);
    return reserved === null ? {} : { reserved };
  }
  const acl = await aws.networkAcl(publicAclName(system, name));
  if (!acl) {
    throw new InputError(
      `network ACL ${publicAclName(system, name)} in ${awsRegion}`,
      'does not exist in this account',
      'Set options.gameDay to true in dr.config.ts and apply, or use credentials for the account of the stack',
    );
  }
  if (fault === 'alb-dark' && acl.inboundRules.some(({ number }) => number === DENY_RULE)) {
    throw new InputError(
      `network ACL ${acl.id} in ${awsRegion}`,
      `has a rule ${DENY_RULE} already, which a game day would replace and then delete`,
      'Look at it, and apply the stack to remove it',
    );
  }
  return {};
}

async function reservedBefore(aws: GameDayAws, functionName: string, awsRegion: string): Promise<number | null> {
  const reserved = await aws.reservedConcurrency(functionName);
  if (reserved !== 0) return reserved;
  throw new InputError(
    `function ${functionName} in ${awsRegion}`,
    'has no concurrency already, so that nothing could be taken from it',
    'Apply the stack to give it back what it should have',
  );
}

/** The fault of a record, by whoever read it. What it touches is told by the names of this system, and by nothing that a record holds. */
export function faultOf(aws: GameDayAws, system: string, region: RegionConfig, record: GameDayRecord): Fault {
  if (record.fault === 'network') return experimented(aws, system, region, record);
  const changes = record.fault === 'lambda-throttled' ? throttled(aws, system, record) : closed(aws, system, region);
  const roleArn = roleArnOf(record, gameDayRoleName(system, region.name));
  return {
    arm: async ({ scheduleAtMs: atMs }) => {
      const change = await changes.undo();
      if (!change) throw new Unavailable(`${region.name} no longer has what its ${record.fault} is made of`);
      return aws.arm({ name: record.name, atMs, change, roleArn });
    },
    isArmed: async ({ scheduleAtMs }) => (await aws.armedAt(record.name)) === scheduleAtMs,
    make: async () => apply(aws, await changes.make()),
    isThere: changes.isThere,
    undo: async () => apply(aws, await changes.undo()),
    disarm: () => aws.disarm(record.name),
  };
}

const apply = async (aws: GameDayAws, change: AwsChange | undefined): Promise<unknown> => change && aws.change(change);

/** Two calls. A schedule makes the second one when nobody else does. */
interface Changes {
  /** undefined: what it would change is not there. */
  make(): Promise<AwsChange | undefined>;
  undo(): Promise<AwsChange | undefined>;
  isThere(): Promise<boolean>;
}

function throttled(aws: GameDayAws, system: string, { reserved }: GameDayRecord): Changes {
  const FunctionName = lambdaName(system, 'traffic-router');
  const put = (ReservedConcurrentExecutions: number): AwsChange => ({
    service: 'lambda',
    action: 'putFunctionConcurrency',
    input: { FunctionName, ReservedConcurrentExecutions },
  });
  const remove: AwsChange = { service: 'lambda', action: 'deleteFunctionConcurrency', input: { FunctionName } };
  return {
    make: async () => put(0),
    undo: async () => (reserved === undefined ? remove : put(reserved)),
    isThere: async () => (await aws.reservedConcurrency(FunctionName)) === 0,
  };
}

function closed(aws: GameDayAws, system: string, { name }: RegionConfig): Changes {
  const found = () => aws.networkAcl(publicAclName(system, name));
  const change = async (action: AwsChange['action'], more: AwsChange['input'] = {}): Promise<AwsChange | undefined> => {
    const acl = await found();
    const input = { NetworkAclId: acl?.id ?? '', RuleNumber: DENY_RULE, Egress: false, ...more };
    return acl && { service: 'ec2', action, input };
  };
  return {
    make: () => change('createNetworkAclEntry', { Protocol: '-1', RuleAction: 'deny', CidrBlock: ANYWHERE }),
    undo: () => change('deleteNetworkAclEntry'),
    // Another rule of that number is somebody's own.
    isThere: async () =>
      (await found())?.inboundRules.some(({ number, deniesAll }) => number === DENY_RULE && deniesAll) ?? false,
  };
}

const RUNNING = new Set(['pending', 'initiating', 'running', 'stopping']);

/** FIS ends it after the length that its template states: that is what arms it. */
function experimented(
  aws: GameDayAws,
  system: string,
  { name: region, awsRegion }: RegionConfig,
  record: GameDayRecord,
): Fault {
  const { name, account } = record;
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
