// Texts of a resource, whatever arguments they are in.
import { knownOrAbsent } from '@dr/terraform-json';

/** Every text in a value, at any depth, that is known. */
export function* textsWithin(value: unknown): Iterable<string> {
  if (typeof value === 'string') yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value))
    yield* textsWithin(knownOrAbsent(() => (value as Record<string, unknown>)[key]));
}
