// What a game day needs in a region: a network ACL around the load balancer, and the roles that end a fault by themselves.
import { NetworkAcl } from '@cdktf/provider-aws/lib/network-acl';
import { gameDayRoleName, networkFaultRoleName, publicAclName } from '@dr/contracts/system';
import type { Construct } from 'constructs';
import type { RegionFunction } from './function';
import { ANYWHERE, type Network } from './network';
import type { Statement } from './policy';
import { Placed, type Place, type PlacedProps } from './region';
import { serviceRole } from './service-role';

export interface GameDayProps extends PlacedProps {
  readonly network: Network;
  /** The function that `lambda-throttled` takes away. */
  readonly router: RegionFunction;
}

/** As the VPC's own ACL has it; a game day's rule comes before it. */
const ALLOW_ALL = {
  ruleNo: 100,
  protocol: '-1',
  action: 'allow',
  cidrBlock: ANYWHERE,
  fromPort: 0,
  toPort: 0,
} as const;

/** A tag of AWS's: FIS marks with it what it makes, and its role may touch nothing else. */
const MADE_BY_FIS = { 'aws:RequestTag/managedByFIS': 'true' } as const;

export class GameDay extends Placed {
  constructor(scope: Construct, id: string, { place, network, router }: GameDayProps) {
    super(scope, id, place);
    const { system, name, awsRegion, accountId } = place;
    const onBehalfOf = (source: string): Statement['conditions'] => ({
      StringEquals: { 'aws:SourceAccount': accountId },
      ArnLike: { 'aws:SourceArn': source },
    });
    // Its rules are stated here, so that a plan shows one that a game day left behind, and an apply removes it.
    const acl = new NetworkAcl(this, 'public_acl', {
      vpcId: network.vpcId,
      subnetIds: [...network.publicSubnetIds],
      ingress: [ALLOW_ALL],
      egress: [ALLOW_ALL],
      tags: { Name: publicAclName(system, name) },
    });
    serviceRole(this, 'undo_', {
      name: gameDayRoleName(system, name),
      service: 'scheduler.amazonaws.com',
      // A schedule group and nothing narrower may be named (EventBridge Scheduler guide, "Confused deputy prevention").
      onBehalfOf: onBehalfOf(`arn:aws:scheduler:${awsRegion}:${accountId}:schedule-group/default`),
      statements: [
        {
          sid: 'RestoreConcurrency',
          actions: ['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
          resources: [router.arn],
        },
        { sid: 'OpenSubnets', actions: ['ec2:DeleteNetworkAclEntry'], resources: [acl.arn] },
      ],
    });
    serviceRole(this, 'network_fault_', {
      name: networkFaultRoleName(system, name),
      service: 'fis.amazonaws.com',
      onBehalfOf: onBehalfOf(`arn:aws:fis:${awsRegion}:${accountId}:experiment/*`),
      statements: disruptSubnets(place, network),
    });
  }
}

/** What aws:network:disrupt-connectivity needs: it swaps the ACL for a closed clone (AWSFaultInjectionSimulatorNetworkAccess). */
function disruptSubnets({ awsRegion, accountId }: Place, network: Network): Statement[] {
  const ec2 = (resource: string): string => `arn:aws:ec2:${awsRegion}:${accountId}:${resource}`;
  const acls = ec2('network-acl/*');
  const vpc = ec2(`vpc/${network.vpcId}`);
  return [
    {
      sid: 'TagClone',
      actions: ['ec2:CreateTags'],
      resources: [acls],
      conditions: { StringEquals: { 'ec2:CreateAction': 'CreateNetworkAcl', ...MADE_BY_FIS } },
    },
    { sid: 'Clone', actions: ['ec2:CreateNetworkAcl'], resources: [acls], conditions: { StringEquals: MADE_BY_FIS } },
    { sid: 'CloneInVpc', actions: ['ec2:CreateNetworkAcl'], resources: [vpc] },
    {
      sid: 'CloseAndRemoveClone',
      actions: ['ec2:CreateNetworkAclEntry', 'ec2:DeleteNetworkAcl'],
      resources: [acls, vpc],
      conditions: { StringEquals: { 'ec2:ResourceTag/managedByFIS': 'true' } },
    },
    {
      sid: 'Swap',
      actions: ['ec2:ReplaceNetworkAclAssociation'],
      resources: [acls, ...network.publicSubnetIds.map((id) => ec2(`subnet/${id}`))],
    },
    {
      sid: 'Look',
      actions: ['ec2:DescribeVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeNetworkAcls', 'ec2:DescribeManagedPrefixLists'],
      resources: ['*'],
    },
    { sid: 'ReadPrefixLists', actions: ['ec2:GetManagedPrefixListEntries'], resources: [ec2('prefix-list/*')] },
  ];
}
