// The Http port over node:https: what the regions ask each other directly.
import * as http from 'node:http';
import * as https from 'node:https';
import { abortSignalOf } from '../cancellation';
import type { Http, HttpAnswer } from '../ports';
import { collect } from './aws-request';

/** Named, so that a region does not take its peer's question for a Route 53 probe. */
const HEADERS = { 'user-agent': 'dr-peer/1', accept: 'application/json' };

export const httpsGet: Http = {
  get: (url, signal) =>
    new Promise<HttpAnswer>((resolve, reject) => {
      const send = url.startsWith('http:') ? http.request : https.request;
      const sent = send(
        url,
        { method: 'GET', headers: HEADERS, ...(signal ? { signal: abortSignalOf(signal) } : {}) },
        (response) => collect(response, ({ status, body }) => resolve({ status, body }), reject),
      );
      sent.on('error', reject);
      sent.end();
    }),
};
