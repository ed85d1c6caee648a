// Orchestrators of 2, 3 and 4 regions: all follow the loss of any one, with the same ids, and one of them tells people.
import { TURN_MS, notifierRank } from '@dr/failover';
import { GLOBAL_URL, alarm, system } from './testing/system';

const ALL = ['mumbai', 'singapore', 'seoul', 'sydney'];
const STATES = ['HealthCheckFailed', 'Route53Failover', 'TrafficRerouted', 'SingleRegionActive'];

/** Two minutes of calm; then the regions are lost, and Route 53's alarms reach all that live, 70 s later. */
async function loss(names: readonly string[], lost: readonly string[], mute: readonly string[] = []) {
  const parts = system({ names });
  const { clock, live, run, regions } = parts;
  await live(120);
  const alive = names.filter((name) => !lost.includes(name));
  for (const name of names) regions[name]?.http.answers.set(GLOBAL_URL, { status: 403, body: '' });
  for (const name of mute) if (regions[name]) regions[name].notifier.failing = true;
  await live(75, alive);
  for (const region of lost) for (const name of alive) await run(name, alarm(region, 'ALARM', clock.now() - 5_000));
  await live(180, alive);
  return { ...parts, alive };
}

const inLine = (about: string, names: readonly string[]): string[] =>
  [...names].sort((a, b) => notifierRank(a, about, names) - notifierRank(b, about, names));

describe.each([2, 3, 4])('of %d regions', (count) => {
  const names = ALL.slice(0, count);

  it('the loss of any one is told once, by the next in line, and recorded by every other under the same ids', async () => {
    for (const lost of names) {
      const { alive, ids, history } = await loss(names, [lost]);
      const known = STATES.map((state) => `${lost}#1#${state}`);
      const [first] = inLine(lost, names);
      for (const name of names) expect([lost, name, ids(name)]).toEqual([lost, name, name === first ? known : []]);
      for (const name of alive) expect(history(name).map(({ transitionId }) => transitionId)).toEqual(known);
    }
  });

  it('when all others are lost, the one that lives follows and tells of each', async () => {
    for (const left of names) {
      const lost = names.filter((name) => name !== left);
      const { live, ids } = await loss(names, lost);
      await live((count * TURN_MS) / 1000, [left]);
      const known = lost.flatMap((region) => STATES.map((state) => `${region}#1#${state}`));
      expect([...ids(left)].sort()).toEqual(known.sort());
    }
  });
});

it.each([3, 4])(
  'of %d regions, when the topics of those first in line take nothing, the next one tells everything',
  async (count) => {
    const names = ALL.slice(0, count);
    for (let mute = 1; mute < count - 1; mute += 1) {
      const line = inLine('mumbai', names);
      const { live, alive, ids } = await loss(names, ['mumbai'], line.slice(0, mute));
      await live((mute * TURN_MS) / 1000, alive);
      expect(line.map((name) => ids(name).length > 0)).toEqual(line.map((_, place) => place === mute));
      expect(new Set(ids(line[mute] ?? ''))).toEqual(new Set(STATES.map((state) => `mumbai#1#${state}`)));
    }
  },
);
