// Orders, as a Lambda function behind a load balancer. Plain Node: nothing is bundled.
const { createHash, createHmac } = require('node:crypto');
const https = require('node:https');

const region = process.env.AWS_REGION;
const host = `dynamodb.${region}.amazonaws.com`;
const agent = new https.Agent({ keepAlive: true });

exports.handler = async ({ httpMethod, path, body }) => {
  if (path === '/health') return answer(200, { region });
  const id = /^\/orders\/([\w-]+)$/.exec(path)?.[1];
  if (!id) return answer(404, { error: 'no such path' });
  return httpMethod === 'PUT' ? put(id, JSON.parse(body)) : get(id);
};

/** An order holds what was written last. */
async function put(id, { revision, note }) {
  const item = { pk: { S: `ORDER#${id}` }, revision: { S: revision }, note: { S: note } };
  await dynamodb('PutItem', { TableName: process.env.TABLE, Item: item });
  return answer(200, { id, revision });
}

async function get(id) {
  const found = await dynamodb('GetItem', { TableName: process.env.TABLE, Key: { pk: { S: `ORDER#${id}` } } });
  if (!found.Item) return answer(404, { error: 'no such order' });
  return answer(200, { id, revision: found.Item.revision.S, note: found.Item.note.S });
}

const answer = (statusCode, value) => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

function dynamodb(operation, input) {
  const body = JSON.stringify(input);
  return new Promise((resolve, reject) => {
    const options = { host, method: 'POST', path: '/', headers: signed(operation, body), agent, timeout: 2000 };
    const request = https.request(options, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${operation}: ${response.statusCode} ${text}`));
      });
    });
    request.on('timeout', () => request.destroy(new Error(`${operation}: no answer`)));
    request.on('error', reject);
    request.end(body);
  });
}

/** Signature Version 4. */
function signed(operation, body) {
  const now = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '');
  const day = now.slice(0, 8);
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    host,
    'x-amz-date': now,
    'x-amz-security-token': process.env.AWS_SESSION_TOKEN,
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['POST', '/', '', lines.join(''), names, sha256(body)].join('\n');
  const scope = `${day}/${region}/dynamodb/aws4_request`;
  const key = [day, region, 'dynamodb', 'aws4_request'].reduce(hmac, `AWS4${process.env.AWS_SECRET_ACCESS_KEY}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', now, scope, sha256(canonical)].join('\n')).toString('hex');
  const credential = `Credential=${process.env.AWS_ACCESS_KEY_ID}/${scope}`;
  return { ...headers, authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}` };
}

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
