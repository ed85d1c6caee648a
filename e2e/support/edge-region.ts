// A region of a small system, made through the AWS SDK: a function behind a load balancer.
import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
  type Action,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  UploadServerCertificateCommand,
} from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateAliasCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { CREDENTIALS } from './emulated-aws';

export interface RegionalClients {
  readonly region: string;
  readonly ec2: EC2Client;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly lambda: LambdaClient;
}

export interface RegionalSystem extends RegionalClients {
  readonly functionArn: string;
  readonly loadBalancerDnsName: string;
  readonly loadBalancerZoneId: string;
  readonly securityGroupId: string;
  readonly subnetIds: readonly string[];
  readonly targetGroupArn: string;
}

export const FUNCTION_NAME = 'edge-router';
export const ANYWHERE = { IpProtocol: 'tcp', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

export const optionsIn = (endpoint: string, region: string) => ({ endpoint, region, credentials: CREDENTIALS });

export function clientsIn(endpoint: string, region: string): RegionalClients {
  const options = { ...optionsIn(endpoint, region), maxAttempts: 1 };
  return {
    region,
    ec2: new EC2Client(options),
    elb: new ElasticLoadBalancingV2Client(options),
    lambda: new LambdaClient(options),
  };
}

/** What the function does is chosen by the path, so that each test can ask for its own case. */
const CODE = `
const { appendFileSync } = require('node:fs');
exports.handler = async (event) => {
  if (!event.httpMethod) { appendFileSync(process.env.EVENTS_FILE, JSON.stringify(event) + '\\n'); return {}; }
  switch (event.path) {
    case '/items/fails': throw new Error('as asked');
    case '/items/malformed': return { status: 'ok' };
    case '/items/bytes':
      return { statusCode: 200, headers: { 'content-type': 'image/png' }, body: '/wD/', isBase64Encoded: true };
    case '/items/slow': await new Promise((resolve) => setTimeout(resolve, 1500)); break;
    case '/items/counted': appendFileSync(process.env.EVENTS_FILE, JSON.stringify({ counted: event.path }) + '\\n');
  }
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) };
};`;

export interface RoleOptions {
  /** IAM statements of an inline policy. @default none: the role may do nothing */
  readonly statements?: readonly Readonly<Record<string, unknown>>[];
  /** Under which the service may assume it. @default always */
  readonly condition?: Readonly<Record<string, unknown>>;
}

/** Resolves to the ARN of a role that the AWS service may assume. */
export async function makeRole(
  endpoint: string,
  name: string,
  service: string,
  { statements, condition }: RoleOptions = {},
): Promise<string> {
  const document = (Statement: unknown): string => JSON.stringify({ Version: '2012-10-17', Statement });
  const trust = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = document([{ ...trust, ...(condition ? { Condition: condition } : {}) }]);
  const iam = new IAMClient(optionsIn(endpoint, 'us-east-1'));
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
  if (statements) {
    const policy = { PolicyName: 'access', PolicyDocument: document(statements) };
    await iam.send(new PutRolePolicyCommand({ RoleName: name, ...policy }));
  }
  return Role!.Arn!;
}

/** A certificate for the listeners: the emulator looks at its existence alone. */
export async function makeCertificate(endpoint: string): Promise<string> {
  const iam = new IAMClient(optionsIn(endpoint, 'us-east-1'));
  const certificate = { ServerCertificateName: 'edge', CertificateBody: 'certificate', PrivateKey: 'key' };
  const { ServerCertificateMetadata } = await iam.send(new UploadServerCertificateCommand(certificate));
  return ServerCertificateMetadata!.Arn!;
}

export interface FunctionInputs {
  readonly roleArn: string;
  /** Where the function writes the events that are no requests, one a line. */
  readonly eventsFile: string;
  /** @default FUNCTION_NAME */
  readonly name?: string;
}

export interface RegionInputs extends FunctionInputs {
  readonly certificateArn: string;
}

export async function makeRegion(clients: RegionalClients, inputs: RegionInputs): Promise<RegionalSystem> {
  const functionArn = await makeFunction(clients, inputs);
  const network = await makeNetwork(clients);
  const loadBalancer = await makeLoadBalancer(clients, functionArn, inputs.certificateArn, network);
  return { ...clients, functionArn, ...network, ...loadBalancer };
}

/** Resolves to the ARN of its alias. */
export async function makeFunction({ lambda }: RegionalClients, inputs: FunctionInputs): Promise<string> {
  const { roleArn, eventsFile, name = FUNCTION_NAME } = inputs;
  const { Version } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: roleArn,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.js': strToU8(CODE) }) },
      Environment: { Variables: { EVENTS_FILE: eventsFile } },
      Timeout: 5,
      Publish: true,
    }),
  );
  const alias = { FunctionName: name, Name: 'live', FunctionVersion: Version! };
  const { AliasArn } = await lambda.send(new CreateAliasCommand(alias));
  for (const service of ['elasticloadbalancing', 'events']) {
    const Principal = `${service}.amazonaws.com`;
    const permission = { FunctionName: name, Qualifier: 'live', StatementId: service, Principal };
    await lambda.send(new AddPermissionCommand({ ...permission, Action: 'lambda:InvokeFunction' }));
  }
  return AliasArn!;
}

async function makeNetwork({ ec2, region }: RegionalClients) {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const VpcId = Vpc!.VpcId!;
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway!.InternetGatewayId!;
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId }));
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  const RouteTableId = RouteTable!.RouteTableId!;
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId }));
  const subnetIds: string[] = [];
  for (const zone of ['a', 'b']) {
    const CidrBlock = `10.0.${subnetIds.length}.0/24`;
    const AvailabilityZone = `${region}${zone}`;
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }));
    const SubnetId = Subnet!.SubnetId!;
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    subnetIds.push(SubnetId);
  }
  const group = { GroupName: 'edge', Description: 'the load balancer', VpcId };
  const securityGroupId = (await ec2.send(new CreateSecurityGroupCommand(group))).GroupId!;
  for (const port of [80, 443]) {
    const IpPermissions = [{ ...ANYWHERE, FromPort: port, ToPort: port }];
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: securityGroupId, IpPermissions }));
  }
  return { subnetIds, securityGroupId };
}

async function makeLoadBalancer(
  { elb }: RegionalClients,
  functionArn: string,
  certificateArn: string,
  { subnetIds, securityGroupId }: { readonly subnetIds: readonly string[]; readonly securityGroupId: string },
) {
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({ Name: 'edge', Subnets: [...subnetIds], SecurityGroups: [securityGroupId] }),
  );
  const [loadBalancer] = LoadBalancers!;
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'edge-router',
      TargetType: 'lambda',
      HealthCheckEnabled: true,
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    }),
  );
  const targetGroupArn = TargetGroups![0]!.TargetGroupArn!;
  await elb.send(new RegisterTargetsCommand({ TargetGroupArn: targetGroupArn, Targets: [{ Id: functionArn }] }));
  const listen = async (Port: number, Protocol: 'HTTP' | 'HTTPS', action: Action): Promise<string> => {
    const LoadBalancerArn = loadBalancer!.LoadBalancerArn!;
    const Certificates = Protocol === 'HTTPS' ? [{ CertificateArn: certificateArn }] : undefined;
    const listener = { LoadBalancerArn, Port, Protocol, Certificates, DefaultActions: [action] };
    return (await elb.send(new CreateListenerCommand(listener))).Listeners![0]!.ListenerArn!;
  };
  const notFound = { ContentType: 'text/plain', StatusCode: '404', MessageBody: 'nothing here' };
  const RedirectConfig = { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } as const;
  await listen(80, 'HTTP', { Type: 'redirect', RedirectConfig });
  const ListenerArn = await listen(443, 'HTTPS', { Type: 'fixed-response', FixedResponseConfig: notFound });
  const forward: Action = { Type: 'forward', TargetGroupArn: targetGroupArn };
  const blocked: Action = { Type: 'fixed-response', FixedResponseConfig: { ...notFound, StatusCode: '403' } };
  for (const [Priority, values, action] of [
    [20, ['/health', '/items/*'], forward],
    [10, ['/items/blocked'], blocked],
  ] as const) {
    const Conditions = [{ Field: 'path-pattern', PathPatternConfig: { Values: [...values] } }];
    await elb.send(new CreateRuleCommand({ ListenerArn, Priority, Conditions, Actions: [action] }));
  }
  return {
    targetGroupArn,
    loadBalancerDnsName: loadBalancer!.DNSName!,
    loadBalancerZoneId: loadBalancer!.CanonicalHostedZoneId!,
  };
}
