// A GET of the router next to a bare handler and to what teams route with, in one process.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The router with its own shell, reading from memory: what a call of DynamoDB takes is the SDK's. Each read writes a line and counts. */
const ENTRY = `
import { METRICS } from '@dr/contracts/system';
import { createTelemetry, systemClock, systemRandom, writeLine, type Item, type Table } from '@dr/handler-core';
import { trafficRouter } from './apps/traffic-router/src/handler';

const telemetry = createTelemetry({ clock: systemClock, region: 'mumbai', functionName: 'traffic-router', write: writeLine });
const items: Item[] = [];
const table: Table = {
  query: async ({ id, limit = 1 }) => {
    telemetry.log('INFO', 'read', { id });
    telemetry.count(METRICS.badRecords);
    return { items: items.filter((item) => item.id === id).slice(0, limit) };
  },
  put: async (item) => {
    items.unshift(item);
    return 'written';
  },
  scan: async () => ({ items }),
};
export const handler = trafficRouter({ clock: systemClock, random: systemRandom, telemetry, region: 'mumbai', table, peers: [] });
`;
const SUBJECT = 'our router, a line and a metric';
const SIDES = [
  SUBJECT,
  'bare handler, a line',
  'hono, a line',
  'Powertools router, a line and a metric',
  'Express with serverless-http, a line',
];

export const row = {
  name: 'router',
  work: 'the router: a GET of an item',
  does:
    'Each handler gets the same event of a load balancer 5,000 times a round and answers an item from memory, with a line of JSON on stdout; ours and ' +
    'that of Powertools also count a metric. All are in one process and take turns; the rounds after the first two count.',
  peer: 'a handler without a library, which writes one line',
  turns: 3,
  bars: [{ title: 'CPU of an invocation', kind: 'ratio', of: 'cpuUsPerCall', atMost: 2 }],
  async prepare({ scratch, bundle, node, program }) {
    const router = await bundle('router', ENTRY);
    const run = async (names) => {
      const out = join(scratch, 'router.json');
      const given = JSON.stringify({ router, out, names, subject: SUBJECT });
      await node([program('router.mjs'), given], { keep: false });
      if (!existsSync(out)) throw new Error('the handlers gave no figures');
      return JSON.parse(readFileSync(out, 'utf8'));
    };
    return [{ name: '', sides: SIDES, run }];
  },
};
