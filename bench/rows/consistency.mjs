// The comparison of two replicas next to a script that scans both with the SDK and compares their items as text.
import { inTurn } from '../harness/context.mjs';
import { serving } from '../harness/pages-server.mjs';

const ITEMS = 40_000;
const IDENTITY = "{ credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }, endpoint }";

/** As the validator reads: pages of both replicas at once, the keys that differ once more. */
const OURS = `
import { HERE, OpenKeys, ValidationRun, newRun } from '@dr/consistency';
import { dynamoDbTable, exactly } from '@dr/handler-core';

export async function compare(endpoint: string) {
  const tableOf = (table: string) => dynamoDbTable({ table, region: 'ap-south-1', identity: ${IDENTITY} });
  const tables = { here: tableOf('here'), there: tableOf('there') };
  const of = (replica: unknown) => (replica === HERE ? tables.here : tables.there);
  const start = newRun({ id: 'bench', startedAtMs: Date.parse('2027-01-01'), settleMs: 0, peers: ['there'] });
  const run = new ValidationRun(start, new OpenKeys());
  while (run.stage === 'scanning') {
    const read = run.nextPages().map(async ({ replica, cursor, limit }) => ({ replica, ...(await of(replica).scan(cursor, undefined, limit)) }));
    run.addPages(await Promise.all(read), 0);
  }
  while (run.stage === 'settling') {
    for (const key of run.nextKeys(32)) {
      const one = async (table: typeof tables.here) => (await table.query(exactly(key.id, key.timestamp))).items[0];
      run.settle(key, await one(tables.here), await one(tables.there));
    }
  }
  const [{ itemsHere, itemsThere, divergent, missingHere, missingThere }] = run.reports();
  return { items: itemsHere + itemsThere, differences: divergent + missingHere + missingThere };
}
`;
const PEER = `
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

export async function compare(endpoint: string) {
  const client = new DynamoDBClient({ region: 'ap-south-1', ...${IDENTITY} });
  const textsOf = async (TableName: string) => {
    const texts = new Map<string, string>();
    let ExclusiveStartKey;
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ TableName, Limit: 1000, ExclusiveStartKey }));
      for (const attributes of Items) {
        const item = unmarshall(attributes);
        texts.set(item.id + '\\n' + item.timestamp, JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))));
      }
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return texts;
  };
  const [here, there] = await Promise.all([textsOf('here'), textsOf('there')]);
  let differences = 0;
  for (const [key, text] of here) if (there.get(key) !== text) differences += 1;
  for (const key of there.keys()) if (!here.has(key)) differences += 1;
  return { items: here.size + there.size, differences };
}
`;

export const row = {
  name: 'consistency',
  work: 'the comparison of replicas',
  does:
    `Compares two replicas of ${ITEMS.toLocaleString('en-US')} versions each, in pages of 1,000 that another process serves as DynamoDB does, with 40 differences that both have to find. ` +
    'CPU is that of the process that compares, its start left out.',
  peer: 'a scan with the SDK as it is, `unmarshall`, and a map of texts',
  turns: 5,
  bars: [{ title: 'items in a second of CPU', kind: 'ratio', of: 'itemsPerCpuSecond', atLeast: 2 }],
  async prepare({ bundle, node, program }) {
    const [ours, peer] = [await bundle('consistency', OURS), await bundle('consistency-peer', PEER, { alias: {} })];
    const endpoint = await serving(ITEMS);
    const compared = (file) => async () => {
      const { stdout } = await node([program('consistency.cjs'), file, endpoint]);
      const { cpuMs, wallMs, items, differences } = JSON.parse(stdout);
      if (differences !== 40) throw new Error(`${differences} differences were found in place of 40`);
      return { cpuMs, wallMs, itemsPerCpuSecond: (items / cpuMs) * 1000 };
    };
    return [inTurn('', { 'libs/consistency': compared(ours), 'SDK, unmarshall and a map': compared(peer) })];
  },
};
