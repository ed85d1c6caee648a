// A role that one AWS service takes on, and all that it may do.
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Lazy } from 'cdktf';
import type { Construct } from 'constructs';
import { checkedName } from './names';
import { policyJson, trustPolicyJson, type Statement } from './policy';

export interface ServiceRoleProps {
  readonly name: string;
  readonly service: string;
  /** On whose behalf the service may take the role on. @default anybody's of the account */
  readonly onBehalfOf?: Statement['conditions'];
  /** Read at synth: they may be added to until then. */
  readonly statements: readonly Statement[];
}

/** `id` begins the ids of its two resources. `ready`: the role may do what it must. */
export function serviceRole(scope: Construct, id: '' | `${string}_`, props: ServiceRoleProps) {
  const role = new IamRole(scope, `${id}role`, {
    name: checkedName('role', props.name),
    assumeRolePolicy: trustPolicyJson(props.service, props.onBehalfOf),
  });
  const ready = new IamRolePolicy(scope, `${id}policy`, {
    name: 'access',
    role: role.id,
    policy: Lazy.stringValue({ produce: () => policyJson(props.statements) }),
  });
  return { arn: role.arn, ready };
}
