// Every kind of health check that Route 53's emulated checkers know, and every kind of record that the resolver answers by.
import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  GetHealthCheckStatusCommand,
  type HealthCheckConfig,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { setTimeout as pause } from 'node:timers/promises';
import { CHECKERS_A_REGION } from '@dr/contracts';
import { INTERVAL_SECONDS, makeSystem, regional, ZONE, type DrillSystem } from './support/drill-system';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { EmulatedEdge } from './support/emulated-edge';

/** The fewest regions that Route 53 takes. */
const REGIONS = ['us-east-1', 'eu-west-1', 'sa-east-1'] as const;
const CHECKERS = CHECKERS_A_REGION * REGIONS.length;
const LIMIT_SECONDS = 2 * INTERVAL_SECONDS + 15;
const HEALTHY = '192.0.2.1';
const UNHEALTHY = '192.0.2.2';

let aws: EmulatedAws;
let edge: EmulatedEdge;
let system: DrillSystem;

beforeAll(async () => {
  aws = await startEmulatedAws();
  edge = new EmulatedEdge(aws.endpoint);
  system = await makeSystem(aws.endpoint);
});

afterAll(() => aws?.stop());

const write = (records: readonly ResourceRecordSet[]) => {
  const Changes = records.map((ResourceRecordSet) => ({ Action: 'CREATE' as const, ResourceRecordSet }));
  const batch = { HostedZoneId: system.zoneId, ChangeBatch: { Changes } };
  return system.route53.send(new ChangeResourceRecordSetsCommand(batch));
};

async function makeCheck(reference: string, config: HealthCheckConfig): Promise<string> {
  const command = new CreateHealthCheckCommand({ CallerReference: reference, HealthCheckConfig: config });
  return (await system.route53.send(command)).HealthCheck!.Id!;
}

/** A name that leads to HEALTHY while the check is healthy, and to UNHEALTHY otherwise. */
async function makeName(label: string, healthCheckId: string): Promise<string> {
  const Name = `${label}.${ZONE}`;
  const record = (Value: string) => ({ Name, Type: 'A' as const, TTL: 5, ResourceRecords: [{ Value }] });
  await write([
    { ...record(HEALTHY), Failover: 'PRIMARY', SetIdentifier: `${label}-1`, HealthCheckId: healthCheckId },
    { ...record(UNHEALTHY), Failover: 'SECONDARY', SetIdentifier: `${label}-2` },
  ]);
  return Name;
}

test('each kind of check comes to its verdict', async () => {
  const name = regional(system.mumbai);
  const probed = { FullyQualifiedDomainName: name, RequestInterval: INTERVAL_SECONDS, FailureThreshold: 1 };
  const base = { ...probed, Regions: [...REGIONS] };
  const https = { ...base, Type: 'HTTPS', Port: 443, ResourcePath: '/health' } as const;
  const matching = { ...https, Type: 'HTTPS_STR_MATCH' } as const;
  const good: Record<string, HealthCheckConfig> = {
    found: { ...matching, SearchString: '"path":"/health"' },
    tcp: { ...base, Type: 'TCP', Port: 443 },
    redirected: { ...base, Type: 'HTTP', Port: 80, ResourcePath: '/health' },
    disabled: { ...https, ResourcePath: '/items/fails', Disabled: true },
    'inverted-failing': { ...https, ResourcePath: '/items/fails', Inverted: true },
  };
  const bad: Record<string, HealthCheckConfig> = {
    failing: { ...https, ResourcePath: '/items/fails' },
    missing: { ...matching, SearchString: '"PATH":"/health"' },
    nameless: { ...https, FullyQualifiedDomainName: `nothing.${ZONE}` },
    closed: { ...base, Type: 'TCP', Port: 8443 },
    inverted: { ...https, Inverted: true },
  };
  const ids: Record<string, string> = {};
  for (const [label, config] of Object.entries({ ...good, ...bad })) ids[label] = await makeCheck(label, config);
  const ChildHealthChecks = [ids['found']!, ids['failing']!];
  const calculated = { Type: 'CALCULATED', ChildHealthChecks } as const;
  ids['one-of-two'] = await makeCheck('one-of-two', { ...calculated, HealthThreshold: 1 });
  ids['two-of-two'] = await makeCheck('two-of-two', { ...calculated, HealthThreshold: 2 });
  for (const [label, id] of Object.entries(ids)) await makeName(label, id);

  const wanted = {
    ...Object.fromEntries([...Object.keys(good), 'one-of-two'].map((label) => [label, HEALTHY])),
    ...Object.fromEntries([...Object.keys(bad), 'two-of-two'].map((label) => [label, UNHEALTHY])),
  };
  const verdicts = async () =>
    Object.fromEntries(
      await Promise.all(Object.keys(wanted).map(async (label) => [label, await edge.addressOf(`${label}.${ZONE}`)])),
    ) as Record<string, string>;
  const probes = async (label: string) => {
    const status = new GetHealthCheckStatusCommand({ HealthCheckId: ids[label]! });
    return (await system.route53.send(status)).HealthCheckObservations ?? [];
  };
  const probedOnes = Object.keys({ ...good, ...bad }).filter((label) => label !== 'disabled');
  const allProbed = async () => (await Promise.all(probedOnes.map(probes))).every(({ length }) => length === CHECKERS);
  for (const until = Date.now() + LIMIT_SECONDS * 1_000; Date.now() < until; await pause(500)) {
    if ((await allProbed()) && JSON.stringify(await verdicts()) === JSON.stringify(wanted)) break;
  }
  expect(await verdicts()).toEqual(wanted);
  expect(await probes('disabled')).toEqual([]);
  expect(new Set((await probes('found')).map(({ Region }) => Region))).toEqual(new Set(REGIONS));
});

describe('records', () => {
  const valuesOf = async (name: string, type: 'A' | 'TXT' = 'A') =>
    (await edge.ask(name, type)).records.map(({ data }) => data).sort();

  test('weighted: a record of weight 0 is not answered while another is healthy', async () => {
    const Name = `weighted.${ZONE}`;
    const record = (Value: string, Weight: number) => ({ Name, Type: 'A' as const, TTL: 5, Weight, Value });
    await write(
      [record('192.0.2.10', 0), record('192.0.2.11', 1), record('192.0.2.12', 3)].map(({ Value, ...rest }) => ({
        ...rest,
        SetIdentifier: Value,
        ResourceRecords: [{ Value }],
      })),
    );
    const counts: Record<string, number> = {};
    for (let asked = 0; asked < 200; asked += 1) {
      const [value = ''] = await valuesOf(Name);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    expect(Object.keys(counts).sort()).toEqual(['192.0.2.11', '192.0.2.12']);
    expect(counts['192.0.2.12']).toBeGreaterThan(counts['192.0.2.11']!);
  });

  test('multivalue, several values of one record, and a wildcard that a name of its own hides', async () => {
    const values = (Value: string) => ({ TTL: 5, ResourceRecords: [{ Value }] });
    const many = { Name: `many.${ZONE}`, Type: 'A' as const, MultiValueAnswer: true };
    await write([
      { ...many, ...values('192.0.2.20'), SetIdentifier: 'many-a' },
      { ...many, ...values('192.0.2.21'), SetIdentifier: 'many-b' },
      { Name: `two.${ZONE}`, Type: 'A', TTL: 5, ResourceRecords: [{ Value: '192.0.2.30' }, { Value: '192.0.2.31' }] },
      { Name: `*.wild.${ZONE}`, Type: 'A', ...values('192.0.2.40') },
      { Name: `own.wild.${ZONE}`, Type: 'TXT', ...values('"its own"') },
    ]);
    expect(await valuesOf(`many.${ZONE}`)).toEqual(['192.0.2.20', '192.0.2.21']);
    expect(await valuesOf(`two.${ZONE}`)).toEqual(['192.0.2.30', '192.0.2.31']);
    expect(await valuesOf(`any.wild.${ZONE}`)).toEqual(['192.0.2.40']);
    expect(await valuesOf(`own.wild.${ZONE}`)).toEqual([]);
    expect(await valuesOf(`own.wild.${ZONE}`, 'TXT')).toEqual(['its own']);
  });
});
