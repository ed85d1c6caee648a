// Errors of the HTTP API as problem documents (RFC 9457).
import type { HttpResponse } from './alb';

export const PROBLEM_TYPE = 'application/problem+json';

/** What a client did wrong, or what this region cannot do now. Thrown anywhere below a route, answered at its edge. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    /** Short and the same for all occurrences, e.g. `item-not-found`. */
    readonly code: string,
    readonly title: string,
    /** This occurrence, and what to do about it. */
    readonly detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${title}: ${detail}`);
  }
}

/** A request that cannot be meant so. */
export const badRequest = (code: string, detail: string): Problem =>
  new Problem(400, code, 'The request is not valid', detail);

export const problemResponse = ({ status, code, title, detail, headers }: Problem): HttpResponse => ({
  status,
  headers: { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', ...headers },
  body: JSON.stringify({ type: `urn:dr:problem:${code}`, title, status, detail }),
});
