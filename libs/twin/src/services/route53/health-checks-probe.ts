// One probe of one Route 53 checker: name, connection, status and, where asked for, text (HC-01 to HC-04, HC-12, HC-13).
import { gunzipSync, inflateSync } from 'node:zlib';
import { PROBE_SECONDS } from '@dr/contracts';
import type { HttpResponse } from '../../http';
import type { EndpointSource } from '@dr/stack';
import type { HttpFailure, Site } from '../../site';
import { BY_ASSUMPTION } from '../opaque/assumed';
import type { ProbePath } from '../ports';

export interface ProbeResult {
  readonly outcome: 'healthy' | HttpFailure | 'bad-status' | 'no-match';
  /** AWS region that the endpoint's name led to; undefined when it led nowhere. */
  readonly region: string | undefined;
  readonly status?: number;
  readonly answeredBy?: string;
}

const LIMITS = { connectMs: PROBE_SECONDS.connect * 1_000, responseMs: PROBE_SECONDS.status * 1_000 };
const SEARCHED_BYTES = 5_120;
/** A compressed body larger than this is not unpacked. */
const MAX_UNPACKED_BYTES = 1_048_576;
const DEFAULT_PORTS = { http: 80, https: 443 } as const;

export async function probe(
  internet: ProbePath,
  source: EndpointSource,
  healthCheckId: string,
  from: Site,
): Promise<ProbeResult> {
  const { protocol, host, port, path, searchString } = source;
  const answer = internet.resolve(host, from);
  if (!answer) return { outcome: 'refused', region: undefined };
  const region = answer.awsRegion;
  if (protocol === 'tcp') {
    const met = await internet.connect(from, answer, port, PROBE_SECONDS.tcpConnect * 1_000);
    return { outcome: met === 'open' ? 'healthy' : met, region };
  }
  const headers = {
    host: port === DEFAULT_PORTS[protocol] ? host : `${host}:${port}`,
    'user-agent': `Amazon-Route53-Health-Check-Service (ref ${healthCheckId}; report http://amzn.to/1vsZADi)`,
    connection: 'close',
    accept: '*/*',
  };
  // Without a text to look for, the status decides (HC-02). Checkers do not validate the certificate (HC-04).
  const bodyMs = searchString === undefined ? 0 : PROBE_SECONDS.body * 1_000;
  const response = await internet.request(
    from,
    answer,
    { protocol, port },
    { method: 'GET', path, headers, body: Buffer.alloc(0) },
    { ...LIMITS, bodyMs },
  );
  if (typeof response === 'string') return { outcome: response, region };
  const { status, answeredBy } = response;
  const seen = { region, status, ...(answeredBy === undefined ? {} : { answeredBy }) };
  if (status < 200 || status >= 400) return { outcome: 'bad-status', ...seen };
  const isMatch =
    searchString === undefined || answeredBy === BY_ASSUMPTION || plainBody(response).includes(searchString);
  return { outcome: isMatch ? 'healthy' : 'no-match', ...seen };
}

/** What is searched: the first bytes of the body, unpacked. */
function plainBody({ headers, body }: HttpResponse): Buffer {
  const options = { maxOutputLength: MAX_UNPACKED_BYTES };
  try {
    const encoding = headers['content-encoding'];
    const plain =
      encoding === 'gzip' ? gunzipSync(body, options) : encoding === 'deflate' ? inflateSync(body, options) : body;
    return plain.subarray(0, SEARCHED_BYTES);
  } catch {
    // A body that is not what its content-encoding says matches nothing.
    return Buffer.alloc(0);
  }
}
