// Objects, secrets and keys of several regions: what is copied, how far, and whether a region can read its copy.
import { finding, parseArn, type Finding } from '@dr/stack';
import {
  blockOf,
  blocksOf,
  flagOf,
  knownMember,
  knownOrAbsent,
  textOf,
  type Graph,
  type Resource,
  type Values,
} from '@dr/terraform-json';
import { indexed, managed, ofEach, regionOf } from './each';
import { REPLICATED_SECRETS } from './pages';
import type { Rule } from './rule';
import { servedRegions } from './served';

const S3 = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide';
const REPLICATION = ['aws_s3_bucket_replication_configuration'];
const MULTI_REGION_KEYS = 'https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html';

export const KEPT_DATA_RULES: readonly Rule[] = [
  {
    id: 'replicated-bucket-keeps-versions',
    of: 'advice',
    source: `${S3}/replication.html`,
    statement: 'A bucket that is replicated, and the one that it is replicated to, keep versions.',
    atFailover: 'Nothing is replicated',
    judge: ofEach(REPLICATION, function* ({ address, values }, { graph }) {
      for (const bucket of bucketsOf(graph, values))
        if (!keepsVersions(graph, bucket))
          yield finding(
            bucket.address,
            `keeps no versions, and ${address} needs them`,
            'Add an aws_s3_bucket_versioning with status Enabled',
          );
    }),
  },
  {
    id: 'buckets-replicate-both-ways',
    of: 'advice',
    severity: 'note',
    source: `${S3}/MultiRegionAccessPointBucketReplication.html`,
    statement: 'Buckets of two regions that both serve are replicated both ways.',
    atFailover: 'What is written in the second region does not come back to the first',
    judge: ofEach(REPLICATION, function* ({ address, values }, { graph }) {
      const [source, ...targets] = bucketsOf(graph, values);
      const isAnswered = (target: Resource): boolean =>
        setOf(graph, 'aws_s3_bucket_replication_configuration', target).some(
          (one) => source !== undefined && bucketsOf(graph, one.values).slice(1).includes(source),
        );
      for (const target of targets.filter((one) => !isAnswered(one)))
        yield finding(
          address,
          `copies to ${target.address}, and nothing copies back`,
          `Replicate ${target.address} to ${source?.address} as well`,
        );
    }),
  },
  {
    id: 'replication-time-is-bounded',
    of: 'advice',
    severity: 'note',
    source: `${S3}/replication-time-control.html`,
    statement: 'Replication of a bucket has a bound in time (Replication Time Control: 15 minutes for 99.99 %).',
    atFailover: 'How much is lost with the region has no bound',
    judge: ofEach(REPLICATION, function* ({ address, values }) {
      for (const rule of blocksOf(values, 'rule')) {
        const time = blockOf(blockOf(rule, 'destination') ?? NONE, 'replication_time') ?? NONE;
        if (textOf(rule, 'status') === 'Disabled' || textOf(time, 'status') === 'Enabled') continue;
        yield finding(
          address,
          `replicates ${textOf(rule, 'id') ?? 'a rule'} without a bound in time`,
          'Enable replication_time',
        );
      }
    }),
  },
  {
    id: 'deletions-are-replicated',
    of: 'advice',
    severity: 'note',
    source: `${S3}/replication-what-is-isnot-replicated.html`,
    statement: 'A replication rule with a filter says whether deletions are replicated: by itself they are not.',
    atFailover: 'What clients have deleted is there again',
    judge: ofEach(REPLICATION, function* ({ address, values }) {
      for (const rule of blocksOf(values, 'rule'))
        if (blocksOf(rule, 'filter').length > 0 && blocksOf(rule, 'delete_marker_replication').length === 0)
          yield finding(
            address,
            `does not say whether ${textOf(rule, 'id') ?? 'a rule'} replicates deletions`,
            'Add delete_marker_replication',
          );
    }),
  },
  {
    id: 'secret-is-in-every-region',
    of: 'advice',
    source: REPLICATED_SECRETS,
    statement: 'A region that clients are moved to has secrets of its own, or replicas of the others.',
    atFailover: 'Code of the region that is left cannot read the secret',
    *judge(stack) {
      const secrets = managed(stack.graph, 'aws_secretsmanager_secret');
      const placed = secrets.flatMap((one) => knownOrAbsent(() => [{ one, regions: placesOf(one) }]) ?? []);
      if (placed.length < secrets.length) return;
      const held = new Set(placed.flatMap(({ regions }) => regions));
      const bare = [...servedRegions(stack)].filter((region) => !held.has(region)).sort();
      for (const { one, regions } of placed.filter((each) =>
        each.regions.some((region) => servedRegions(stack).has(region)),
      ))
        for (const region of bare)
          yield finding(
            one.address,
            `is in ${regions.join(', ')}, and ${region} has no secret at all`,
            `Add a replica in ${region}`,
          );
    },
  },
  {
    id: 'key-is-of-its-region',
    of: 'advice',
    source: REPLICATED_SECRETS,
    statement: 'What is encrypted in a region, a replica too, is encrypted with a key of that region.',
    atFailover: 'The apply fails, or the copy cannot be read once the other region is lost',
    *judge({ graph }) {
      for (const resource of graph.resources.filter(({ mode }) => mode === 'managed'))
        yield* knownOrAbsent(() => [...strangeKeys(resource)]) ?? [];
    },
  },
  {
    id: 'multi-region-key-is-in-every-region',
    of: 'advice',
    severity: 'note',
    source: MULTI_REGION_KEYS,
    statement: 'A key of several regions has a replica in the regions that clients are led to.',
    atFailover: 'What it has encrypted cannot be read in the region that is left',
    judge: ofEach(['aws_kms_key'], function* (key, stack) {
      if (flagOf(key.values, 'multi_region') !== true) return;
      const arn = stack.graph.attribute(key, 'arn');
      const replicas = managed(stack.graph, 'aws_kms_replica_key').filter(
        ({ values }) => textOf(values, 'primary_key_arn') === arn,
      );
      const held = [key, ...replicas].map(regionOf);
      if (held.includes(undefined) || !servedRegions(stack).has(key.awsRegion)) return;
      for (const region of [...servedRegions(stack)].filter((one) => !held.includes(one)))
        yield finding(
          key.address,
          `is a key of several regions and not in ${region}`,
          `Add an aws_kms_replica_key in ${region}`,
        );
    }),
  },
];

const NONE: Values = {};

/** The source, then the destinations; those that are in the stack. */
function bucketsOf(graph: Graph, values: Values): readonly Resource[] {
  const source = textOf(values, 'bucket');
  const targets = blocksOf(values, 'rule').map((rule) => textOf(blockOf(rule, 'destination') ?? NONE, 'bucket'));
  return [source, ...targets].flatMap((name) => bucketNamed(graph, name) ?? []);
}

const NAMES = ['id', 'bucket', 'arn'] as const;

const bucketNamed = (graph: Graph, name: string | undefined): Resource | undefined =>
  name === undefined ? undefined : indexed(graph, 'aws_s3_bucket', ...NAMES).get(name)?.[0];

/** What is set of a bucket by resources of that type, each of which names it. Throws InputError when it may be one whose name is unknown. */
const setOf = (graph: Graph, type: string, bucket: Resource): readonly Resource[] => {
  const byBucket = indexed(graph, type, 'bucket');
  const found = [...new Set(NAMES.map((name) => knownOrAbsent(() => graph.attribute(bucket, name))))].flatMap(
    (name) => (name === undefined ? undefined : byBucket.get(name)) ?? [],
  );
  if (found.length === 0) for (const { values } of managed(graph, type)) textOf(values, 'bucket');
  return found;
};

const keepsVersions = (graph: Graph, bucket: Resource): boolean =>
  flagOf(blockOf(bucket.values, 'versioning') ?? NONE, 'enabled') === true ||
  setOf(graph, 'aws_s3_bucket_versioning', bucket).some(
    ({ values }) => textOf(blockOf(values, 'versioning_configuration') ?? NONE, 'status') === 'Enabled',
  );

const placesOf = ({ values, awsRegion }: Resource): readonly string[] => [
  awsRegion,
  ...blocksOf(values, 'replica').flatMap((one) => textOf(one, 'region') ?? []),
];

const KEY_ARGUMENTS = ['kms_key_id', 'kms_key_arn', 'kms_master_key_id', 'kms_key'] as const;

/** Its own arguments and those of its blocks, one level down; a replica's block says its region. */
function* strangeKeys({ address, values, awsRegion, type }: Resource): Iterable<Finding> {
  if (type.startsWith('aws_kms_')) return;
  const blocks: Values[] = [];
  for (const key of Object.keys(values))
    if (typeof knownMember(values, key) === 'object') blocks.push(...blocksOf(values, key));
  for (const block of [values, ...blocks]) {
    const given = KEY_ARGUMENTS.filter((argument) => argument in block);
    if (given.length === 0) continue;
    const region =
      block === values ? awsRegion : (textOf(block, 'region_name') ?? textOf(block, 'region') ?? awsRegion);
    for (const argument of given) {
      const key = parseArn(knownOrAbsent(() => textOf(block, argument)) ?? '');
      if (key?.service !== 'kms' || key.awsRegion === region) continue;
      yield finding(address, `is encrypted in ${region} with a key of ${key.awsRegion}`, `Use a key of ${region}`);
    }
  }
}
