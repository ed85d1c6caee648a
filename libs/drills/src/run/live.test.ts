// A live run: what is done to it by hand has the effects that it has in a drill, is refused where it makes no sense, and is judged at rest.
import { parsePopulations } from '@dr/contracts';
import type { Graph } from '@dr/terraform-json';
import type { EventOf } from '@dr/twin';
import { withSynthesizedStack } from '../testing/synthesized-stack';
import { startOurs } from '../systems/ours';
import type { Load } from '../schedule/scenario';
import { LiveRun, type Conclusion } from './live';

const DARK = { kind: 'region-dark', region: 'mumbai' };
const LOAD = { clients: 10, requestsPerSecond: 2, writeShare: 0.5 };

async function liveOn(graph: Graph, rtoSeconds = 60, populations: Load['populations'] = []) {
  const stack = await startOurs({ graph, seed: 1 });
  return {
    stack,
    live: new LiveRun({ stack, graph, load: { ...LOAD, populations }, objective: { rtoSeconds, rpoSeconds: 5 } }),
  };
}
const onStack = (use: (graph: Graph) => Promise<void>): Promise<void> => withSynthesizedStack([], use);

test('a fault begun and ended by hand moves the clients and lets them return; the run is judged once it is at rest', () =>
  onStack(async (graph) => {
    const { stack, live } = await liveOn(graph);
    await live.advance(30_000);
    const id = live.begin(DARK);
    expect(live.faults).toMatchObject([{ id, fault: { ...DARK, startSeconds: 30 }, endsAtMs: null }]);
    await live.advance(130_000);
    const answers = (): EventOf<'dns-answer'>[] =>
      stack.world.events.ofKind('dns-answer').filter(({ from, name }) => from === 'mumbai' && name === stack.domain);
    expect(answers().at(-1)?.regions).toEqual(['singapore']);
    live.end(id);
    expect(live.faults).toEqual([]);
    expect(stack.world.events.ofKind('fault-end')).toMatchObject([{ atMs: 130_000, fault: DARK }]);
    await live.advance(400_000);
    expect(answers().at(-1)?.regions).toEqual(['mumbai']);
    expect(await live.conclude()).toEqual({ passed: true, reasons: [] });
  }));

test('a run whose worst client waits longer than the objective has not passed', () =>
  onStack(async (graph) => {
    const { live } = await liveOn(graph, 5);
    await live.advance(20_000);
    live.begin(DARK, 100);
    await live.advance(400_000);
    const { reasons } = (await live.conclude()) as Extract<Conclusion, { reasons: unknown }>;
    expect(reasons).toEqual([
      expect.stringMatching(
        /^the worst client that honours the TTL and opens a new connection was without .*; the objective is 5 s$/,
      ),
    ]);
  }));

test('other clients are reported apart, as in a drill: they miss the objective, and the run passes', () =>
  onStack(async (graph) => {
    const others = parsePopulations('keeps=0.4,stretches=0.2:300,far=0.2');
    const { live } = await liveOn(graph, 60, others);
    await live.advance(60_000);
    live.begin({ kind: 'lambda-errors', region: 'mumbai', functionName: 'traffic-router' }, 400);
    await live.advance(700_000);
    const ended = (await live.conclude()) as Extract<Conclusion, { reasons: unknown }>;
    expect(ended.reasons).toEqual([]);
    const [keeps, stretches, far] = ended.populations ?? [];
    expect(keeps).toMatchObject({ name: 'keeps', clients: 4, keepAlive: { seconds: 60 } });
    expect(stretches).toMatchObject({ name: 'stretches', clients: 2 });
    expect(far).toMatchObject({ name: 'far', clients: 2 });
    expect(stretches?.rto?.worstSeconds).toBeGreaterThan(60);
    for (const { rto, boundSeconds } of ended.populations ?? [])
      expect(rto?.worstSeconds ?? 0).toBeLessThanOrEqual(boundSeconds ?? 0);
  }));

test('what two faults did to other clients nobody can tell apart, so it is not reported', () =>
  onStack(async (graph) => {
    const { live } = await liveOn(graph, 60, parsePopulations('keeps=0.4'));
    await live.advance(20_000);
    for (const region of ['mumbai', 'singapore']) live.begin({ kind: 'sns-down', region }, 10);
    await live.advance(200_000);
    expect(await live.conclude()).toEqual({ passed: true, reasons: [] });
  }));

test('with a time a fault ends by itself, to the millisecond; an order is given, and refused by what is in force', () =>
  onStack(async (graph) => {
    const { stack, live } = await liveOn(graph);
    await live.advance(9_500);
    live.begin({ kind: 'lambda-errors', region: 'mumbai', functionName: 'health-checker' }, 0.5 + 1);
    await live.advance(20_000);
    expect(stack.world.events.ofKind('fault-end')).toMatchObject([{ atMs: 11_000 }]);
    expect((await live.order({ order: 'evacuate', region: 'singapore' })).number).toBe(1);
    expect(() => live.order({ order: 'evacuate', region: 'mumbai' })).toThrow(/no other region serves then/);
    expect(live.orders).toMatchObject([{ action: { via: 'mumbai', atSeconds: 20 } }]);
    live.begin(DARK);
    live.begin({ kind: 'sns-down', region: 'mumbai' });
    expect((await live.order({ order: 'readmit', region: 'singapore', via: 'mumbai' })).number).toBeNull();
    live.endAll();
    expect(live.faults).toEqual([]);
  }));

test('what makes no sense is refused by name, and begins nothing', () =>
  onStack(async (graph) => {
    const { live } = await liveOn(graph);
    live.begin(DARK);
    const refused: readonly (readonly [wish: unknown, seconds: unknown, why: RegExp])[] = [
      [
        { kind: 'region-refuses', region: 'mumbai' },
        60,
        /^region-refuses in mumbai: contradicts region-dark in mumbai/,
      ],
      [{ kind: 'meteor', region: 'mumbai' }, 60, /^fault\.kind "meteor": no fault has that name/],
      [{ kind: 'region-dark', region: 'pune' }, 60, /^fault\.region "pune": the stack has no such region/],
      [{ ...DARK, startSeconds: 3 }, 60, /^fault: unknown key "startSeconds"/],
      [{ kind: 'sns-down', region: 'mumbai' }, 0, /^fault\.durationSeconds 0: is not a time/],
      [{ kind: 'sns-down', region: 'mumbai' }, '60', /^fault\.durationSeconds "60": is not a time/],
      [null, 60, /^fault: is not an object/],
    ];
    for (const [wish, seconds, why] of refused) expect(() => live.begin(wish, seconds)).toThrow(why);
    expect(live.faults).toHaveLength(1);
    expect(() => live.end('7')).toThrow('fault "7": is not in force. In force: 1');
    expect(() => live.order({ order: 'flee', region: 'mumbai' })).toThrow(/no order/);
  }));

test.each<[string, (live: LiveRun) => void, RegExp]>([
  ['a fault in force', (live) => void live.begin(DARK), /while region-dark in mumbai was in force/],
  ['a fault just over', (live) => live.end(live.begin(DARK)), /0\.0 s after the last fault/],
  ['a write from outside', (live) => live.touch(), /somebody who is no client wrote/],
])('%s: nobody judges the run', (_, act, why) =>
  onStack(async (graph) => {
    const { live } = await liveOn(graph);
    await live.advance(5_000);
    act(live);
    expect(await live.conclude()).toEqual({ cut: expect.stringMatching(why) as string });
  }),
);
