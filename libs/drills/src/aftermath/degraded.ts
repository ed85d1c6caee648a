// What of a stack is lost, read-only or degraded while one of its regions is gone, by what AWS's pages say of each service.
import { GLOBAL_REGION, type Degraded } from '@dr/contracts';
import { readTables } from '@dr/stack';
import { blocksOf, flagOf, knownOrAbsent, type Graph, type Resource } from '@dr/terraform-json';

const PAGES = {
  plan: 'developer.hashicorp.com/terraform/cli/commands/plan',
  replica: 'docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ReplicaDescription.html',
  secret: 'docs.aws.amazon.com/secretsmanager/latest/userguide/standalone-secret.html',
  key: 'docs.aws.amazon.com/kms/latest/developerguide/multi-region-update.html',
  global: 'docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html',
} as const;

/** In the order in which people meet it. */
export function degradedWithout(graph: Graph, awsRegion: string): readonly Degraded[] {
  const there = graph.resources.filter(
    (resource) => resource.mode === 'managed' && knownOrAbsent(() => resource.awsRegion) === awsRegion,
  );
  const ofType = (type: string): readonly Resource[] => there.filter((resource) => resource.type === type);
  return [
    ...(awsRegion === GLOBAL_REGION ? [CONTROL_PLANES] : []),
    ...underTerraform(there, awsRegion),
    ...tables(graph, awsRegion),
    ...ofType('aws_secretsmanager_secret').map((secret) => secretOf(secret, awsRegion)),
    ...keys(ofType('aws_kms_key')),
    ...stores(graph, [...ofType('aws_s3_bucket'), ...ofType('aws_cloudwatch_log_group')], awsRegion),
  ];
}

const CONTROL_PLANES: Degraded = {
  what: 'the control planes of Route 53, IAM and CloudFront',
  state: 'read-only',
  why: 'they are in us-east-1: records, roles and distributions stay as they are, and go on answering',
  remedy: 'rest on health checks alone until they answer again; a new region cannot be added before',
  source: PAGES.global,
};

const underTerraform = (there: readonly Resource[], awsRegion: string): Degraded[] =>
  there.length === 0
    ? []
    : [
        {
          what: `the Terraform state, with ${there.length} resources of ${awsRegion}`,
          state: 'degraded',
          why: 'Terraform reads every resource before it plans, and theirs do not answer: no plan of the stack ends',
          remedy: 'copy the state, then take them out of it as the plan does: they cannot be destroyed',
          source: PAGES.plan,
        },
      ];

function tables(graph: Graph, awsRegion: string): Degraded[] {
  return readTables(graph)
    .filter(({ awsRegions }) => awsRegions.includes(awsRegion))
    .map(({ address, awsRegions }) => {
      const others = awsRegions.filter((other) => other !== awsRegion);
      if (others.length === 0) return lostIn(address, awsRegion);
      const isOwner = awsRegions[0] === awsRegion;
      return {
        what: address,
        state: 'degraded',
        why:
          `${others.join(', ')} ${others.length === 1 ? 'takes' : 'take'} reads and writes, but the replica of ${awsRegion} cannot be changed or removed at once: ` +
          'DynamoDB takes a replica out of the group when its region has been out of reach for more than 20 hours',
        remedy: isOwner
          ? `the stack has the table in ${awsRegion}: a replica that is left becomes the table, in the state as in the plan, and gets the new region`
          : 'leave that replica alone, and add the new region to the table',
        source: PAGES.replica,
      } as const;
    });
}

function secretOf({ address, values }: Resource, awsRegion: string): Degraded {
  const replicas = blocksOf(values, 'replica').map((one) => String(one['region']));
  if (replicas.length === 0) return lostIn(address, awsRegion);
  return {
    what: address,
    state: 'read-only',
    why: `its primary is in ${awsRegion}: the copy in ${replicas.join(', ')} can be read, and not changed`,
    remedy: `aws secretsmanager stop-replication-to-replica in ${replicas[0]}, which makes a secret of its own of it; then import it, as the plan does`,
    source: PAGES.secret,
  };
}

function keys(all: readonly Resource[]): Degraded[] {
  const isMultiRegion = ({ values }: Resource): boolean => flagOf(values, 'multi_region') === true;
  const single = all.filter((key) => !isMultiRegion(key)).map(({ address }) => address);
  const primaries = all.filter(isMultiRegion).map(({ address }) => address);
  return [
    ...(single.length === 0
      ? []
      : [
          {
            what: single.join(', '),
            state: 'lost' as const,
            why: 'a key of one region is in no other: what it encrypts can be read nowhere else',
            remedy: 'the new region has a key of its own; nothing that is left needs the old one',
            source: null,
          },
        ]),
    ...(primaries.length === 0
      ? []
      : [
          {
            what: primaries.join(', '),
            state: 'read-only' as const,
            why: 'only the primary of a multi-Region key can be replicated, and both keys must be enabled when another becomes the primary',
            remedy: 'the replicas encrypt and decrypt on; make a new key for the new region',
            source: PAGES.key,
          },
        ]),
  ];
}

function stores(graph: Graph, all: readonly Resource[], awsRegion: string): Degraded[] {
  const copied = new Set(
    graph.ofType('aws_s3_bucket_replication_configuration').map(({ values }) => knownOrAbsent(() => values['bucket'])),
  );
  const alone = all.filter(({ values }) => !copied.has(knownOrAbsent(() => values['bucket']) ?? null));
  return alone.length === 0 ? [] : [lostIn(alone.map(({ address }) => address).join(', '), awsRegion)];
}

const lostIn = (what: string, awsRegion: string): Degraded => ({
  what,
  state: 'lost',
  why: `what it holds is in ${awsRegion} alone`,
  remedy: 'nothing of the stack brings it back',
  source: null,
});
