// DynamoDB tables with strong consistency between regions: what AWS asks of them.
import { finding, type Finding } from '@dr/stack';
import { blocksOf, flagOf, textOf, type Resource, type Values } from '@dr/terraform-json';
import { ofEach, regionOf } from './each';
import type { Rule } from './rule';

const GUIDE = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide';
/** Replicas, or two and a witness. */
const REGIONS = 3;
/** All regions of a table are of one set. */
const SETS: readonly (readonly string[])[] = [
  ['us-east-1', 'us-east-2', 'us-west-2'],
  ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];
const EVENTUAL = 'use consistency_mode EVENTUAL';
const inWords = SETS.map((set) => set.join(', ')).join('; or ');

export const STRONG_TABLE_RULES: readonly Rule[] = [
  {
    id: 'strong-table-is-one-that-aws-takes',
    of: 'advice',
    severity: 'blocks',
    source: `${GUIDE}/V2globaltables_HowItWorks.html#V2globaltables_HowItWorks.consistency-modes`,
    statement:
      'A table with strong consistency between regions has three replicas, or two and a witness, in regions of one set that AWS has for it; ' +
      'no replica is eventual, no item expires, and no index is local.',
    atFailover: 'The apply fails, so there is no such table',
    judge: ofEach(['aws_dynamodb_table'], strongFindings),
  },
];

const isStrong = (replica: Values): boolean => textOf(replica, 'consistency_mode') === 'STRONG';
const regionIn = (block: Values): string => textOf(block, 'region_name') ?? '';

function* strongFindings(table: Resource): Iterable<Finding> {
  const { address, values } = table;
  const replicas = blocksOf(values, 'replica');
  if (!replicas.some(isStrong)) return;
  const regions = [regionOf(table), ...[...replicas, ...blocksOf(values, 'global_table_witness')].map(regionIn)];
  if (regions.length !== REGIONS)
    yield finding(
      address,
      `is strongly consistent in ${regions.length} regions`,
      `Use ${REGIONS}, one of which may be a witness`,
    );
  const known = regions.filter((region) => region !== undefined);
  if (!SETS.some((set) => known.every((region) => set.includes(region)))) {
    const sentence = `has consistency_mode STRONG in ${known.join(', ')}, which are not of one set of regions that AWS has for it`;
    yield finding(address, sentence, `Use regions of ${inWords}; or ${EVENTUAL}`);
  }
  for (const replica of replicas.filter((one) => !isStrong(one))) {
    const sentence = `has consistency_mode STRONG, and its replica in ${regionIn(replica)} has not`;
    yield finding(address, sentence, `Set it in every replica, or ${EVENTUAL}`);
  }
  if (blocksOf(values, 'ttl').some((ttl) => flagOf(ttl, 'enabled') === true))
    yield finding(
      address,
      'has consistency_mode STRONG and ttl, which exclude each other',
      `Remove ttl, or ${EVENTUAL}`,
    );
  if (blocksOf(values, 'local_secondary_index').length > 0) {
    const sentence = 'has consistency_mode STRONG and local_secondary_index, which exclude each other';
    yield finding(address, sentence, `Use global_secondary_index, or ${EVENTUAL}`);
  }
}
