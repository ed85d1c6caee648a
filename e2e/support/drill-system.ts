// A small system in two regions behind one zone, for drills of the emulated AWS: names, health checks, failover.
import { DeleteFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  Route53Client,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  clientsIn,
  FUNCTION_NAME,
  makeRegion,
  makeRole,
  makeCertificate,
  optionsIn,
  type RegionalClients,
  type RegionalSystem,
} from './edge-region';
import { temporaryDirectory } from './stack';

export const MUMBAI = 'ap-south-1';
export const SINGAPORE = 'ap-southeast-1';
export const ZONE = 'drill.test';
/** Leads to the nearest healthy region. */
export const SHARED = `app.${ZONE}`;
/** Leads to Mumbai while it is healthy. */
export const FAILOVER = `failover.${ZONE}`;
/** An alias to the nearest load balancer whose targets are healthy, without a health check. */
export const ALIASED = `aliased.${ZONE}`;
export const TTL_SECONDS = 10;
export const THRESHOLD = 2;
export const INTERVAL_SECONDS = 10;

export interface DrillSystem {
  readonly mumbai: RegionalSystem;
  readonly singapore: RegionalSystem;
  readonly route53: Route53Client;
  readonly zoneId: string;
  /** Of Mumbai, and of Singapore. */
  readonly healthCheckIds: readonly string[];
  readonly eventsFile: string;
  readonly roleArn: string;
}

export const regional = ({ region }: RegionalSystem): string => `${region}.${ZONE}`;

export const throttle = ({ lambda }: RegionalClients, ReservedConcurrentExecutions: number) =>
  lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: FUNCTION_NAME, ReservedConcurrentExecutions }));

export const unthrottle = ({ lambda }: RegionalClients) =>
  lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: FUNCTION_NAME }));

export const linesOf = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);

export async function makeSystem(endpoint: string): Promise<DrillSystem> {
  const eventsFile = join(temporaryDirectory(), 'events.jsonl');
  writeFileSync(eventsFile, '');
  const roleArn = await makeRole(endpoint, 'edge-function', 'lambda.amazonaws.com', {
    statements: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }],
  });
  const inputs = { roleArn, certificateArn: await makeCertificate(endpoint), eventsFile };
  const mumbai = await makeRegion(clientsIn(endpoint, MUMBAI), inputs);
  const singapore = await makeRegion(clientsIn(endpoint, SINGAPORE), inputs);
  const route53 = new Route53Client(optionsIn(endpoint, 'us-east-1'));
  return { mumbai, singapore, route53, eventsFile, roleArn, ...(await makeNames(route53, [mumbai, singapore])) };
}

async function makeNames(route53: Route53Client, systems: readonly RegionalSystem[]) {
  const zone = { Name: ZONE, CallerReference: ZONE };
  const { HostedZone } = await route53.send(new CreateHostedZoneCommand(zone));
  const zoneId = HostedZone!.Id!.replace('/hostedzone/', '');
  const create = async (records: readonly ResourceRecordSet[]) => {
    const Changes = records.map((ResourceRecordSet) => ({ Action: 'CREATE' as const, ResourceRecordSet }));
    await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }));
  };
  await create(
    systems.flatMap((system): ResourceRecordSet[] => {
      const alias = { HostedZoneId: system.loadBalancerZoneId, DNSName: system.loadBalancerDnsName };
      const nearest = { SetIdentifier: system.region, Region: system.region as typeof MUMBAI };
      return [
        { Name: regional(system), Type: 'A', AliasTarget: { ...alias, EvaluateTargetHealth: false } },
        { Name: ALIASED, Type: 'A', ...nearest, AliasTarget: { ...alias, EvaluateTargetHealth: true } },
      ];
    }),
  );
  // After the names that they ask: a checker's first probe may come at once.
  const healthCheckIds = await Promise.all(systems.map((system) => makeHealthCheck(route53, regional(system))));
  await create(
    systems.flatMap((system, i): ResourceRecordSet[] => {
      const cname = { TTL: TTL_SECONDS, ResourceRecords: [{ Value: regional(system) }] };
      const routed = {
        ...cname,
        Type: 'CNAME' as const,
        SetIdentifier: system.region,
        HealthCheckId: healthCheckIds[i],
      };
      return [
        { ...routed, Name: SHARED, Region: system.region as typeof MUMBAI },
        { ...routed, Name: FAILOVER, Failover: system.region === MUMBAI ? 'PRIMARY' : 'SECONDARY' },
      ];
    }),
  );
  return { zoneId, healthCheckIds };
}

async function makeHealthCheck(route53: Route53Client, name: string): Promise<string> {
  const endpoint = { Type: 'HTTPS', FullyQualifiedDomainName: name, Port: 443, ResourcePath: '/health' } as const;
  const HealthCheckConfig = { ...endpoint, RequestInterval: INTERVAL_SECONDS, FailureThreshold: THRESHOLD };
  const command = new CreateHealthCheckCommand({ CallerReference: name, HealthCheckConfig });
  return (await route53.send(command)).HealthCheck!.Id!;
}
