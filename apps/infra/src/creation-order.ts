// What has to exist before what, where no reference between resources says so: Terraform creates everything else at once.
import { TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';

interface Rule {
  /** Matches Terraform addresses. */
  readonly first: RegExp;
  readonly then: RegExp;
  readonly because: string;
}

const REGIONAL_NAME = /^aws_route53_record\..*_dns_regional_name$/;
const SCHEDULE_TARGET = /^aws_cloudwatch_event_target\..*_schedule_target$/;
const HEALTH_CHECK = /^aws_route53_health_check\./;

export const CREATION_ORDER: readonly Rule[] = [
  {
    first: REGIONAL_NAME,
    then: SCHEDULE_TARGET,
    because:
      'a region that runs asks its peers by name, and resolvers keep a name that does not exist yet for 15 minutes',
  },
  {
    first: /^aws_(lb_listener|lb_listener_rule|lb_target_group_attachment|vpc_security_group_ingress_rule)\./,
    then: HEALTH_CHECK,
    because: 'a check of a load balancer that does not answer yet finds its region lost',
  },
  { first: REGIONAL_NAME, then: HEALTH_CHECK, because: 'a check of a name that does not exist yet fails' },
  {
    first: SCHEDULE_TARGET,
    then: HEALTH_CHECK,
    because: 'a region that has not beaten yet waits a beat longer before it serves its first probe',
  },
  {
    first: HEALTH_CHECK,
    then: /^aws_cloudwatch_metric_alarm\./,
    because: 'an alarm that is older than what it watches begins with an incident',
  },
];

/** Adds the dependencies of {@link CREATION_ORDER} to every resource below `stack`. Call it when all of them are there. */
export function orderCreation(stack: IConstruct): void {
  const resources = stack.node
    .findAll()
    .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node));
  const addressed = resources.map((resource) => ({
    resource,
    address: `${resource.terraformResourceType}.${resource.friendlyUniqueId}`,
  }));
  for (const { first, then } of CREATION_ORDER) {
    const before = addressed.filter(({ address }) => first.test(address)).map(({ address }) => address);
    for (const { resource, address } of addressed) {
      if (then.test(address)) resource.dependsOn = [...new Set([...(resource.dependsOn ?? []), ...before])];
    }
  }
}
