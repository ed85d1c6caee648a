// Two replicas behind the wire protocol of DynamoDB, as far as a comparison asks: Scan in pages made before, Query of one key. A process
// of its own, so that its CPU is nobody's.
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const PAGE = 1_000;
const DIFFERENCES = 40;
const START_MS = Date.UTC(2026, 9, 1);
/** Most pages are whole: a reader that asks for less gets its items one text at a time. */
const TEXTS = { here: [], there: [] };

/** The endpoint; the server ends with this process. */
export function serving(items) {
  return new Promise((resolve, reject) => {
    const server = fork(fileURLToPath(import.meta.url), [String(items)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    server.once('message', (port) => {
      server.unref();
      server.channel.unref();
      resolve(`http://127.0.0.1:${port}`);
    });
    server.once('exit', (code) => reject(new Error(`the server of pages ended with ${code}`)));
  });
}

/** One version a second, eight of each item; the value is a small order. */
function versionOf(n, isOther) {
  const stamp = (at) =>
    `${new Date(START_MS + at * 1000).toISOString()}#mumbai#0000000a-${String(at % 1_000_000).padStart(6, '0')}`;
  const json = JSON.stringify({
    order: n,
    state: isOther ? 'paid' : 'open',
    lines: [{ sku: `tea-${n % 97}`, count: n % 7 }],
    note: 'leave it at the door',
  });
  return {
    id: { S: `order-${n >> 3}` },
    timestamp: { S: stamp(n) },
    region: { S: 'mumbai' },
    previous: n % 8 === 0 ? { NULL: true } : { S: stamp(n - 1) },
    json: { S: json },
  };
}

function pageOf(table, { ExclusiveStartKey: key, Limit: limit = PAGE }) {
  const from = key ? Number(positions.get(keyOf(key))) + 1 : 0;
  const all = TEXTS[table] ?? [];
  const texts = all.slice(from, from + limit);
  const last = from + texts.length - 1;
  const more = last + 1 < all.length ? `,"LastEvaluatedKey":${JSON.stringify(keys[last])}` : '';
  return `{"Count":${texts.length},"ScannedCount":${texts.length},"Items":[${texts.join(',')}]${more}}`;
}

function oneOf(table, { ExpressionAttributeValues: values }) {
  const [id, timestamp] = [values[':id'], values[':from']];
  const at = timestamp && positions.get(keyOf({ id, timestamp }));
  const texts = at === undefined || TEXTS[table] === undefined ? [] : [TEXTS[table][at]];
  return `{"Count":${texts.length},"ScannedCount":${texts.length},"Items":[${texts.join(',')}]}`;
}

/** Writes are taken and forgotten, and other tables are empty. */
function answerTo(target, asked) {
  if (target.endsWith('.Scan')) return pageOf(asked.TableName, asked);
  return target.endsWith('.Query') ? oneOf(asked.TableName, asked) : '{}';
}

const keys = [];
const positions = new Map();
const keyOf = ({ id, timestamp }) => `${id.S}\n${timestamp.S}`;

function serve(items) {
  const every = Math.floor(items / DIFFERENCES);
  for (let n = 0; n < items; n += 1) {
    const { id, timestamp } = versionOf(n, false);
    keys.push({ id, timestamp });
    positions.set(keyOf({ id, timestamp }), n);
    TEXTS.here.push(JSON.stringify(versionOf(n, false)));
    TEXTS.there.push(JSON.stringify(versionOf(n, n % every === 1 && n < every * DIFFERENCES)));
  }
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const asked = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
      const body = Buffer.from(answerTo(String(request.headers['x-amz-target']), asked));
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': body.length });
      response.end(body);
    });
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  process.on('disconnect', () => process.exit(0));
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) serve(Number(process.argv[2]));
