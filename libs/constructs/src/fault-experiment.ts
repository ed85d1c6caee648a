// An optional FIS experiment: pauses replication of the table in and out of its first region, on a person's order.
import { FisExperimentTemplate } from '@cdktf/provider-aws/lib/fis-experiment-template';
import type { Construct } from 'constructs';
import { MAIN_RESOURCE, Placed, type PlacedProps } from './region';
import { serviceRole } from './service-role';

/** Replication may run on for the first five minutes (FIS actions reference): ten minutes of it are a pause for certain. */
const LENGTH = 'PT15M';

const POLICY_ACTIONS = ['Get', 'Put', 'Delete'].map((verb) => `dynamodb:${verb}ResourcePolicy`);

export class FaultExperiment extends Placed {
  constructor(scope: Construct, id: string, { place, tableArn }: PlacedProps & { readonly tableArn: string }) {
    super(scope, id, place);
    const role = serviceRole(this, '', {
      name: `${place.system}-${place.name}-fault-injection`,
      service: 'fis.amazonaws.com',
      statements: [
        {
          sid: 'PauseReplication',
          actions: POLICY_ACTIONS,
          // FIS denies DynamoDB's replication in the policy of the table and of its stream.
          resources: [tableArn, `${tableArn}/stream/*`],
        },
        { sid: 'Describe', actions: ['dynamodb:DescribeTable'], resources: [tableArn] },
        // How FIS finds its targets; IAM has no narrower resource for it.
        { sid: 'Targets', actions: ['tag:GetResources'], resources: ['*'] },
      ],
    });
    new FisExperimentTemplate(this, MAIN_RESOURCE, {
      description: `Pauses replication in and out of ${place.name}`,
      roleArn: role.arn,
      stopCondition: [{ source: 'none' }],
      target: [
        { name: 'table', resourceType: 'aws:dynamodb:global-table', resourceArns: [tableArn], selectionMode: 'ALL' },
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
