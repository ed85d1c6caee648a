// `count` and `for_each`: which instances of a resource there are, and what `count.index` and `each` mean in each.
import type { ResourceBlock } from './blocks';
import type { Evaluator } from './evaluator';
import { orUnknown } from './expression/evaluate';
import { isMap, isSet, Placeholder, toNumber, Unknown, unknownIn, type Value } from '../values';
import { countOf, isWhole, textOfFloat } from '../big-float';
import type { Json } from '../normalise';

export interface Instance {
  readonly block: ResourceBlock;
  readonly address: string;
  /** undefined for a resource with neither. */
  readonly key: number | string | undefined;
  /** What `count` and `each` stand for. */
  readonly names: ReadonlyMap<string, Value>;
}

/** [A] More instances of one resource than this are a mistake in the stack. */
const MAX_INSTANCES = 1_000;
const NO_NAMES: ReadonlyMap<string, Value> = new Map();

/** Unknown when it cannot be said before an apply how many there are. */
export function instancesFrom(block: ResourceBlock, evaluator: Evaluator): readonly Instance[] | Unknown {
  const { address, body } = block;
  const resolved = (value: Json): Value => evaluator.resolve(value, { from: address, names: NO_NAMES });
  if (body['count'] !== undefined) return counted(block, resolved(body['count']));
  if (body['for_each'] !== undefined) return forEach(block, resolved(body['for_each']));
  return [{ block, address, key: undefined, names: NO_NAMES }];
}

function counted(block: ResourceBlock, value: Value): readonly Instance[] | Unknown {
  const unknown = unknownIn(value, true);
  if (unknown) return unknown;
  const number = orUnknown(() => toNumber(value));
  if (number instanceof Unknown) return number;
  const count = Number(textOfFloat(number));
  if (!isWhole(number) || count < 0 || count > MAX_INSTANCES) {
    return new Unknown(`${textOfFloat(number)} is no number of instances`);
  }
  return Array.from({ length: count }, (_, index) => ({
    block,
    address: `${block.address}[${index}]`,
    key: index,
    names: new Map([['count', { index: countOf(index) }]]),
  }));
}

/** Terraform takes a map or a set of texts, and refuses a list. */
function forEach(block: ResourceBlock, value: Value): readonly Instance[] | Unknown {
  if (value instanceof Unknown) return value;
  const entries = isMap(value)
    ? Object.entries(value)
    : isSet(value) && (value as Value[]).every((item) => typeof item === 'string' || item instanceof Placeholder)
      ? (value as Value[]).map((item) => [item as string, item] as const)
      : undefined;
  if (!entries) return new Unknown('for_each takes a map or a set of texts');
  if (entries.length > MAX_INSTANCES) return new Unknown(`${entries.length} are too many instances`);
  const keys = unknownIn(
    entries.map(([key]) => key),
    true,
  );
  if (keys) return keys;
  return entries.map(([key, item]) => ({
    block,
    address: `${block.address}[${JSON.stringify(String(key))}]`,
    key: String(key),
    names: new Map([['each', { key, value: item }]]),
  }));
}
