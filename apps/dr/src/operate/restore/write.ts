// Writing back: each item of the plan gets one new version that holds what it showed, unless somebody has written to it meanwhile.
import { showSame, writeBackOf } from '@dr/consistency/restore';
import { showing } from './history';
import type { ItemPlan, Outcome } from './item-plan';
import { patiently } from './patience';
import { BATCH, type Planning } from './plan';
import type { Progress } from './progress';

const MAX_TRIES = 3;

/** Goes on where `progress` says that an earlier run was. */
export async function writeBack(planning: Planning, progress: Progress): Promise<void> {
  const all = progress.items.filter(({ action }) => action === 'write');
  const left = all.flatMap((item, sequence) => (progress.outcomes.has(item.id) ? [] : [{ item, sequence }]));
  for (let at = 0; at < left.length; at += BATCH) {
    planning.say(`${all.length - left.length + at} of ${all.length} items written back`);
    const batch = left.slice(at, at + BATCH);
    const outcomes = await Promise.all(
      batch.map(async ({ item, sequence }) => [item.id, await writeOne(planning, item, sequence)] as const),
    );
    progress.wrote(outcomes);
  }
}

/** May be done again: who has died after the write finds that the item shows what it showed. */
function writeOne(planning: Planning, { id, newest }: ItemPlan, sequence: number): Promise<Outcome> {
  const { operator, tables, request, restorer } = planning;
  return patiently(operator, async () => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const nowMs = operator.now();
      const [shows, showed] = await Promise.all([showing(tables.live, id, nowMs), showing(tables.restored, id, nowMs)]);
      if (showSame(shows.version, showed.version)) return tries === 0 ? 'already' : 'written';
      if (shows.newest !== newest) return 'changed';
      const { name: region } = request.region;
      const back = writeBackOf({ id, then: showed.version, newest, region, restorer, sequence, nowMs });
      if ((await tables.live.add({ ...back })) === 'written') return 'written';
    }
    return 'changed';
  });
}
