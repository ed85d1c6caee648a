// A run over DynamoDB's own API (dynalite over loopback HTTP) with the real adapter: 10^4 versions, many invocations, some killed.
import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { dynamoDbTable, type Table } from '@dr/handler-core';
// eslint-disable-next-line @nx/enforce-module-boundaries -- what stands in for DynamoDB in the contract suite does so here
import { dynamoDbLoopback, type Loopback } from '../../../libs/handler-core/src/testing/loopback-adapter';
import { Interrupted, WorkClock, type Kill } from './testing/interrupted';

const TABLE = 'dr-system-table';
const VERSIONS = 10_000;
const VERSIONS_AN_ITEM = 20;
const START_MS = new WorkClock().now();
const replicas: Loopback[] = [];
afterAll(() => Promise.all(replicas.map((one) => one.close())));

async function replica(rows: readonly Readonly<Record<string, unknown>>[]): Promise<Table> {
  const loopback = await dynamoDbLoopback(TABLE);
  replicas.push(loopback);
  const { identity } = loopback;
  const client = new DynamoDBClient({ region: 'ap-south-1', ...identity });
  for (let at = 0; at < rows.length; at += 25) {
    const RequestItems = {
      [TABLE]: rows
        .slice(at, at + 25)
        .map((row) => ({ PutRequest: { Item: marshall(row, { removeUndefinedValues: true }) } })),
    };
    await client.send(new BatchWriteItemCommand({ RequestItems }));
  }
  client.destroy();
  return dynamoDbTable({ table: TABLE, region: 'ap-south-1', identity });
}

const row = (n: number) => ({
  id: `item-${Math.floor(n / VERSIONS_AN_ITEM)}`,
  timestamp: `${new Date(START_MS - (VERSIONS - n) * 1000).toISOString()}#mumbai#0000000a-000001`,
  region: 'mumbai',
  previous: null,
  value: { n },
});

it('finds what differs in 10^4 versions, through many invocations, and reads no page twice but what a kill took', async () => {
  const numbers = Array.from({ length: VERSIONS }, (_, n) => n);
  const lacksHere = (n: number): boolean => n % 1_511 === 7;
  const lacksThere = (n: number): boolean => n % 997 === 5 || (n >= 4_000 && n < 4_150);
  const differs = (n: number): boolean => n % 1_009 === 3;
  const count = (which: (n: number) => boolean): number => numbers.filter(which).length;
  const here = await replica(numbers.filter((n) => !lacksHere(n)).map(row));
  const there = await replica(
    numbers.filter((n) => !lacksThere(n)).map((n) => (differs(n) ? { ...row(n), value: 'other' } : row(n))),
  );
  const peers = [{ name: 'singapore', table: there }];
  const validator = new Interrupted({ clock: new WorkClock(), pageMs: 4_000, callMs: 50, here, peers });
  const kills: (Kill | undefined)[] = [
    { atCall: 5, afterEffect: true },
    undefined,
    { atCall: 8, afterEffect: false },
    { atCall: 6, afterEffect: true },
  ];
  const report = await validator.runThrough(kills);
  expect(report.passed).toBe(false);
  expect(report.peers).toMatchObject([
    {
      complete: true,
      itemsHere: count((n) => !lacksHere(n)),
      itemsThere: count((n) => !lacksThere(n)),
      missingHere: count((n) => lacksHere(n) && !lacksThere(n)),
      missingThere: count((n) => !lacksHere(n) && lacksThere(n)),
      divergent: count((n) => differs(n) && !lacksHere(n) && !lacksThere(n)),
      inFlight: 0,
    },
  ]);
  expect(validator.readTwice()).toEqual([]);
  expect(validator.kills).toBe(3);
  expect(validator.invocations).toBeGreaterThanOrEqual(5);
}, 300_000);
