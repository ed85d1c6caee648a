// If-Match and If-None-Match (RFC 9110, 13.1): parsed, and held against the item as one replica shows it.
import { badRequest, Problem, type HttpRequest } from '@dr/handler-core';

interface Tag {
  readonly weak: boolean;
  readonly stamp: string;
}

type Tags = '*' | readonly Tag[];

export interface Preconditions {
  readonly match: Tags | undefined;
  readonly noneMatch: Tags | undefined;
}

export const etagOf = (stamp: string): string => `"${stamp}"`;

/** undefined: the request sets none. Throws Problem 400 for a header that is no list of entity tags. */
export function parsePreconditions({ headers }: HttpRequest): Preconditions | undefined {
  const match = parseTags('if-match', headers['if-match']);
  const noneMatch = parseTags('if-none-match', headers['if-none-match']);
  return match || noneMatch ? { match, noneMatch } : undefined;
}

const TAG = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\u0080-\uffff]*)")?[ \t]*(?:,|$)/y;

function parseTags(name: string, text: string | undefined): Tags | undefined {
  if (text === undefined) return undefined;
  if (text.trim() === '*') return '*';
  const tags: Tag[] = [];
  TAG.lastIndex = 0;
  while (TAG.lastIndex < text.length) {
    const found = TAG.exec(text);
    if (!found) break;
    if (found[2] !== undefined) tags.push({ weak: found[1] !== undefined, stamp: found[2] });
    if (TAG.lastIndex === text.length && tags.length > 0) return tags;
  }
  const detail = `${name} takes * or a list of entity tags, each in double quotes, as the header etag gives them`;
  throw badRequest('bad-precondition', detail);
}

/**
 * `stamp`: of the version that a GET would show; undefined: none. `unmet`: If-Match does not hold, or If-None-Match fails a write.
 * `not-modified`: If-None-Match fails a read.
 */
export function evaluate(
  { match, noneMatch }: Preconditions,
  stamp: string | undefined,
  isRead: boolean,
): 'met' | 'unmet' | 'not-modified' {
  if (match !== undefined && !names(match, stamp, 'strong')) return 'unmet';
  if (noneMatch !== undefined && names(noneMatch, stamp, 'weak')) return isRead ? 'not-modified' : 'unmet';
  return 'met';
}

/** Strong comparison never finds a weak tag equal; weak comparison looks at the text alone (RFC 9110, 8.8.3.2). */
const names = (tags: Tags, stamp: string | undefined, comparison: 'strong' | 'weak'): boolean =>
  stamp !== undefined &&
  (tags === '*' || tags.some((tag) => tag.stamp === stamp && (comparison === 'weak' || !tag.weak)));

export const preconditionFailed = (stamp: string | undefined, region: string, detail?: string): Problem =>
  new Problem(
    412,
    'precondition-failed',
    'The item is not as the request expects',
    detail ??
      (stamp === undefined ? 'It is not there in this region' : `Its latest version in this region is ${stamp}`),
    { 'x-data-region': region, ...(stamp === undefined ? {} : { etag: etagOf(stamp) }) },
  );
