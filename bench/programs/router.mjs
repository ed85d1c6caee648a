// A handler that answers one item, alone in its process: `node router.mjs '{"router":…,"out":…,"side":…}'`. Its lines go to stdout, which
// has to be /dev/null; the CPU of an invocation goes to the file `out`.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const CALLS = 5_000;
const ROUNDS = 8;
const WARM_UP = 2;

const BODY = {
  customer: 'c-1043',
  lines: [
    { sku: 'tea-12', count: 2 },
    { sku: 'cup-3', count: 4 },
  ],
  total: 41.5,
  paid: true,
};
const ITEM = {
  id: 'order-1',
  value: BODY,
  region: 'mumbai',
  timestamp: '2026-11-01T10:00:00.000Z#mumbai#0000000a-000001',
};
const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-data-region': 'mumbai',
  etag: `"${ITEM.timestamp}"`,
};
const items = new Map([[ITEM.id, ITEM]]);
const read = async (id) => items.get(id);
const line = (id) =>
  console.log(
    JSON.stringify({
      timestamp: new Date().toISOString(),
      level: 'INFO',
      function: 'router',
      region: 'mumbai',
      message: 'read',
      id,
    }),
  );

const event = (httpMethod, body) => ({
  requestContext: {
    elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:ap-south-1:111122223333:targetgroup/router/0123456789abcdef' },
  },
  httpMethod,
  path: `/items/${ITEM.id}`,
  queryStringParameters: {},
  headers: {
    accept: 'application/json',
    'accept-encoding': 'gzip, deflate',
    'content-type': 'application/json',
    host: 'app.example.com',
    'user-agent': 'orders/4.2',
    'x-amzn-trace-id': 'Root=1-68f1c0de-0123456789abcdef01234567',
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  },
  body,
  isBase64Encoded: false,
});
const context = {
  awsRequestId: '0',
  functionName: 'router',
  functionVersion: '1',
  memoryLimitInMB: '512',
  invokedFunctionArn: 'arn:aws:lambda:ap-south-1:111122223333:function:router',
  getRemainingTimeInMillis: () => 3_000,
};

async function bare(given) {
  const [, root, id] = given.path.split('/');
  const item = given.httpMethod === 'GET' && root === 'items' ? await read(id) : undefined;
  if (!item) return { statusCode: 404, headers: { 'content-type': 'application/json' }, body: '{}' };
  line(id);
  return { statusCode: 200, headers: HEADERS, body: JSON.stringify(item), isBase64Encoded: false };
}

async function withHono() {
  const { Hono } = await import('hono');
  const { handle: forLambda } = await import('hono/aws-lambda');
  const app = new Hono();
  app.get('/items/:id', async (c) => {
    const item = await read(c.req.param('id'));
    if (!item) return c.json({}, 404);
    line(item.id);
    return c.json(item, 200, HEADERS);
  });
  return forLambda(app);
}

async function withPowertools() {
  const { Logger } = await import('@aws-lambda-powertools/logger');
  const { Metrics, MetricUnit } = await import('@aws-lambda-powertools/metrics');
  const { Router } = await import('@aws-lambda-powertools/event-handler/http');
  const logger = new Logger({ serviceName: 'router' });
  const metrics = new Metrics({ namespace: 'bench', serviceName: 'router' });
  const app = new Router({ logger });
  app.get('/items/:id', async ({ params }) => {
    const item = await read(params.id);
    if (!item) return new Response('{}', { status: 404 });
    logger.info('read', { id: item.id });
    metrics.addMetric('read', MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
    return new Response(JSON.stringify(item), { status: 200, headers: HEADERS });
  });
  return (given, about) => app.resolve(given, about);
}

async function withExpress() {
  const { default: express } = await import('express');
  const { default: serverless } = await import('serverless-http');
  const app = express();
  app.get('/items/:id', async (request, response) => {
    const item = await read(request.params.id);
    if (!item) return response.status(404).json({});
    line(item.id);
    return response.set(HEADERS).json(item);
  });
  return serverless(app);
}

/** The router has its item from a write of its own, and so has its shell. */
async function ours(file) {
  const bundle = createRequire(import.meta.url)(file);
  const put = await bundle.handler(event('PUT', JSON.stringify(BODY)));
  if (put.statusCode !== 200) throw new Error(`the router refuses the item: ${put.body}`);
  return bundle;
}

const { router, out, side } = JSON.parse(process.argv[2]);
const MAKERS = {
  ours: async () => (await ours(router)).handler,
  shell: async () => (await ours(router)).shell,
  bare: () => bare,
  hono: withHono,
  powertools: withPowertools,
  express: withExpress,
};
const handle = await MAKERS[side]();
const get = event('GET', '');
const { statusCode, body } = await handle(get, context);
if (statusCode !== 200 || JSON.parse(body).id !== ITEM.id) throw new Error(`${side} answers ${statusCode}: ${body}`);

const figures = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const before = process.cpuUsage();
  for (let call = 0; call < CALLS; call += 1) await handle(get, context);
  const { user, system } = process.cpuUsage(before);
  if (round >= WARM_UP) figures.push((user + system) / CALLS);
}
const cpuUsPerCall = figures.sort((a, b) => a - b)[figures.length >> 1];
writeFileSync(out, JSON.stringify({ cpuUsPerCall }));
