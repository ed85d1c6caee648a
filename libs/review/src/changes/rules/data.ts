// Changes of what holds data: deleted, no longer copied to a region, rebuilt, less protected.
import { readEndpoints } from '@dr/stack';
import { knownOrAbsent, textOf } from '@dr/terraform-json';
import { isRemoved, isReplaced, type StackChange } from '../changed';
import { HOLDS } from '../protected';
import { found, isOff, settingOf, type ChangeContext, type ChangeRule, type Found } from './rule';

const AWS = 'https://docs.aws.amazon.com';
const STORES = /^aws_(dynamodb_table|rds_cluster|db_instance|docdb_cluster|neptune_cluster)$/;
const SPANS = /^aws_((rds|docdb|neptune)_global_cluster|dynamodb_global_table|elasticache_global_replication_group)$/;
/** What names another store that it is a copy of. */
const COPY_OF = ['global_cluster_identifier', 'replicate_source_db', 'global_replication_group_id'];

const isGone = (change: StackChange): boolean => isRemoved(change) || isReplaced(change);
const done = (change: StackChange): string => (isReplaced(change) ? 'replaced' : 'removed');

const copyOf = ({ was }: StackChange): string | undefined =>
  COPY_OF.map((key) => was && knownOrAbsent(() => textOf(was.resource.values, key))).find((one) => one !== undefined);

/** A region in which something still answers; the loss of its copy is felt at once. */
const served = ({ stack: { graph } }: ChangeContext, awsRegion: string | undefined): boolean =>
  readEndpoints(graph).some((one) => awsRegion !== undefined && one.awsRegion === awsRegion);

/** What is worse where the region goes on answering. */
const withoutCopy = (awsRegion: string | undefined, context: ChangeContext, isBack: boolean): Found['severity'] =>
  !served(context, awsRegion) ? 'note' : isBack ? 'warns' : 'blocks';

function replicasLost(change: StackChange, context: ChangeContext): readonly Found[] {
  const { was, is } = change;
  if (change.type === 'aws_dynamodb_table_replica' && isGone(change)) {
    const region = was && knownOrAbsent(() => was.resource.awsRegion);
    const sentence = `is ${done(change)}: ${region ?? 'its region'} has no copy of the table${isReplaced(change) ? ' until it is copied anew' : ''}`;
    return [{ sentence, severity: withoutCopy(region, context, isReplaced(change)) ?? 'blocks' }];
  }
  const replica = settingOf(change, 'replica');
  if (!replica || isGone(change)) return [];
  const kept = String(replica.is ?? '').split('\n');
  const lost = String(replica.was ?? '')
    .split('\n')
    .filter((region) => region !== '' && !kept.includes(region));
  // The same replica as a resource of its own.
  const own = new Set(
    (is?.graph.ofType('aws_dynamodb_table_replica') ?? []).flatMap((one) => knownOrAbsent(() => one.awsRegion) ?? []),
  );
  return lost
    .filter((region) => !own.has(region))
    .map((region) => ({
      sentence: `loses its replica in ${region}`,
      severity: withoutCopy(region, context, false) ?? 'blocks',
    }));
}

export const DATA_CHANGE_RULES: readonly ChangeRule[] = [
  {
    id: 'change-deletes-data',
    severity: 'blocks',
    fix: 'Keep it: set prevent_destroy, move it with a moved block, or make the new one beside it and copy the data first',
    source: `${AWS}/amazondynamodb/latest/APIReference/API_DeleteTable.html`,
    atFailover: 'what is in it is gone in every region, with or without a failover',
    find: (change) =>
      found(
        STORES.test(change.type) && isGone(change) && copyOf(change) === undefined,
        `is ${done(change)}: its data is deleted with it`,
      ),
  },
  {
    id: 'change-removes-a-replica',
    severity: 'blocks',
    fix: 'Keep the replica for as long as its region serves',
    source: `${AWS}/amazondynamodb/latest/APIReference/API_ReplicationGroupUpdate.html`,
    atFailover: 'a region without the data cannot take over',
    saidBy: ['data-in-one-region'],
    find: replicasLost,
  },
  {
    id: 'change-removes-a-global-database',
    severity: 'blocks',
    fix: 'Keep it: clusters that left it are joined again only as new ones',
    source: `${AWS}/AmazonRDS/latest/APIReference/API_RemoveFromGlobalCluster.html`,
    atFailover: 'no region has what another one wrote last',
    find: (change) =>
      found(SPANS.test(change.type) && isGone(change), `is ${done(change)}: its regions no longer follow one another`),
  },
  {
    id: 'change-detaches-a-copy',
    severity: 'blocks',
    fix: 'Keep it where it is until its region no longer serves',
    source: `${AWS}/AmazonRDS/latest/APIReference/API_RemoveFromGlobalCluster.html`,
    atFailover: 'it does not have what the other region wrote since',
    find: (change, context) => {
      const { was } = change;
      const region = was && knownOrAbsent(() => was.resource.awsRegion);
      if (isGone(change)) {
        const of = STORES.test(change.type) ? copyOf(change) : undefined;
        const severity = withoutCopy(region, context, isReplaced(change)) ?? 'blocks';
        return found(of !== undefined, `is ${done(change)}: ${region ?? 'its region'} no longer has a copy`, {
          severity,
        });
      }
      const left = COPY_OF.map((key) => settingOf(change, key)).find(
        (one) => one?.was !== undefined && one.is === undefined,
      );
      return found(left !== undefined, `no longer follows ${String(left?.was)}`);
    },
  },
  {
    id: 'change-rebuilds-in-place',
    severity: 'warns',
    fix: 'Change it when the region can be missed, one region at a time',
    source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table',
    atFailover: 'until it is built anew, its region cannot take over',
    find: (change) => {
      if (change.type !== 'aws_dynamodb_table' || isGone(change)) return [];
      const keys = settingOf(change, 'replica.kms_key_arn');
      const indexes = settingOf(change, 'global_secondary_index');
      return [
        ...found(
          keys !== undefined && rekeyed(keys.was, keys.is).length > 0,
          `is updated in place, and Terraform deletes and makes its replica in ${rekeyed(keys?.was, keys?.is).join(', ')} anew: another key`,
        ),
        ...found(
          indexes !== undefined && String(indexes.was ?? '') !== '' && namesKept(indexes.was, indexes.is),
          'is updated in place, and Terraform deletes an index and builds it anew: what asks it fails until it is filled',
        ),
      ];
    },
  },
  {
    id: 'change-turns-protection-off',
    severity: 'warns',
    fix: 'Leave it on; turn it off in a change of its own, right before the deletion that is meant',
    source: `${AWS}/amazondynamodb/latest/developerguide/globaltables-bestpractices.html`,
    atFailover: 'nothing at once: one mistake more, and there is nothing to fail over to',
    find: (change) =>
      isGone(change)
        ? []
        : (HOLDS[change.type] ?? []).flatMap(({ attribute, name, without, source }) =>
            found(isOff(change, attribute), `turns ${name} off: ${without}`, { source }),
          ),
  },
  {
    id: 'change-removes-a-standby',
    severity: 'warns',
    fix: 'Keep multi_az',
    source: `${AWS}/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html`,
    atFailover: 'the loss of one zone takes the whole region with it',
    find: (change) => found(isOff(change, 'multi_az'), 'no longer has a standby in another zone'),
  },
];

/** `<region> <key>` a line: regions that stay, with another key. */
function rekeyed(was: unknown, is: unknown): string[] {
  const [old, now] = [was, is].map(
    (lines) =>
      new Map(
        String(lines ?? '')
          .split('\n')
          .map((line) => line.split(' ') as [string, string]),
      ),
  );
  return [...(old ?? [])].flatMap(([region, key]) => {
    const next = now?.get(region);
    return region !== '' && next !== undefined && next !== key ? [region] : [];
  });
}

/** An index of the same name is another one. */
function namesKept(was: unknown, is: unknown): boolean {
  const indexes = (lines: unknown): Map<string, string> =>
    new Map(
      String(lines ?? '')
        .split('\n')
        .filter(Boolean)
        .map((line) => [String((JSON.parse(line) as { name?: unknown }).name), line]),
    );
  const now = indexes(is);
  return [...indexes(was)].some(([name, line]) => now.has(name) && now.get(name) !== line);
}
