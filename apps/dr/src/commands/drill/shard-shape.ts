// The part of the JSON that `--shard` adds.
import { under, type JsonShape } from '../../terminal/manual';

export const SHARD_JSON: JsonShape = under(
  'shard',
  {
    index: 'number: which, counted from 1',
    of: 'number: how many there are',
    firstSeed: 'number: the first seed of this shard',
    seeds: 'number: seeds of this shard',
    'whole.seed': 'number: the first seed of the search',
    'whole.seeds': 'number: seeds of the search',
    'whole.stopAfter?': 'number: as --stop-after, in each shard',
    'whole.shrink?': 'number: as --shrink',
    'whole.routing?': 'string: as --routing',
    'whole.rto?': 'number: as --rto',
    'whole.regions?': 'number: as --regions',
    'whole.stack?': 'string | list: as --stack',
    'whole.system?': 'string: as --system',
    'whole.replay': 'string: command that runs the search without shards',
  },
  '?',
);
