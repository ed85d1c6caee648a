// One Lambda function of one region: code, version behind the alias `live`, log group, and a role of its own.
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { ENV, lambdaName, LIVE_ALIAS, type FunctionName } from '@dr/contracts/system';
import { dependable, Lazy, type ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters';
import { checkedName } from './names';
import type { PrivateSubnets } from './private-subnets';
import type { Statement } from './policy';
import { MAIN_RESOURCE, Placed, type PlacedProps } from './region';
import { serviceRole } from './service-role';

/** The zip that Terraform uploads: its path beside the JSON, and the base64 SHA-256 of it. */
export interface FunctionCode {
  readonly path: string;
  readonly hash: string;
}

export interface RegionFunctionProps extends PlacedProps {
  readonly functionName: FunctionName;
  readonly code: FunctionCode;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Encrypts the log group. */
  readonly logKeyArn: string;
  readonly logRetentionDays: number;
  /** The commit that is released, as a token. */
  readonly commit: string;
  /** Subnets and security group of the functions. @default outside of any VPC */
  readonly privateSubnets?: PrivateSubnets | undefined;
  /** @default unreserved: taken from the account's pool */
  readonly reservedConcurrency?: number | undefined;
}

const MEMORY_MB = 512;
/** Lambda's own number for asynchronous invocations, spelled out because the drills rely on it. */
const RETRIES = 2;
const VPC_ACTIONS = [
  'CreateNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'DeleteNetworkInterface',
  'AssignPrivateIpAddresses',
  'UnassignPrivateIpAddresses',
].map((action) => `ec2:${action}`);

export class RegionFunction extends Placed {
  readonly name: FunctionName;
  /** What Lambda calls it. */
  readonly lambdaName: string;
  readonly arn: string;
  /** Callers use this: a release moves the alias, nothing else. */
  readonly aliasArn: string;
  readonly roleArn: string;
  private readonly ready: ITerraformDependable;
  private readonly lambda: LambdaFunction;
  private readonly statements: Statement[] = [];
  private readonly environment: Record<string, string>;

  constructor(scope: Construct, id: string, props: RegionFunctionProps) {
    super(scope, id, props.place);
    const { place, functionName } = props;
    const { system } = place;
    this.name = functionName;
    this.lambdaName = checkedName('function', lambdaName(system, functionName));
    this.environment = { ...props.environment, [ENV.system]: system, [ENV.region]: place.name };
    const role = serviceRole(this, '', {
      name: `${system}-${place.name}-${functionName}`,
      service: 'lambda.amazonaws.com',
      statements: this.statements,
    });
    this.roleArn = role.arn;
    this.ready = role.ready;
    const logs = new CloudwatchLogGroup(this, 'logs', {
      name: `/aws/lambda/${this.lambdaName}`,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.logKeyArn,
    });
    this.grant({ sid: 'Logs', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${logs.arn}:*`] });
    this.lambda = new LambdaFunction(this, MAIN_RESOURCE, {
      functionName: this.lambdaName,
      role: role.arn,
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      memorySize: MEMORY_MB,
      timeout: props.timeoutSeconds,
      filename: props.code.path,
      sourceCodeHash: props.code.hash,
      publish: true,
      ...(props.reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: {
        variables: Lazy.anyValue({ produce: () => this.environment }) as unknown as Record<string, string>,
      },
      loggingConfig: { logFormat: 'JSON', systemLogLevel: 'WARN', applicationLogLevel: 'INFO', logGroup: logs.name },
      tags: { GitCommit: props.commit },
      ...(props.privateSubnets ? { vpcConfig: this.join(props.privateSubnets) } : {}),
      // Without its permissions the first invocation of a new function would fail.
      dependsOn: [role.ready],
    });
    this.arn = this.lambda.arn;
    this.aliasArn = new LambdaAlias(this, LIVE_ALIAS, {
      name: LIVE_ALIAS,
      description: props.commit,
      functionName: this.lambda.functionName,
      functionVersion: this.lambda.version,
    }).arn;
  }

  /** Creates the function after these. */
  waitFor(resources: readonly ITerraformDependable[]): void {
    this.lambda.dependsOn = [...(this.lambda.dependsOn ?? []), ...resources.map(dependable)];
  }

  /** Adds to this function's role. */
  grant(...statements: readonly Statement[]): void {
    this.statements.push(...statements);
  }

  /** Keeps events that fail after all retries. For functions that are invoked asynchronously. */
  keepFailures(deadLetters: DeadLetters, maximumEventAgeInSeconds: number): void {
    this.grant({ sid: 'Failures', actions: ['sqs:SendMessage'], resources: [deadLetters.arn] });
    new LambdaFunctionEventInvokeConfig(this, 'failures', {
      functionName: this.lambdaName,
      qualifier: LIVE_ALIAS,
      maximumEventAgeInSeconds,
      maximumRetryAttempts: RETRIES,
      destinationConfig: { onFailure: { destination: deadLetters.arn } },
      // Lambda checks at once that the role may send there.
      dependsOn: [this.node.findChild(LIVE_ALIAS) as LambdaAlias, this.ready],
    });
  }

  private join({ subnetIds, functionSecurityGroupId }: PrivateSubnets) {
    // IAM has no resource-level permission for what Lambda does to attach a function to a VPC.
    this.grant({ sid: 'Vpc', actions: VPC_ACTIONS, resources: ['*'] });
    return { subnetIds: [...subnetIds], securityGroupIds: [functionSecurityGroupId] };
  }

  /** Tells the function something, as an environment variable of contracts/env. */
  tell(variables: Readonly<Record<string, string>>): void {
    Object.assign(this.environment, variables);
  }

  /** Lets another function of this region invoke this one, under the name it finds in `variable`. */
  grantInvoke(caller: RegionFunction, variable: string): void {
    caller.grant({ sid: `Invoke${pascal(this.name)}`, actions: ['lambda:InvokeFunction'], resources: [this.aliasArn] });
    caller.tell({ [variable]: `${this.lambdaName}:${LIVE_ALIAS}` });
  }

  /** Lets an AWS service invoke the alias, from one source only. */
  allowService(id: string, service: string, sourceArn: string): LambdaPermission {
    return new LambdaPermission(this, `from_${id}`, {
      action: 'lambda:InvokeFunction',
      functionName: this.lambdaName,
      qualifier: LIVE_ALIAS,
      principal: service,
      sourceArn,
      // The alias must exist: its ARN carries the dependency that the plain names do not.
      dependsOn: [this.node.findChild(LIVE_ALIAS) as LambdaAlias],
    });
  }
}

const pascal = (name: string): string => name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
