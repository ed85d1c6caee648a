// A validation run followed from the command line, on a system in memory and on a twin of the synthesized stack.
import { newHead, type PeerReport, type ValidationReport } from '@dr/consistency';
import { startOurs as startTwin } from '@dr/drills';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Refused } from '../operate/operator';
import type { FakeSystem } from '../testing/fake-system';
import { systemOf, type Setup } from '../testing/run-on';

const peer = (over: Partial<PeerReport> = {}): PeerReport => ({
  peer: 'singapore',
  complete: true,
  itemsHere: 3_000,
  itemsThere: 3_000,
  missingHere: 0,
  missingThere: 0,
  divergent: 0,
  conflicting: 0,
  inFlight: 0,
  samples: [],
  conflicts: [],
  ...over,
});

const answer = (over: Partial<ValidationReport> = {}): ValidationReport => ({
  schema: 2,
  region: 'mumbai',
  status: 'open',
  busy: false,
  run: 'mumbai-7',
  startedAt: '2026-01-05T00:00:00.000Z',
  finishedAt: null,
  passed: false,
  newer: 0,
  progress: { items: 0, pages: 0, invocations: 1, share: null, open: 0 },
  peers: [peer({ complete: false })],
  ...over,
});

/** A function that reads 1,000 versions an invocation, 20 s each, and ends with `end` after the third. */
function working(
  end: Partial<ValidationReport>,
  odd: Readonly<Record<number, Partial<ValidationReport> | 'silent'>> = {},
) {
  const events: unknown[] = [];
  const onInvoke = async (system: FakeSystem, event: Readonly<Record<string, unknown>>) => {
    events.push(event);
    const turn = events.length;
    await system.sleep(20_000);
    if (odd[turn] === 'silent') return undefined;
    const items = 1_000 * Math.min(3, turn);
    const progress = { items, pages: 2 * turn, invocations: turn, share: items / 4_000, open: 5 };
    return answer({ progress, ...(turn >= 3 ? { status: 'finished', ...end } : {}), ...odd[turn] });
  };
  return { events, onInvoke };
}

const EQUAL = { passed: true, peers: [peer()] };

test('starts a run, goes on with it to its end and shows how far it is', async () => {
  const { events, onInvoke } = working(EQUAL);
  const { system, dr } = systemOf({ onInvoke });
  const { code, out, err } = await dr('validate');
  expect(code).toBe(0);
  expect(events).toEqual([
    { source: 'dr validate' },
    { source: 'dr validate', run: 'mumbai-7' },
    { source: 'dr validate', run: 'mumbai-7' },
  ]);
  expect(err.split('\n')).toEqual([
    'mumbai: 1,000 versions read, about 25 %, 5 keys to look at again, 1 invocation',
    'mumbai: 2,000 versions read, about 50 %, 5 keys to look at again, 2 invocations',
    '',
  ]);
  expect(out).toMatch(/^PASSED {2}run mumbai-7 of mumbai, .* 3 invocations, 60 s;.*\nsingapore {2}equal /);
  expect([...system.asked]).toEqual(['ap-south-1/dr-data-consistency-validator']);
});

test('fails with 1 and names what differs', async () => {
  const samples = [{ kind: 'missing-there', id: 'order-1', timestamp: '2026-01-04T00:00:00.000Z#mumbai#0a' }] as const;
  const { onInvoke } = working({ peers: [peer({ missingThere: 21, samples })] });
  const { code, out } = await systemOf({ onInvoke }).dr('validate --region singapore');
  expect(code).toBe(1);
  expect(out).toMatch(/^FAILED /);
  expect(out).toContain('the first 1 of 21');
  expect(out).toMatch(/singapore {2}missing-there {2}order-1 {2}2026-01-04/);
});

test('fails with 1 when a peer was not compared to its end, and says why', async () => {
  const { onInvoke } = working({ peers: [peer({ complete: false, incompleteBecause: 'it is dark' })] });
  const { code, out } = await systemOf({ onInvoke }).dr('validate');
  expect(code).toBe(1);
  expect(out).toContain('singapore was not compared to its end: it is dark.');
  expect(out).not.toContain('equal');
});

test('--json prints the report as the function gave it', async () => {
  const { onInvoke } = working(EQUAL);
  const { code, out } = await systemOf({ onInvoke }).dr('validate --json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ schema: 2, run: 'mumbai-7', status: 'finished', ...EQUAL });
});

test('waits while another invocation works, while a replica is tried again, and while nobody answers', async () => {
  const waitingFor = 'the replica of singapore cannot be read: no answer';
  const progress = { items: 1_000, pages: 2, invocations: 2, share: null, open: 0, waitingFor };
  const { events, onInvoke } = working(EQUAL, { 1: { busy: true }, 2: { progress }, 3: 'silent' });
  const { code, err, seconds } = await systemOf({ onInvoke }).dr('validate');
  expect(code).toBe(0);
  expect(err).toContain('another invocation is at work');
  expect(err).toContain(`tries again: ${waitingFor}`);
  expect(events).toHaveLength(4);
  expect(seconds).toBeGreaterThanOrEqual(4 * 20 + 2 + 5 + 5);
});

test.each<[string, Setup, RegExp]>([
  ['nobody answers the first call', { onInvoke: () => undefined }, /was not answered.* a run has begun and goes on/],
  ['the region is dark', { dark: ['mumbai'] }, /ap-south-1 was not answered.*--region/],
  ['its run is given up for another', working(EQUAL, { 2: { run: 'mumbai-8' } }), /given up for run mumbai-8/],
  ['the function fails', { onInvoke: () => Promise.reject(new Refused('x failed: y.')) }, /^x failed: y\.\n$/],
  [
    'the run does not get on',
    { onInvoke: async (system) => (await system.sleep(1_000), answer()) },
    /has not got on for 10 minutes/,
  ],
])('fails with 1 when %s', async (_, setup, message) => {
  const { code, out, err } = await systemOf(setup).dr('validate');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err.trimEnd().split('\n').at(-1)).toMatch(new RegExp(message.source.replace('\\n$', '$')));
});

test.each<[string, Setup, RegExp]>([
  ['validate --region pune', {}, /^--region "pune": .* Use one of mumbai, singapore/],
  ['validate --target mars', {}, /^--target "mars": is not known\. Did you mean aws\? Use one of aws, twin/],
  ['validate mumbai', {}, /too many arguments/],
  ['validate', { onInvoke: () => ({ schema: 1 }) }, /does not know\. Apply the stack of the same version/],
  ['validate', { onInvoke: () => newHead('mumbai') }, /does not know/],
])('fails with 2 for %s', async (command, setup, message) => {
  const { code, out, err } = await systemOf(setup).dr(command);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

test('--target twin: the bundles of both regions find a twin that clients have written to equal', async () => {
  const root = resolve(__dirname, '../../../..');
  const out = mkdtempSync(join(tmpdir(), 'dr-validate-'));
  try {
    const synthesize = async (): Promise<string> => {
      execFileSync(process.execPath, [join(root, 'dist/infra/main.js'), '--out', out], { cwd: root, stdio: 'pipe' });
      return join(out, 'stacks/dr/cdk.tf.json');
    };
    const context = { synthesize, startTwin, temporaryDirectory: () => out };
    const { dr } = systemOf({ context });
    const { code, out: said, err } = await dr('validate --target twin --region singapore --json');
    expect({ code, err }).toMatchObject({ code: 0 });
    const report = JSON.parse(said) as ValidationReport;
    expect(report).toMatchObject({ region: 'singapore', passed: true, peers: [{ peer: 'mumbai', complete: true }] });
    expect(report.peers[0]?.itemsHere).toBeGreaterThan(100);
  } finally {
    rmSync(out, { recursive: true });
  }
});
