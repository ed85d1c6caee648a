// Warm throughput of the table: an AWS provider that would replace the table for it is not taken; a later one applies it once.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DEPLOYABLE, layGroundwork, settings, UNPROTECTED } from './support/deployable';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { Stack } from './support/stack';

const WARM = settings(
  'options.warmThroughput.readUnitsPerSecond=24000',
  'options.warmThroughput.writeUnitsPerSecond=16000',
);
const TABLES = [
  '-target=aws_dynamodb_table.system_table',
  '-target=aws_dynamodb_table_replica.system_table_replica_singapore',
];

let aws: EmulatedAws;

beforeAll(async () => {
  aws = await startEmulatedAws();
  await layGroundwork(aws);
});
afterAll(() => aws?.stop());

test('it is applied and planned no more, by a provider that never lowers it', async () => {
  const stack = await Stack.synthesize('dr', [...DEPLOYABLE, ...UNPROTECTED, ...WARM], aws.env);
  // The versions are those that the stack itself asks for, whatever else the run is of.
  for (const file of readdirSync(stack.directory).filter((name) => name.startsWith('provider_override')))
    rmSync(join(stack.directory, file));
  const { exitCode, stderr } = await stack.terraform(['init', '-input=false'], [0, 1]);
  if (exitCode === 1) {
    // Here are older providers only.
    expect(stderr.replace(/\s+/g, ' ')).toMatch(
      /no available releases match the given constraints >= 6\.63\.0, < 7\.0\.0/,
    );
    return;
  }
  await stack.apply(...TABLES);
  const [table] = (await stack.applied()).filter(({ type }) => type === 'aws_dynamodb_table');
  expect(table?.values['warm_throughput']).toEqual([{ read_units_per_second: 24_000, write_units_per_second: 16_000 }]);
  expect(await stack.plan(...TABLES)).toEqual([]);
});
