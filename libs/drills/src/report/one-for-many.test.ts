// A whole drill of our own stack throttles the same share where one simulated request stands for one, for ten and for a hundred.
import type { Fault } from '@dr/contracts';
import { parseStack, type Graph } from '@dr/terraform-json';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { simulate } from '../run/simulate';
import { startTwin } from '../run/start';
import { clientsAsking } from '../schedule/load-plan';
import { OURS } from '../systems/ours';
import { synthesizeInto } from '../testing/synthesized-stack';

const SURVIVOR = 'ap-southeast-1';
const FAULT_SECONDS = 12;
/** By then every client asks the survivor. */
const MOVED_SECONDS = 60;

let out: string;
let stack: { readonly resource: { readonly aws_dynamodb_table: Record<string, object> } };
let path: string;

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'dr-one-for-many-'));
  path = synthesizeInto(out, []);
  stack = JSON.parse(readFileSync(path, 'utf8')) as typeof stack;
});
afterAll(() => rmSync(out, { recursive: true }));

/** Our own stack, whose table takes so many reads a second and no more. */
function withReads(most: number): Graph {
  const tables = Object.entries(stack.resource.aws_dynamodb_table).map(([name, values]) => [
    name,
    { ...values, on_demand_throughput: { max_read_request_units: most } },
  ]);
  const resource = { ...stack.resource, aws_dynamodb_table: Object.fromEntries(tables) };
  return parseStack({ ...stack, resource }, dirname(path));
}

interface Drilled {
  /** Of each region. */
  readonly perSecond: number;
  readonly perRequest: number;
  /** For how long the survivor carries all. */
  readonly seconds: number;
}

/** Mumbai is lost for good, and the survivor's table takes 0.62 of the reads of both. */
async function throttledReads({ perSecond, perRequest, seconds }: Drilled): Promise<{ before: number; after: number }> {
  const graph = withReads(1.25 * perSecond);
  const load = { perRequest, accountConcurrency: 10 * perSecond };
  const twin = await startTwin({ system: OURS, graph, seed: 1, load });
  const simulated = (2 * perSecond) / perRequest;
  const lost: Fault = { kind: 'region-dark', region: 'mumbai', startSeconds: FAULT_SECONDS, durationSeconds: 600 };
  await simulate({
    ...{ stack: twin, graph, schedule: { faults: [{ ...lost, neverHeals: true }], orders: [] } },
    load: { clients: clientsAsking(simulated), requestsPerSecond: simulated, writeShare: 0.5 },
    ending: async ({ advance }) => {
      await advance((MOVED_SECONDS + seconds) * 1000);
      return {};
    },
  });
  const reads = twin.world.limits?.counters.find(({ id, awsRegion }) => id === 'table-reads' && awsRegion === SURVIVOR);
  const share = (from: number, to: number): number => {
    const within = [...(reads?.seconds ?? [])].filter(([second]) => second >= from && second < to);
    const sum = (key: 'asked' | 'refused'): number => within.reduce((total, [, of]) => total + of[key], 0);
    return sum('refused') / sum('asked');
  };
  return { before: share(0, FAULT_SECONDS), after: share(MOVED_SECONDS, MOVED_SECONDS + seconds) };
}

test('CAP-05 a whole drill throttles the same share for 1, 10 and 100, within 5 %', async () => {
  const one = await throttledReads({ perSecond: 80, perRequest: 1, seconds: 30 });
  expect(one.before).toBe(0);
  expect(one.after).toBeGreaterThan(0.25);
  const many = [
    await throttledReads({ perSecond: 80, perRequest: 10, seconds: 100 }),
    // A limit lets ten simulated requests pass at least: the same drill, ten times as large.
    await throttledReads({ perSecond: 800, perRequest: 100, seconds: 100 }),
  ];
  for (const { after } of many) expect(Math.abs(after - one.after)).toBeLessThan(0.05 * one.after);
}, 600_000);
