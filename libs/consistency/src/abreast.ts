// Two pages that were read at the same time: which items of one have their copy in the other, and are the two the same?
import type { ItemKey } from './compare';

type Keys = readonly ItemKey[];

/** How far ahead the next item that both pages hold is looked for. */
const REACH = 32;

/**
 * For each item of a page, the place of its copy in the other page; -1 where none was found. Replicas list their items in one order,
 * so a copy stands near. One that stands further away is not found: its key has to be looked up.
 */
export function copiesOf(items: Keys, others: Keys): Int32Array {
  const copies = new Int32Array(items.length).fill(-1);
  let at = 0;
  let other = 0;
  while (at < items.length && other < others.length) {
    if (isSameKey(items[at], others[other])) {
      copies[at] = other;
      at += 1;
      other += 1;
      continue;
    }
    const skipped = distance(others[other], items, at);
    const skippedOthers = distance(items[at], others, other);
    // Equal: neither has its copy within reach.
    if (skipped === skippedOthers) {
      at += 1;
      other += 1;
    } else if (skipped < skippedOthers) at += skipped;
    else other += skippedOthers;
  }
  return copies;
}

/** How many items stand before the one with that key. */
function distance(key: ItemKey | undefined, items: Keys, from: number): number {
  const end = Math.min(items.length, from + REACH);
  for (let at = from + 1; at < end; at += 1) if (isSameKey(key, items[at])) return at - from;
  return Number.POSITIVE_INFINITY;
}

const isSameKey = (a: ItemKey | undefined, b: ItemKey | undefined): boolean =>
  a?.timestamp === b?.timestamp && a?.id === b?.id;

/** JSON values that {@link digest} takes as the same. A property that is undefined counts here, and not there. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return Array.isArray(a) || Array.isArray(b) ? isSameList(a, b) : hasSameProperties(a as Plain, b as Plain);
}

type Plain = Readonly<Record<string, unknown>>;

function isSameList(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (!isSame(a[at], b[at])) return false;
  return true;
}

/** In any order. */
function hasSameProperties(a: Plain, b: Plain): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) if (!Object.hasOwn(b, name) || !isSame(a[name], b[name])) return false;
  return true;
}
