// Three regions, drilled with the real bundles: two tables are lost at once, and every request finds the third one.
import type { FaultKind } from '@dr/contracts';
import { runSeed } from '../../search/run-seed';
import { THREE_REGIONS, withSynthesizedStack } from '../../testing/synthesized-stack';
import { OURS } from '.';

const PAIRS: readonly (readonly [FaultKind, FaultKind])[] = [
  ['dynamodb-errors', 'dynamodb-errors'],
  ['dynamodb-slow', 'dynamodb-slow'],
  ['dynamodb-throttled', 'dynamodb-errors'],
];

interface Served {
  readonly kind: string;
  readonly region: string;
  readonly outcome?: string;
  readonly dataRegion?: string;
}

const lost = (kind: FaultKind, region: string) => ({ kind, region, startSeconds: 20, durationSeconds: 60 });

test('a router whose table is dead, slow or throttled, and the nearest one too, reads and writes in the third region', async () => {
  await withSynthesizedStack(THREE_REGIONS, async (graph) => {
    for (const [own, nearest] of PAIRS) {
      const requests: Served[] = [];
      const schedule = { faults: [lost(own, 'mumbai'), lost(nearest, 'singapore')], orders: [] };
      const { violations } = await runSeed({ system: OURS, graph }, 3, schedule, ({ world }) => {
        requests.push(...(world.events.ofKind('request') as Served[]));
      });
      // Among them `fallback-is-fast`: no client's request failed.
      expect([own, nearest, violations]).toEqual([own, nearest, []]);
      const served = requests.filter(
        ({ kind, region, dataRegion, outcome }) =>
          kind === 'request' && region === 'mumbai' && dataRegion === 'seoul' && outcome === 'ok',
      );
      expect(served.length).toBeGreaterThan(10);
    }
  });
}, 180_000);
