// Roles that AWS services act by, which exist once an account. AWS makes them at first use.
import type { Graph } from '@dr/terraform-json';
import { judgedRow, ok, warn, type Row } from './row';
import type { Fact } from '../fact';

export interface ServiceRole {
  readonly name: string;
  readonly service: string;
  readonly usedBy: string;
}

/** Sources: AWS on service-linked roles of Elastic Load Balancing, of DynamoDB global tables and of FIS. */
const ROLES: readonly (ServiceRole & { readonly needed: (graph: Graph) => boolean })[] = [
  {
    name: 'AWSServiceRoleForElasticLoadBalancing',
    service: 'elasticloadbalancing.amazonaws.com',
    usedBy: 'the first load balancer',
    needed: (graph) => graph.ofType('aws_lb').length > 0,
  },
  {
    name: 'AWSServiceRoleForDynamoDBReplication',
    service: 'replication.dynamodb.amazonaws.com',
    usedBy: 'the first global table',
    needed: (graph) =>
      graph.ofType('aws_dynamodb_table_replica').length > 0 ||
      graph.ofType('aws_dynamodb_table').some(({ values }) => 'replica' in values),
  },
  {
    name: 'AWSServiceRoleForFIS',
    service: 'fis.amazonaws.com',
    usedBy: 'the first FIS experiment',
    needed: (graph) => graph.ofType('aws_fis_experiment_template').length > 0,
  },
];

export const serviceRolesOf = (graph: Graph): ServiceRole[] => ROLES.filter(({ needed }) => needed(graph));

export const serviceRoleRow = ({ name, service, usedBy }: ServiceRole, exists: Fact<boolean>): Row =>
  judgedRow('service-linked role', null, exists, (there) =>
    there
      ? ok(name)
      : warn(
          `${name} does not exist yet`,
          `Nothing, if whoever applies may do iam:CreateServiceLinkedRole: AWS makes it with ${usedBy}. Else have an ` +
            `administrator run: aws iam create-service-linked-role --aws-service-name ${service}`,
        ),
  );
