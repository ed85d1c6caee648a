// What a region's own name answers to /health, as a client sees it.
import { get } from 'node:https';
import { Unavailable } from '../operate/operator';
import type { AskHealth } from '../operate/status/reader';
import { textField } from '../operate/text-field';

const PATIENCE_MS = 5_000;
/** The answer has a few hundred bytes. */
const MAX_BYTES = 65_536;

export const askHealth: AskHealth = (host) =>
  new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Unavailable(`https://${host}/health gave no answer (${why})`));
    const request = get({ host, path: '/health', timeout: PATIENCE_MS, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > MAX_BYTES) request.destroy(new Error('it is too long'));
      });
      response.on('error', ({ message }) => fail(message));
      // health-checker answers JSON; what stands before it may not.
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, reason: textField(body, 'reason') ?? null }),
      );
    });
    request.setTimeout(PATIENCE_MS, () => request.destroy(new Error(`none within ${PATIENCE_MS / 1_000} s`)));
    request.on('error', ({ message }) => fail(message));
  });
