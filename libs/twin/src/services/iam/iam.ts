// IAM (FN-05): every AWS call is decided by the caller role's policies as synthesized, and by resource policies.
import { InputError } from '@dr/contracts';
import type { Graph, Resource } from '@dr/terraform-json';
import type { World } from '../../world';
import {
  allowedBy,
  readPolicy,
  statementNames,
  type GivenPrincipal,
  type PolicyRequest,
  type PolicyStatement,
} from './policy';
import type { Authorize, Caller } from '../ports';

/** The person at the command line, whose own permissions are not part of the stack. */
export const OPERATOR_ROLE_ARN = 'arn:aws:iam::123456789012:role/operator';

/** What AWS's managed policies of that name allow, as far as functions use it. */
const MANAGED_POLICIES: Readonly<Record<string, readonly string[]>> = {
  AWSLambdaBasicExecutionRole: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  AWSLambdaVPCAccessExecutionRole: [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
  AWSXRayDaemonWriteAccess: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules'],
};

export interface UsedPermission {
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
}

export interface GrantedStatement {
  readonly roleArn: string;
  readonly sid: string | undefined;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Actions that some call was allowed by this statement. */
  readonly usedActions: readonly string[];
}

interface RolePolicies {
  readonly statements: readonly PolicyStatement[];
  readonly used: Map<PolicyStatement, Set<string>>;
}

export class Iam implements Authorize {
  private readonly roles = new Map<string, RolePolicies>();
  private readonly decisions = new Map<string, boolean>();
  private readonly used = new Map<string, UsedPermission>();
  private readonly resourcePolicies = new Map<string, readonly PolicyStatement[]>();

  /** Throws InputError on a policy that cannot be decided here. */
  constructor(
    private readonly world: World,
    graph: Graph,
  ) {
    for (const role of graph.ofType('aws_iam_role')) {
      const statements = roleStatements(graph, role);
      this.roles.set(String(graph.attribute(role, 'arn')), { statements, used: new Map() });
    }
  }

  allows(caller: Caller, action: string, resource: string, context: Readonly<Record<string, string>> = {}): boolean {
    if (caller.roleArn === OPERATOR_ROLE_ARN) return true;
    const key = `${caller.roleArn} ${caller.awsRegion} ${action} ${resource} ${JSON.stringify(context)}`;
    let allowed = this.decisions.get(key);
    if (allowed === undefined) {
      allowed = this.decide(caller, action, resource, context);
      this.decisions.set(key, allowed);
    }
    if (!allowed) {
      const region = caller.awsRegion;
      this.world.events.record({ kind: 'denied', region, role: nameOf(caller.roleArn), action, resource });
    }
    return allowed;
  }

  resourcePolicyAllows(
    policy: unknown,
    request: {
      readonly principal: GivenPrincipal;
      readonly action: string;
      readonly resource: string;
      readonly context?: Readonly<Record<string, string>>;
    },
  ): boolean {
    const { principal, action, resource, context } = request;
    const statements = this.readOnce(policy, resource).filter((statement) =>
      statementNames(statement, principal, this.world.accountId),
    );
    return allowedBy(statements, { action, resource, context: this.fullContext(context) }) !== undefined;
  }

  /** Each allowed (role, action, resource), in the order of first use. */
  usedPermissions(): readonly UsedPermission[] {
    return [...this.used.values()];
  }

  /** Every allowing statement of every role, with what was used of it. */
  grantedStatements(): readonly GrantedStatement[] {
    return [...this.roles].flatMap(([roleArn, { statements, used }]) =>
      statements
        .filter(({ effect }) => effect === 'Allow')
        .map((statement) => ({
          roleArn,
          sid: statement.sid,
          actions: statement.actions,
          resources: statement.resources ?? ['*'],
          usedActions: [...(used.get(statement) ?? [])],
        })),
    );
  }

  private decide(caller: Caller, action: string, resource: string, context: Readonly<Record<string, string>>): boolean {
    const role = this.roles.get(caller.roleArn);
    if (!role) return false;
    const given = { ...context, 'aws:PrincipalArn': caller.roleArn, 'aws:RequestedRegion': caller.awsRegion };
    const request: PolicyRequest = { action, resource, context: this.fullContext(given) };
    const statement = allowedBy(role.statements, request);
    if (!statement) return false;
    const actions = role.used.get(statement) ?? new Set();
    role.used.set(statement, actions.add(action));
    this.used.set(`${caller.roleArn} ${action} ${resource}`, { roleArn: caller.roleArn, action, resource });
    return true;
  }

  /** Keys that are true of every call in the twin, unless the call says otherwise. */
  private fullContext(context: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
    const { accountId } = this.world;
    const all = {
      'aws:SecureTransport': 'true',
      'aws:SourceAccount': accountId,
      'aws:PrincipalAccount': accountId,
      ...context,
    };
    return new Map(Object.entries(all).map(([key, value]) => [key.toLowerCase(), value]));
  }

  private readOnce(policy: unknown, where: string): readonly PolicyStatement[] {
    const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
    let statements = this.resourcePolicies.get(text);
    if (!statements) this.resourcePolicies.set(text, (statements = readPolicy(text, where)));
    return statements;
  }
}

function roleStatements(graph: Graph, role: Resource): PolicyStatement[] {
  const ids = [graph.attribute(role, 'name'), graph.attribute(role, 'id'), graph.attribute(role, 'arn')];
  const ofRole = (type: string): Resource[] => graph.ofType(type).filter(({ values }) => ids.includes(values['role']));
  const inline = ofRole('aws_iam_role_policy').map((one) => ({ document: one.values['policy'], where: one.address }));
  const blocks = ((role.values['inline_policy'] ?? []) as readonly Record<string, unknown>[]).map((one) => ({
    document: one['policy'],
    where: role.address,
  }));
  const attachedArns = [
    ...ofRole('aws_iam_role_policy_attachment').map(({ values }) => String(values['policy_arn'])),
    ...((role.values['managed_policy_arns'] ?? []) as readonly unknown[]).map(String),
  ];
  const attached = attachedArns.map((arn) => ({ document: attachedDocument(graph, arn), where: arn }));
  return [...inline, ...blocks, ...attached].flatMap(({ document, where }) => readPolicy(document, where));
}

function attachedDocument(graph: Graph, arn: string): unknown {
  const own = graph.find('aws_iam_policy', 'arn', arn);
  if (own) return own.values['policy'];
  const actions = MANAGED_POLICIES[nameOf(arn)];
  if (actions) return { Statement: [{ Sid: nameOf(arn), Effect: 'Allow', Action: actions, Resource: '*' }] };
  const known = Object.keys(MANAGED_POLICIES).join(', ');
  throw new InputError(
    `policy ${arn}`,
    'the twin does not know what it allows',
    `Write the statements out, or use one of ${known}`,
  );
}

const nameOf = (arn: string): string => arn.split('/').at(-1) ?? arn;
