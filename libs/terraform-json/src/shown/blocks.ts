// Which block of the configuration a block of the plan was written by. Blocks may be a set, and a set has an order of its own.
import { isObject, type Json } from '../normalise';
import { isExpression } from './configuration';
import { memberOf, type JsonObject } from './json';

/** [A] With more blocks of one name than this, which is which is not looked for. */
const MAX_BLOCKS = 64;

/** Nobody can say which block of the configuration it is. */
export class Untold {
  /** What such blocks set. */
  readonly names: ReadonlySet<string>;

  constructor(written: readonly Json[]) {
    this.names = new Set(written.flatMap((block) => (isObject(block) ? Object.keys(block) : [])));
  }
}

/** For each block of the plan its block in the configuration, where that is certain. */
export function writtenBy(planned: readonly Json[], written: readonly Json[]): readonly (Json | Untold)[] {
  const untold = new Untold(written);
  // A `dynamic` block is not in the configuration: with one, there are more blocks than are written.
  if (planned.length !== written.length || planned.length > MAX_BLOCKS) return planned.map(() => untold);
  if (planned.length === 1) return written;
  const may = planned.map((one) => written.flatMap((block, at) => (mayBe(one, block) ? [at] : [])));
  const alike = new Map<string, number[]>();
  may.forEach((places, at) => {
    const group = JSON.stringify([places, planned[at]]);
    alike.set(group, [...(alike.get(group) ?? []), at]);
  });
  const found: (Json | Untold)[] = planned.map(() => untold);
  for (const group of alike.values()) {
    const places = may[group[0] as number] as number[];
    const isTaken = may.some((others, at) => !group.includes(at) && others.some((one) => places.includes(one)));
    // Blocks that are alike in all that is known may change places.
    if (!isTaken && places.length === group.length)
      group.forEach((at, nth) => (found[at] = written[places[nth] as number] as Json));
  }
  return found;
}

/** Do the constants of a written block stand in the planned one? */
function mayBe(planned: Json, written: Json): boolean {
  if (!isObject(planned) || !isObject(written)) return false;
  return Object.entries(written as JsonObject).every(([key, expression]) => {
    const constant = isExpression(expression) ? expression['constant_value'] : undefined;
    const value = memberOf(planned, key);
    if (constant === undefined || value === undefined || value === null) return true;
    return isObject(constant) || Array.isArray(constant) || String(constant) === String(value);
  });
}
