// An optional FIS experiment: pauses replication of the table in and out of its first region, on a person's order.
import { FisExperimentTemplate } from '@cdktf/provider-aws/lib/fis-experiment-template';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { checkedName } from './names';
import { policyJson, trustPolicyJson } from './policy';
import { MAIN_RESOURCE, type Place } from './region';

export interface FaultExperimentProps {
  readonly place: Place;
  readonly tableArn: string;
}

/** Replication may run on for the first five minutes (FIS actions reference): ten minutes of it are a pause for certain. */
const LENGTH = 'PT15M';

const POLICY_ACTIONS = ['Get', 'Put', 'Delete'].map((verb) => `dynamodb:${verb}ResourcePolicy`);

export class FaultExperiment extends Construct {
  constructor(scope: Construct, id: string, { place, tableArn }: FaultExperimentProps) {
    super(scope, id);
    const { provider, system } = place;
    const role = new IamRole(this, 'role', {
      provider,
      name: checkedName('role', `${system}-${place.name}-fault-injection`),
      assumeRolePolicy: trustPolicyJson('fis.amazonaws.com'),
    });
    new IamRolePolicy(this, 'policy', {
      provider,
      name: 'access',
      role: role.id,
      policy: policyJson([
        {
          sid: 'PauseReplication',
          actions: POLICY_ACTIONS,
          // FIS denies DynamoDB's replication in the policy of the table and of its stream.
          resources: [tableArn, `${tableArn}/stream/*`],
        },
        { sid: 'Describe', actions: ['dynamodb:DescribeTable'], resources: [tableArn] },
        // How FIS finds its targets; IAM has no narrower resource for it.
        { sid: 'Targets', actions: ['tag:GetResources'], resources: ['*'] },
      ]),
    });
    new FisExperimentTemplate(this, MAIN_RESOURCE, {
      provider,
      description: `Pauses replication in and out of ${place.name}`,
      roleArn: role.arn,
      stopCondition: [{ source: 'none' }],
      target: [
        {
          name: 'table',
          resourceType: 'aws:dynamodb:global-table',
          resourceArns: [tableArn],
          selectionMode: 'ALL',
        },
      ],
      action: [
        {
          name: 'pause',
          actionId: 'aws:dynamodb:global-table-pause-replication',
          parameter: [{ key: 'duration', value: LENGTH }],
          target: { key: 'Tables', value: 'table' },
        },
      ],
    });
  }
}
