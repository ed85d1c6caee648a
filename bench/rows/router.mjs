// A GET of the router next to a bare handler and to what teams route with, each in a process of its own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from '../harness/context.mjs';

/** The router with its own shell, reading from memory: what a call of DynamoDB takes is the SDK's. Each read writes a line and counts. */
const ENTRY = `
import { METRICS } from '@dr/contracts/system';
import { createTelemetry, decodeAlb, encodeAlb, jsonResponse, systemClock, systemRandom, writeLine, type Item, type Table } from '@dr/handler-core';
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

/** What every function has around its work, and no work. */
export const shell = async (event: unknown) => {
  const id = decodeAlb(event)?.path.split('/')[2] ?? '';
  telemetry.log('INFO', 'read', { id });
  telemetry.count(METRICS.badRecords);
  const response = jsonResponse(200, items.find((item) => item.id === id));
  telemetry.flush();
  return encodeAlb(event, response);
};
`;
/** By the names of the program. */
const SIDES = {
  ours: 'our router, a line and a metric',
  bare: 'bare handler, a line',
  shell: 'our shell without the router, a line and a metric',
  hono: 'hono, a line',
  powertools: 'Powertools router, a line and a metric',
  express: 'Express with serverless-http, a line',
};

export const row = {
  name: 'router',
  work: 'the router: a GET of an item',
  does:
    'Each handler, alone in its process as a function is, gets the same event of a load balancer 5,000 times a round and answers an item from memory, ' +
    'with a line of JSON on stdout; ours and that of Powertools also count a metric. The rounds after the first two count.',
  peer: 'a handler without a library, which writes one line',
  note:
    'Beside its shell the router reads under a deadline, takes a record for one that anybody may have written, and knows conditional requests. ' +
    'The others answer what a map holds.',
  turns: 5,
  bars: [{ title: 'CPU of an invocation', kind: 'ratio', of: 'cpuUsPerCall', atMost: 2 }],
  async prepare({ scratch, bundle, node, program }) {
    const router = await bundle('router', ENTRY);
    const out = join(scratch, 'router.json');
    const measure = (side) => async () => {
      await node([program('router.mjs'), JSON.stringify({ router, out, side })], { keep: false });
      return JSON.parse(readFileSync(out, 'utf8'));
    };
    return [inTurn('', Object.fromEntries(Object.entries(SIDES).map(([side, name]) => [name, measure(side)])))];
  },
};
