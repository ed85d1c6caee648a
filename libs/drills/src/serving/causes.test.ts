// A corpus of mutations of our own stack: each is refused or fails its drill, and the guilty resource is named.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ANY_SYSTEM, judgeStack } from '@dr/review';
import { parseStack, type Graph } from '@dr/terraform-json';
import { startOurs } from '../systems/ours';
import { synthesizeInto } from '../testing/synthesized-stack';
import { whatCannotServe } from '.';
import { OUR_SERVICE } from '../systems/ours/serving';
import { drillOurs } from '../testing/corpus/ask';
import { FAILS, REFUSED, SHOWN, SOUND, type Plant } from '../testing/corpus/ours';
import { add, type Stack } from './testing/plant';

const out = mkdtempSync(join(tmpdir(), 'dr-causes-'));
afterAll(() => rmSync(out, { recursive: true }));
const file = synthesizeInto(out, []);
const text = readFileSync(file, 'utf8');

function mutated(plant: Plant): Graph {
  const stack = JSON.parse(text) as Stack;
  plant(stack);
  return parseStack(stack, dirname(file));
}

test.each(REFUSED)('no drill of %s', async (_name, plant, guilty) => {
  await expect(startOurs({ graph: mutated(plant), seed: 1 })).rejects.toThrow(guilty);
});

test.each(FAILS)('a drill fails of %s, and a rule names it', (_name, plant, guilty) => {
  const graph = mutated(plant);
  expect(whatCannotServe(graph, OUR_SERVICE)).toEqual([]);
  expect(judgeStack(graph, ANY_SYSTEM, ['failover']).map(({ address }) => address)).toContain(guilty);
});

test.each(SHOWN)('a drill shows %s', async (_name, plant, guilty, options) => {
  const { passed, reasons } = await drillOurs(mutated(plant), options);
  expect(passed).toBe(false);
  expect(reasons.join('\n')).toContain(guilty);
});

/** A review says of it that its data is in one region; no client of a drill asks for it. */
const UNASKED: (typeof SOUND)[number] = [
  'there is another table, of one region alone',
  add('aws_dynamodb_table.sessions', {
    name: 'sessions',
    hash_key: 'id',
    attribute: [{ name: 'id', type: 'S' }],
    billing_mode: 'PAY_PER_REQUEST',
  }),
];

let plain: ReturnType<typeof drillOurs>;
beforeAll(() => void (plain = drillOurs(mutated(() => undefined))));

test.each([...SOUND, UNASKED])('a drill passes where %s', async (_name, plant) => {
  const report = await drillOurs(mutated(plant));
  expect(report.reasons).toEqual([]);
  expect(report.rto).toEqual((await plain).rto);
});
