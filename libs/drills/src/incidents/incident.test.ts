// Incidents that ship, and how one is laid onto the regions of a system.
import { checkSchedule, endSeconds, namesRegion, type Places } from '../schedule/schedule';
import { placesOf } from '../run/start';
import { OURS } from '../systems/ours';
import { mapIncident, type Incident } from './incident';
import { incidentSections } from './page';
import { INCIDENTS } from './published';

const placesIn = (...names: readonly string[]): Places =>
  placesOf(
    OURS,
    names.map((name) => ({ name })),
  );
const TWO = placesIn('mumbai', 'singapore');
const THREE = placesIn('mumbai', 'singapore', 'seoul');
const names = INCIDENTS.map(({ name }) => name);

test('each has a name of its own', () => {
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/);
});

describe.each(INCIDENTS.map((incident) => [incident.name, incident] as const))('%s', (_, incident) => {
  test('rests on public accounts, and each phase names its own', () => {
    for (const { url } of incident.sources) expect(url).toMatch(/^https:\/\/[\w.-]+\/\S*$/);
    const places = incident.sources.map((_source, at) => at + 1);
    for (const { when, by } of incident.phases) {
      expect({ when, known: by.length > 0 && by.every((one) => places.includes(one)) }).toEqual({ when, known: true });
    }
  });

  test.each([
    ['two regions', TWO],
    ['three regions', THREE],
  ])('is a sound schedule of %s, whichever of them is struck', (_places, places) => {
    for (const struck of places.regions) {
      const { schedule, record } = mapIncident(incident, struck, places);
      checkSchedule(schedule, places, incident.name);
      expect(schedule.faults.length).toBeGreaterThan(0);
      expect(record.region).toBe(struck);
    }
  });

  test('its enacted phases follow one another, and hold every fault and order', () => {
    const { schedule, record } = mapIncident(incident, 'mumbai', TWO);
    const enacted = record.phases.filter(({ fromSeconds }) => fromSeconds !== undefined);
    enacted.slice(1).forEach(({ fromSeconds }, at) => expect(fromSeconds).toBe(enacted[at]?.toSeconds));
    const last = enacted.at(-1)?.toSeconds ?? 0;
    expect(enacted[0]?.fromSeconds).toBe(60);
    for (const fault of schedule.faults) expect(endSeconds(fault)).toBeLessThanOrEqual(last);
    for (const { atSeconds } of schedule.orders) expect(atSeconds).toBeLessThan(last);
  });

  test('says of every phase what is enacted, or why it is not', () => {
    for (const { enacted, notEnacted } of mapIncident(incident, 'mumbai', TWO).record.phases) {
      expect([enacted, notEnacted].filter((text) => text !== undefined && text.length > 5)).toHaveLength(1);
    }
  });

  test('strikes the region that stands for it, and no other one than its data say', () => {
    const faults = incident.phases.flatMap((phase) => ('enacted' in phase ? (phase.enacted.faults ?? []) : []));
    const meant = { struck: ['singapore'], next: ['mumbai'], others: ['mumbai', 'seoul'] };
    const expected = faults.flatMap(({ kind, at = 'struck' }) => (namesRegion(kind) ? meant[at] : ['us-east-1']));
    const { schedule } = mapIncident(incident, 'singapore', THREE);
    expect(schedule.faults.map(({ region }) => region)).toEqual(expected);
  });
});

const phase = { when: 'then', what: 'it broke', by: [1] };
const made = (...phases: Incident['phases']): Incident => ({
  ...{ name: 'made', title: 'Made up', date: '2026-01-01', happenedIn: 'nowhere', look: 'at it' },
  sources: [{ title: 'nobody', url: 'https://example.com/' }],
  phases,
});

test('a fault lasts as long as its phase, unless it says otherwise', () => {
  const { schedule } = mapIncident(
    made(
      { ...phase, enacted: { seconds: 100, faults: [{ kind: 'region-dark', lastsSeconds: 150 }] } },
      { ...phase, enacted: { seconds: 50, faults: [{ kind: 'sns-down', at: 'others', afterSeconds: 10 }] } },
    ),
    'singapore',
    THREE,
  );
  expect(schedule.faults).toEqual([
    { kind: 'region-dark', region: 'singapore', startSeconds: 60, durationSeconds: 150 },
    { kind: 'sns-down', region: 'mumbai', startSeconds: 170, durationSeconds: 40 },
    { kind: 'sns-down', region: 'seoul', startSeconds: 170, durationSeconds: 40 },
  ]);
});

const ordered = made(
  { ...phase, enacted: { seconds: 100, faults: [{ kind: 'us-east-1-down' }] } },
  { ...phase, enacted: { seconds: 100, orders: [{ order: 'evacuate', afterSeconds: 30 }] } },
);

test('us-east-1 stays us-east-1, and an order goes through another region', () => {
  const { schedule } = mapIncident(ordered, 'singapore', TWO);
  expect(schedule.faults).toEqual([
    { kind: 'us-east-1-down', region: 'us-east-1', startSeconds: 60, durationSeconds: 100 },
  ]);
  expect(schedule.orders).toEqual([{ order: 'evacuate', region: 'singapore', via: 'mumbai', atSeconds: 190 }]);
});

test('clients whom the promise is not about come with the schedule, and are not in the record', () => {
  const populations = [{ name: 'stretches', share: 0.5 }] as const;
  const { schedule, record } = mapIncident({ ...ordered, populations }, 'mumbai', TWO);
  expect(schedule.populations).toEqual(populations);
  expect(record).not.toHaveProperty('populations');
});

test('of a system that takes no orders, a phase of orders is not enacted, and takes no time', () => {
  const { schedule, record } = mapIncident(ordered, 'mumbai', { ...TWO, takesOrders: false });
  expect(schedule.orders).toEqual([]);
  expect(record.phases[1]).toEqual({ ...phase, notEnacted: 'this system takes no orders' });
});

test('fails on what cannot happen to the system', () => {
  expect(() => mapIncident(ordered, 'mumbai', { ...TWO, kinds: ['region-dark'] })).toThrow(
    '--incident made: enacts us-east-1-down, which cannot happen to this system. Name another incident',
  );
});

test('the page has every incident with each of its accounts', () => {
  const page = incidentSections();
  for (const { name, sources } of INCIDENTS) {
    expect(page).toContain(`### \`${name}\``);
    for (const { url } of sources) expect(page).toContain(`](${url})`);
  }
});
