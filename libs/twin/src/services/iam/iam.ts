// IAM (FN-05): every AWS call is decided by the caller role's policies as synthesized, and by resource policies.
import { InputError } from '@dr/contracts';
import { TWIN_ACCOUNT_ID, type Graph, type Resource } from '@dr/terraform-json';
import { entryOf } from '../../kernel/entry-of';
import type { World } from '../../world';
import type { Authorize, Caller } from '../ports';
import { requestContext } from './context';
import { allowedBy, readPolicy, statementNames, type PolicyStatement } from './policy';

const WRITE_LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
/** What AWS's managed policies of these names allow, as far as functions need it. */
const MANAGED_POLICIES: Readonly<Record<string, readonly string[]>> = {
  AWSLambdaBasicExecutionRole: WRITE_LOGS,
  AWSLambdaVPCAccessExecutionRole: [
    ...WRITE_LOGS,
    ...['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface'],
    ...['ec2:DescribeSubnets', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
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
  /** Actions that this statement has allowed to some call. */
  readonly usedActions: readonly string[];
}

interface RolePolicies {
  readonly statements: readonly PolicyStatement[];
  readonly used: Map<PolicyStatement, Set<string>>;
}

export class Iam implements Authorize {
  static readonly reads = ['aws_iam_policy', 'aws_iam_role', 'aws_iam_role_policy', 'aws_iam_role_policy_attachment'];
  private readonly roles = new Map<string, RolePolicies>();
  private readonly decisions = new Map<string, boolean>();
  private readonly used = new Map<string, UsedPermission>();
  private readonly resourcePolicies = new Map<string, readonly PolicyStatement[]>();

  /** Throws InputError for a policy that the evaluator cannot decide. */
  constructor(
    private readonly world: World,
    graph: Graph,
    /** ARNs of the roles that somebody uses. @default every one of the stack */
    used?: ReadonlySet<string>,
  ) {
    for (const role of graph.ofType('aws_iam_role')) {
      if (used && !used.has(String(graph.attribute(role, 'arn')))) continue;
      const statements = roleStatements(graph, role);
      this.roles.set(String(graph.attribute(role, 'arn')), { statements, used: new Map() });
    }
  }

  allows(caller: Caller, action: string, resource: string): boolean {
    if (caller.from) return true;
    const key = `${caller.roleArn} ${caller.awsRegion} ${action} ${resource}`;
    const allowed = entryOf(this.decisions, key, () => this.decide(caller, action, resource));
    if (!allowed) this.world.events.denied(caller.awsRegion, nameOf(caller.roleArn), action, resource);
    return allowed;
  }

  resourcePolicyAllows(policy: unknown, request: Parameters<Authorize['resourcePolicyAllows']>[1]): boolean {
    const { principal, action, resource, context } = request;
    const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
    const statements = entryOf(this.resourcePolicies, text, () => readPolicy(text, resource));
    const named = statements.filter((statement) => statementNames(statement, principal, TWIN_ACCOUNT_ID));
    const given = requestContext({ principal, accountId: TWIN_ACCOUNT_ID, resource }, context);
    return allowedBy(named, { action, resource, context: given }) !== undefined;
  }

  /** Each allowed (role, action, resource), in the order of first use. */
  usedPermissions(): readonly UsedPermission[] {
    return [...this.used.values()];
  }

  /** Every statement of a role that allows something, with the actions of it that were used. */
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

  private decide({ roleArn, awsRegion }: Caller, action: string, resource: string): boolean {
    const role = this.roles.get(roleArn);
    const context = requestContext({ principal: { roleArn }, accountId: TWIN_ACCOUNT_ID, resource, awsRegion });
    const statement = role && allowedBy(role.statements, { action, resource, context });
    if (!statement) return false;
    entryOf(role.used, statement, () => new Set()).add(action);
    this.used.set(`${roleArn} ${action} ${resource}`, { roleArn, action, resource });
    return true;
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
