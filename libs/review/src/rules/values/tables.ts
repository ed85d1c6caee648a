// Tables that DynamoDB does not take.
import { ALL_REGIONS } from '@dr/contracts';
import { finding, type Finding } from '@dr/stack';
import { blocksOf, flagOf, textOf, type Resource, type Values } from '@dr/terraform-json';
import { inEach, managed, regionOf } from '../each';
import type { Stack } from '../rule';
import { blocksAt, numberIn, otherTexts, takenRule, type Texts } from './taken';

export const tableValues = takenRule({
  kind: 'table',
  type: 'aws_dynamodb_table',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html',
  statement:
    'A table has a definition of each attribute of its keys, units where its capacity is provisioned, and one replica in a region.',
  judge: [
    ({ address, values }) => otherTexts(address, values, TEXTS),
    ({ address, values }) => eachBlock(address, values, 'attribute', OF_ATTRIBUTE),
    ({ address, values }) => eachBlock(address, values, 'replica', OF_REPLICA),
    units,
    keys,
    replicas,
    expiry,
  ],
});

const TEXTS = {
  billing_mode: ['PROVISIONED', 'PAY_PER_REQUEST'],
  stream_view_type: ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'],
  table_class: ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'],
};
const OF_ATTRIBUTE = { type: ['S', 'N', 'B'] };
const OF_REPLICA = { region_name: ALL_REGIONS.map(({ id }) => id), consistency_mode: ['EVENTUAL', 'STRONG'] };

const eachBlock = (address: string, values: Values, name: string, texts: Texts): Iterable<Finding> =>
  inEach(blocksAt(values, name), ([at, block]) => otherTexts(address, block, texts, at));

function* expiry({ address, values }: Resource): Iterable<Finding> {
  if (blocksOf(values, 'ttl').some((ttl) => flagOf(ttl, 'enabled') === true && !textOf(ttl, 'attribute_name')))
    yield finding(address, 'enables ttl and names no ttl.attribute_name', 'Name the attribute');
}

/** What is not written may be meant to come from elsewhere, as in an example; what is written has to be right. */
function* units({ address, values }: Resource): Iterable<Finding> {
  const mode = textOf(values, 'billing_mode');
  if ((mode ?? 'PROVISIONED') !== 'PROVISIONED' || isRestored(values)) return;
  for (const argument of ['read_capacity', 'write_capacity']) {
    const number = numberIn(values, argument);
    if (number === undefined ? mode === undefined : number >= 1) continue;
    const has = number === undefined ? `no ${argument}` : `${argument} ${number}`;
    yield finding(
      address,
      `has billing_mode PROVISIONED and ${has}, and AWS takes 1 at least`,
      `Give ${argument}, or bill by request`,
    );
  }
}

const isRestored = (values: Values): boolean =>
  ['restore_source_name', 'restore_source_table_arn'].some((one) => textOf(values, one) !== undefined) ||
  blocksOf(values, 'import_table').length > 0;

function* keys({ address, values }: Resource, { graph }: Stack): Iterable<Finding> {
  const defined = blocksOf(values, 'attribute').flatMap((one) => textOf(one, 'name') ?? []);
  if (isRestored(values) || defined.length === 0) return;
  const used = new Set(keysIn(values));
  for (const key of used)
    if (!defined.includes(key))
      yield finding(address, `has the key "${key}" and no attribute of that name`, 'Define it as attribute');
  // An index that is a resource of its own has keys that the table defines.
  if (managed(graph, 'aws_dynamodb_global_secondary_index').length > 0) return;
  for (const name of defined)
    if (!used.has(name))
      yield finding(address, `has attribute "${name}", which is in no key`, 'Remove it, or index it');
}

const KEYS = ['hash_key', 'range_key'];

/** Newer providers take the keys of an index as blocks. */
const keysIn = (values: Values): readonly string[] =>
  [values, ...['global_secondary_index', 'local_secondary_index'].flatMap((one) => blocksOf(values, one))].flatMap(
    (holder) => [
      ...KEYS.flatMap((key) => textOf(holder, key) ?? []),
      ...blocksOf(holder, 'key_schema').flatMap((one) => textOf(one, 'attribute_name') ?? []),
    ],
  );

function* replicas(table: Resource): Iterable<Finding> {
  const { address, values } = table;
  const seen = new Set([regionOf(table)]);
  for (const region of blocksOf(values, 'replica').map((one) => textOf(one, 'region_name'))) {
    if (region !== undefined && seen.has(region)) {
      const sentence = `has replica.region_name "${region}", where it is already`;
      yield finding(address, sentence, 'Have one replica in each other region');
    }
    seen.add(region);
  }
}
