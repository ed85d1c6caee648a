// Texts of a resource, whatever arguments they are in.
import { knownMember } from '@dr/terraform-json';

/** Every text in a value, at any depth, that is known. */
export function textsWithin(value: unknown): readonly string[] {
  const found: string[] = [];
  const visit = (part: unknown): void => {
    if (typeof part === 'string') found.push(part);
    if (typeof part !== 'object' || part === null) return;
    for (const key of Object.keys(part)) visit(knownMember(part as Record<string, unknown>, key));
  };
  visit(value);
  return found;
}
