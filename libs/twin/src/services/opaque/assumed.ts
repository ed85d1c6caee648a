// Answers of what is not run: a status, and a body that is taken to hold whatever a health check looks for.
import type { HttpResponse } from '../../http';

/** `answeredBy` of an endpoint whose application is not run. */
export const BY_ASSUMPTION = 'assumption';

export const bare = (status: number, answeredBy: string, text = ''): HttpResponse => {
  const body = Buffer.from(text);
  return { status, headers: { 'content-length': String(body.length) }, body, answeredBy };
};
