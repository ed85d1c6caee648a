// What a new process takes until a function has answered, next to a client of the SDK with its default settings.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LAMBDAS } from '../../scripts/freshness.mjs';
import { inTurn } from '../harness/context.mjs';
import { serving } from '../harness/pages-server.mjs';

/** So many new processes make one figure. */
const PROCESSES = 10;
const BARE = `
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
const query = { TableName: 'table', KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': { S: 'order-1' } } };
export const handler = async () => {
  const { Items = [] } = await client.send(new QueryCommand(query));
  return { statusCode: Items.length === 0 ? 404 : 200 };
};
`;
const PEER = 'bare SDK client';
const UNTREATED = "bare SDK client, esbuild's defaults";

const UNTREATED_OPTIONS = { bundle: true, platform: 'node', target: 'node22' };

/** What Lambda itself sets. */
const OF_LAMBDA = {
  AWS_REGION: 'ap-south-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  // That this node is older than Lambda's is not said there.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

const EVENTS = {
  scheduled: { source: 'aws.scheduler', 'detail-type': 'Scheduled Event' },
  get: {
    requestContext: { elb: { targetGroupArn: 'group' } },
    httpMethod: 'GET',
    path: '/items/order-1',
    queryStringParameters: {},
    headers: { accept: 'application/json' },
    body: '',
    isBase64Encoded: false,
  },
};
const firstEventOf = (name) => EVENTS[name === 'traffic-router' ? 'get' : 'scheduled'];

/** A function's variables, as the stack sets them; its peers are hosts that refuse, and its clients need no key. */
function variablesIn(stack, name) {
  const all = Object.values(JSON.parse(readFileSync(stack, 'utf8')).resource.aws_lambda_function);
  const { variables } = all.find(({ function_name: full }) => full.endsWith(name)).environment;
  const peers = JSON.parse(variables.DR_PEERS).map((peer) => ({ ...peer, host: '127.0.0.1' }));
  return { ...variables, DR_PEERS: JSON.stringify(peers), ...(variables.DR_AUTH ? { DR_AUTH: 'none' } : {}) };
}

export const row = {
  name: 'cold-start',
  work: 'cold start of each function',
  does:
    `A new node process loads the bundle with the variables of the stack, its clients are made, and it answers a first event: a GET of the router, the schedule of the others. CPU from the first line of the bundle on, the median of ${PROCESSES} processes a figure. ` +
    'AWS is a process beside it, with empty tables; the functions make more calls in their first event than the one query of the client of the SDK. The latter is bundled with the same options of esbuild, and with the credential chain that our functions leave out.',
  peer: 'a DynamoDB client of the SDK with its default settings',
  note:
    'Why the bar of the CPU is not met: of the 228 KB of the router the SDK is 180, which the bare client has as well, and loading takes as long as there is code. ' +
    'The last line of each case is the same client as esbuild bundles it by default: not minified, and with all of the SDK that it can find.',
  turns: 5,
  bars: [
    { title: 'CPU to load', kind: 'ratio', of: 'loadCpuMs', atMost: 0.5 },
    { title: 'bundle', kind: 'value', of: 'bundleKb', atMost: 250, unit: 'KB' },
  ],
  async prepare({ tree, scratch, bundle, stack, node, program }) {
    const file = await stack();
    const bare = await bundle('bare-sdk', BARE, { alias: {} });
    const untreated = await bundle('bare-sdk-untreated', BARE, { base: UNTREATED_OPTIONS });
    const endpoint = await serving(0);
    const started = (path, event, variables) => async () => {
      const env = { ...OF_LAMBDA, AWS_ENDPOINT_URL: endpoint, ...variables };
      const out = join(scratch, 'cold-start.json');
      const all = [];
      for (let count = 0; count < PROCESSES; count += 1) {
        await node([program('cold-start.cjs'), path, JSON.stringify(event), out], { env, keep: false });
        all.push(JSON.parse(readFileSync(out, 'utf8')));
      }
      const medianOf = (field) => all.map((one) => one[field]).sort((a, b) => a - b)[PROCESSES >> 1];
      return {
        ...Object.fromEntries(['cpuMs', 'loadCpuMs', 'wallMs'].map((field) => [field, medianOf(field)])),
        bundleKb: statSync(path).size / 1000,
      };
    };
    return LAMBDAS.map((name) =>
      inTurn(name, {
        [name]: started(join(tree, 'dist', name, 'index.js'), firstEventOf(name), variablesIn(file, name)),
        [PEER]: started(bare, EVENTS.get, {}),
        [UNTREATED]: started(untreated, EVENTS.get, {}),
      }),
    );
  },
};
