// Route 53: what it takes of a health check and of a record, and how it answers by them.
import {
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  DeleteHealthCheckCommand,
  DeleteHostedZoneCommand,
  TestDNSAnswerCommand,
  type HealthCheckConfig,
  type HealthCheckRegion,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { hold, refused, taken, type Row } from './row';
import type { Sandbox } from './sandbox';

const NO_ANSWERS = 'its Route 53 has no TestDNSAnswer';
/** How long a change of a record or of a check may take to be seen. */
const SEEN_SECONDS = 180;
const ASKED = 12;

/** Nobody is asked: a disabled check sends nothing. */
const ENDPOINT: HealthCheckConfig = {
  Type: 'HTTPS',
  FullyQualifiedDomainName: 'nobody.dr-conformance.example',
  RequestInterval: 30,
  FailureThreshold: 3,
  Disabled: true,
};

let references = 0;
const referenceIn = (sandbox: Sandbox): string => sandbox.name(`${(references += 1)}`);

async function makeCheck(sandbox: Sandbox, config: HealthCheckConfig): Promise<string> {
  const { HealthCheck } = await sandbox.route53.send(
    new CreateHealthCheckCommand({ CallerReference: referenceIn(sandbox), HealthCheckConfig: config }),
  );
  const HealthCheckId = HealthCheck!.Id!;
  sandbox.made(`health check ${HealthCheckId}`, () =>
    sandbox.route53.send(new DeleteHealthCheckCommand({ HealthCheckId })),
  );
  return HealthCheckId;
}

/** Of each value: is it refused, or taken? */
const ofEndpoint =
  (
    wrong: Readonly<Record<string, Partial<HealthCheckConfig>>>,
    right: Readonly<Record<string, Partial<HealthCheckConfig>>>,
  ) =>
  async (sandbox: Sandbox): Promise<void> => {
    for (const [what, more] of Object.entries(wrong))
      await refused(what, () => makeCheck(sandbox, { ...ENDPOINT, ...more }));
    for (const [what, more] of Object.entries(right))
      await taken(what, () => makeCheck(sandbox, { ...ENDPOINT, ...more }));
  };

const searching = (length: number): Partial<HealthCheckConfig> => ({
  Type: 'HTTPS_STR_MATCH',
  SearchString: 'x'.repeat(length),
});
const from = (...Regions: HealthCheckRegion[]): Partial<HealthCheckConfig> => ({ Regions });

async function makeAlarm(sandbox: Sandbox, of: string, more: Partial<PutMetricAlarmCommandInput>): Promise<string> {
  const AlarmName = sandbox.name(of);
  await sandbox.cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName, Namespace: 'DrConformance', MetricName: 'none', Period: 60, EvaluationPeriods: 1, Threshold: 1 },
      ...{ ComparisonOperator: 'GreaterThanThreshold', ...more },
    }),
  );
  sandbox.made(`alarm ${AlarmName}`, () =>
    sandbox.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })),
  );
  return AlarmName;
}

const following = (Name: string): HealthCheckConfig => ({
  Type: 'CLOUDWATCH_METRIC',
  AlarmIdentifier: { Region: 'us-east-1', Name },
  InsufficientDataHealthStatus: 'LastKnownStatus',
});

interface Zone {
  readonly id: string;
  readonly name: string;
  /** Healthy and unhealthy for good. */
  readonly up: string;
  readonly down: string;
}

async function makeZone(sandbox: Sandbox, of: string): Promise<Zone> {
  const name = `${sandbox.name(of)}.net`;
  const { HostedZone } = await sandbox.route53.send(
    new CreateHostedZoneCommand({ Name: name, CallerReference: referenceIn(sandbox) }),
  );
  const id = HostedZone!.Id!.replace('/hostedzone/', '');
  sandbox.made(`hosted zone ${name}`, () => sandbox.route53.send(new DeleteHostedZoneCommand({ Id: id })));
  const child = await makeCheck(sandbox, ENDPOINT);
  const calculated = (HealthThreshold: number): Promise<string> =>
    makeCheck(sandbox, { Type: 'CALCULATED', ChildHealthChecks: [child], HealthThreshold });
  return { id, name, up: await calculated(0), down: await calculated(2) };
}

async function write(sandbox: Sandbox, zone: Zone, records: readonly Partial<ResourceRecordSet>[]): Promise<void> {
  const change = (Action: 'CREATE' | 'DELETE') => {
    const Changes = records.map((one) => {
      const Name = `www.${zone.name}`;
      return { Action, ResourceRecordSet: { Name, Type: 'A', TTL: 10, ...one } as ResourceRecordSet };
    });
    return sandbox.route53.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.id, ChangeBatch: { Changes } }),
    );
  };
  await change('CREATE');
  sandbox.made(`records of ${zone.name}`, () => change('DELETE'));
}

const record = (address: string, more: Partial<ResourceRecordSet>): Partial<ResourceRecordSet> => ({
  SetIdentifier: address,
  ResourceRecords: [{ Value: address }],
  ...more,
});

async function answer(sandbox: Sandbox, { id, name }: Zone): Promise<string> {
  const { RecordData = [] } = await sandbox.route53.send(
    new TestDNSAnswerCommand({ HostedZoneId: id, RecordName: `www.${name}`, RecordType: 'A' }),
  );
  return RecordData.join(' ');
}

/** Only that address, many times, once changes had their time. */
async function answersOnly(sandbox: Sandbox, zone: Zone, address: string, otherwise: string): Promise<void> {
  const isSo = await sandbox.until(async () => {
    for (let asked = 0; asked < ASKED; asked += 1) if ((await answer(sandbox, zone)) !== address) return false;
    return true;
  }, SEEN_SECONDS);
  hold(isSo, otherwise);
}

const [ONE, TWO] = ['192.0.2.1', '192.0.2.2'] as const;

export const ROUTE53_ROWS: readonly Row[] = [
  {
    id: 'HC-02',
    says: 'a search string of 255 characters is taken, one of 256 is refused',
    run: ofEndpoint({ 'a search string of 256': searching(256) }, { 'a search string of 255': searching(255) }),
  },
  {
    id: 'HC-05',
    says: 'thresholds from 1 to 10 are taken, 11 is refused',
    run: ofEndpoint(
      { 'a threshold of 11': { FailureThreshold: 11 } },
      { 'a threshold of 1': { FailureThreshold: 1 }, 'a threshold of 10': { FailureThreshold: 10 } },
    ),
  },
  {
    id: 'HC-06',
    says: 'an interval of 10 s is taken, one of 20 s is refused',
    run: ofEndpoint(
      { 'an interval of 20 s': { RequestInterval: 20 } },
      { 'an interval of 10 s': { RequestInterval: 10 } },
    ),
  },
  {
    id: 'HC-08',
    says: 'three regions of checkers are taken, two are refused',
    run: ofEndpoint(
      { 'two regions': from('us-east-1', 'eu-west-1') },
      { 'three regions': from('us-east-1', 'eu-west-1', 'sa-east-1') },
    ),
  },
  {
    id: 'HC-10',
    says: 'a calculated check watches no other calculated one',
    async run(sandbox) {
      const child = await makeCheck(sandbox, ENDPOINT);
      const calculated = (of: string) =>
        makeCheck(sandbox, { Type: 'CALCULATED', ChildHealthChecks: [of], HealthThreshold: 1 });
      const one = await taken('a calculated check', () => calculated(child));
      await refused('a calculated check of a calculated one', () => calculated(one));
    },
  },
  {
    id: 'HC-11',
    says: 'a check follows a standard alarm, and none of high resolution or of an extended statistic',
    async run(sandbox) {
      const plain = await makeAlarm(sandbox, 'plain', { Statistic: 'Sum' });
      await taken('a check of a standard alarm', () => makeCheck(sandbox, following(plain)));
      const quick = await makeAlarm(sandbox, 'quick', { Statistic: 'Sum', Period: 10 });
      await refused('a check of an alarm with a period of 10 s', () => makeCheck(sandbox, following(quick)));
      const extended = await makeAlarm(sandbox, 'extended', { ExtendedStatistic: 'p99' });
      await refused('a check of an alarm on p99', () => makeCheck(sandbox, following(extended)));
    },
  },
  {
    id: 'DNS-01',
    says: 'a record without a check is healthy: it answers alone beside one whose check fails',
    notEmulated: NO_ANSWERS,
    async run(sandbox) {
      const zone = await makeZone(sandbox, 'dns-01');
      const failing = record(ONE, { Weight: 1, HealthCheckId: zone.down });
      await write(sandbox, zone, [failing, record(TWO, { Weight: 1 })]);
      await answersOnly(sandbox, zone, TWO, 'the failing record is answered, or none');
    },
  },
  {
    id: 'DNS-02',
    says: 'where PRIMARY and SECONDARY both fail, the PRIMARY is answered',
    notEmulated: NO_ANSWERS,
    async run(sandbox) {
      const zone = await makeZone(sandbox, 'dns-02');
      const failing = { HealthCheckId: zone.down };
      const records = [
        record(ONE, { Failover: 'PRIMARY', ...failing }),
        record(TWO, { Failover: 'SECONDARY', ...failing }),
      ];
      await write(sandbox, zone, records);
      await answersOnly(sandbox, zone, ONE, 'the secondary is answered, or none');
    },
  },
  {
    id: 'DNS-03',
    says: 'weight 0 is answered only where all others fail',
    notEmulated: NO_ANSWERS,
    async run(sandbox) {
      const well = await makeZone(sandbox, 'dns-03-well');
      await write(sandbox, well, [
        record(ONE, { Weight: 10, HealthCheckId: well.up }),
        record(TWO, { Weight: 0, HealthCheckId: well.up }),
      ]);
      const lost = await makeZone(sandbox, 'dns-03-lost');
      await write(sandbox, lost, [
        record(ONE, { Weight: 10, HealthCheckId: lost.down }),
        record(TWO, { Weight: 0, HealthCheckId: lost.up }),
      ]);
      await answersOnly(sandbox, well, ONE, 'weight 0 is answered beside a healthy record');
      await answersOnly(sandbox, lost, TWO, 'weight 0 is not answered where the other fails');
    },
  },
  {
    id: 'DNS-04',
    says: 'a CNAME at the apex of a zone is refused',
    async run(sandbox) {
      const zone = await makeZone(sandbox, 'dns-04');
      const apex: Partial<ResourceRecordSet> = {
        ...{ Name: zone.name, Type: 'CNAME' },
        ResourceRecords: [{ Value: 'elsewhere.dr-conformance.example' }],
      };
      await refused('a CNAME at the apex', () => write(sandbox, zone, [apex]));
    },
  },
];
