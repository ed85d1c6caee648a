import { FAULT_KINDS, traitsOf } from '@dr/contracts';
import fc from 'fast-check';
import { calmFromSeconds, checkSchedule, contradicted, endSeconds, type Schedule } from './schedule';
import { parseSchedule, scheduleText } from './schedule-file';
import { placesOf } from '../run/start';
import { OURS } from '../systems/ours';
import { describeSchedule } from '../judge/judge-schedule';
import { scheduleDraw } from '../search/draw';
import { COMPOUND_FAULTS } from '../search/matrix-compound';
import { drawSchedule, shrinkSchedule } from '../search/seeded-draw';

const PLACES = placesOf(OURS, [{ name: 'mumbai' }, { name: 'singapore' }]);
const FAULT = { kind: 'region-dark', region: 'mumbai', startSeconds: 20, durationSeconds: 30 };
const ORDER = { order: 'evacuate', region: 'mumbai', via: 'singapore', atSeconds: 30 };

const parse = (value: unknown) =>
  parseSchedule(typeof value === 'string' ? value : JSON.stringify(value), 'f.json', PLACES);
const withFault = (...more: object[]) => ({ faults: more.map((one) => ({ ...FAULT, ...one })) });
const withOrder = (more: object, ...faults: object[]) => ({ orders: [{ ...ORDER, ...more }], faults });

test('a file is read as it is written, and a missing via is another region', () => {
  const schedule = {
    faults: [
      FAULT,
      { kind: 'link-cut', from: 'clients', to: 'mumbai', startSeconds: 0, durationSeconds: 5, intensity: 0.5 },
    ],
    orders: [{ order: 'readmit', region: 'mumbai', atSeconds: 90 }],
  };
  const parsed = parse(schedule);
  expect(parsed.orders).toEqual([{ order: 'readmit', region: 'mumbai', via: 'singapore', atSeconds: 90 }]);
  expect(parsed.faults[1]).toMatchObject({ kind: 'link-cut', from: 'clients', to: 'mumbai', intensity: 0.5 });
  expect(calmFromSeconds(parsed)).toBe(90);
  expect(parse(scheduleText(parsed))).toEqual(parsed);
});

test('a byte order mark, which nobody sees, is no error', () => {
  expect(parse(`\ufeff${JSON.stringify(withFault({}))}`).faults).toHaveLength(1);
});

const bad: readonly [string, unknown, RegExp][] = [
  ['no JSON', 'regions: two', /^f\.json: is not JSON/],
  ['an empty file', ' \n', /^f\.json: is empty\. Give at least/],
  ['a list', [], /^f\.json: is not an object/],
  ['nothing', {}, /^f\.json: schedules nothing/],
  ['an unknown key', { faults: [], orders: [], seed: 1 }, /unknown key "seed".*Allowed: faults, orders/],
  ['faults that are no list', { faults: {} }, /faults: is not a list/],
  [
    'an unknown key of a fault',
    withFault({ regoin: 'mumbai' }),
    /faults\[0\]: unknown key "regoin".*Allowed: kind, region/,
  ],
  [
    'an unknown fault',
    withFault({ kind: 'meteor' }),
    /faults\[0\]\.kind "meteor": no fault has that name\. Use one of region-dark/,
  ],
  ['a name of Object', withFault({ kind: 'toString' }), /no fault has that name/],
  ['no kind', withFault({ kind: undefined }), /kind is missing: no fault has that name/],
  ['a kind that is no text', withFault({ kind: { name: 'partition' } }), /kind {"name":"partition"}: no fault has/],
  [
    'an unknown region',
    withFault({ region: 'pune' }),
    /region "pune": the stack has no such region\. Use one of mumbai, singapore/,
  ],
  ['a list of regions', withFault({ region: ['mumbai'] }), /region \["mumbai"\]: the stack has no such region/],
  [
    'a region of a link',
    withFault({ kind: 'link-cut', from: 'clients', to: 'mumbai' }),
    /region "mumbai": means nothing for link-cut\. Leave it out: "from" and "to" say where/,
  ],
  [
    'a region that does not exist, of us-east-1',
    withFault({ kind: 'us-east-1-down', region: 'pune' }),
    /region "pune": means nothing for us-east-1-down/,
  ],
  ['no region', withFault({ region: undefined }), /faults\[0\]\.region: is missing/],
  [
    'a negative start',
    withFault({ startSeconds: -1 }),
    /startSeconds -1: is not a time within a drill\. Give seconds from 0 to 7200/,
  ],
  ['a negative length', withFault({ durationSeconds: -30 }), /durationSeconds -30: is not a time/],
  ['a length of nothing', withFault({ durationSeconds: 0 }), /durationSeconds 0: is not a time/],
  ['a time in words', withFault({ startSeconds: 'soon' }), /startSeconds "soon": is not a time/],
  ['no time', withFault({ startSeconds: undefined }), /startSeconds is missing: is not a time/],
  [
    'one fault over itself',
    withFault({}, { startSeconds: 49 }),
    /faults\[1\]\.kind "region-dark": contradicts faults\[0\].*between 49 and 50 s/,
  ],
  [
    'a region lost in two ways',
    withFault({}, { kind: 'region-refuses' }),
    /faults\[1\]\.kind "region-refuses": contradicts faults\[0\]/,
  ],
  [
    'writes that are late and held back',
    withFault({ kind: 'replication-slow' }, { kind: 'replication-paused' }),
    /faults\[1\]\.kind "replication-paused": contradicts faults\[0\]: both hit mumbai/,
  ],
  [
    'a function that does not exist',
    withFault({ kind: 'lambda-errors', functionName: 'f' }),
    /functionName "f": the stack has no such function/,
  ],
  [
    'a function of a fault without one',
    withFault({ functionName: 'traffic-router' }),
    /functionName: means nothing for that fault/,
  ],
  ['a share of a region', withFault({ intensity: 0.5 }), /intensity: means nothing for that fault/],
  [
    'a share in quotes',
    withFault({ kind: 'dynamodb-errors', intensity: '0.5' }),
    /intensity "0\.5": is no share\. Give a number above 0, up to 1/,
  ],
  ['a share that is true', withFault({ kind: 'dynamodb-errors', intensity: true }), /intensity true: is no share/],
  ['a share above all', withFault({ kind: 'dynamodb-errors', intensity: 1.5 }), /intensity 1\.5: is no share/],
  [
    'an endpoint of a fault without one',
    withFault({ service: 'dynamodb' }),
    /service: means nothing for that fault\. Leave it out; it is for dns-empty/,
  ],
  [
    'an endpoint that nobody calls',
    withFault({ kind: 'dns-empty', service: 's3' }),
    /faults\[0\]\.service "s3": is no endpoint.*Use one of dynamodb, lambda, secretsmanager, sns/,
  ],
  [
    'the same endpoint twice, named and by default',
    withFault({ kind: 'dns-empty' }, { kind: 'dns-empty', service: 'dynamodb' }),
    /faults\[1\]\.kind "dns-empty": contradicts faults\[0\]: both hit dynamodb of mumbai/,
  ],
  [
    'a loss for good that is none',
    withFault({ neverHeals: 'yes' }),
    /faults\[0\]\.neverHeals "yes": is not true\. Give true/,
  ],
  ['a loss for good that is said not to be', withFault({ neverHeals: false }), /neverHeals false: is not true/],
  [
    'a fault for good that loses no region',
    withFault({ kind: 'dynamodb-errors', neverHeals: true }),
    /neverHeals with kind "dynamodb-errors": is for the loss of a whole region\. Use one of region-dark/,
  ],
  [
    'every region gone for good',
    withFault({ neverHeals: true }, { region: 'singapore', neverHeals: true }),
    /faults: take every region for good\. Leave "neverHeals" out/,
  ],
  [
    'a region gone for good twice',
    withFault({ neverHeals: true }, { startSeconds: 500, neverHeals: true }),
    /faults\[1\]\.kind "region-dark": contradicts faults\[0\]: both hit loss of mumbai between 500 s and the end/,
  ],
  [
    'a region lost again once it is gone for good',
    withFault({ neverHeals: true }, { startSeconds: 500 }),
    /faults\[1\]\.kind "region-dark": contradicts faults\[0\]/,
  ],
  ['populations that are no list', { ...withFault({}), populations: 'keeps=0.1' }, /populations: is not a list/],
  [
    'a population of no name',
    { ...withFault({}), populations: [{ share: 0.1 }] },
    /populations .*nothing is known of clients called "undefined"/,
  ],
  [
    'a share of a population in quotes',
    { ...withFault({}), populations: [{ name: 'keeps', share: '0.1' }] },
    /populations\[0\]\.share "0\.1": is not a number/,
  ],
  [
    'a share above all of a population',
    { ...withFault({}), populations: [{ name: 'keeps', share: 2 }] },
    /the share "2" of keeps is none/,
  ],
  [
    'a population twice',
    {
      ...withFault({}),
      populations: [
        { name: 'far', share: 0.1 },
        { name: 'far', share: 0.2 },
      ],
    },
    /names far twice/,
  ],
  [
    'an unknown key of a population',
    { ...withFault({}), populations: [{ name: 'far', part: 1 }] },
    /populations\[0\]: unknown key "part"/,
  ],
  ['zones of a fault without any', withFault({ zones: 1 }), /zones: means nothing.*it is for zone-dark/],
  ...[0, 7, 1.5, '1'].map((zones): [string, unknown, RegExp] => [
    `${JSON.stringify(zones)} zones`,
    withFault({ kind: 'zone-dark', zones }),
    /faults\[0\]\.zones .* is no number of zones of a region\. Give a whole number from 1 to 6/,
  ]),
  [
    'the ends of a link, of a fault that is none',
    withFault({ from: 'clients', to: 'mumbai' }),
    /from: means nothing for that fault\. Leave it out; it is for link-cut/,
  ],
  [
    'a link without an end',
    withFault({ kind: 'link-cut', region: undefined, from: 'clients' }),
    /faults\[0\]\.to: is missing\. Use one of mumbai, singapore, clients, checkers, us-east-1/,
  ],
  [
    'a link to nowhere',
    withFault({ kind: 'link-cut', region: undefined, from: 'clients', to: 'moon' }),
    /to "moon": is no end of a link/,
  ],
  [
    'a link to itself',
    withFault({ kind: 'link-cut', region: undefined, from: 'mumbai', to: 'mumbai' }),
    /to "mumbai": is the sender itself/,
  ],
  [
    'an unknown order',
    withOrder({ order: 'reboot' }),
    /orders\[0\]\.order "reboot": is no order\. Use one of evacuate, readmit/,
  ],
  [
    'an order about no region',
    withOrder({ region: 'pune' }),
    /orders\[0\]\.region "pune": the stack has no such region/,
  ],
  ['an order through no region', withOrder({ via: 'pune' }), /orders\[0\]\.via "pune"/],
  ['an order through nothing', withOrder({ via: null }), /orders\[0\]\.via null: the stack has no such region/],
  ['an order before the start', withOrder({ atSeconds: -5 }), /atSeconds -5: is not a time/],
  ['a forced readmission', withOrder({ order: 'readmit', force: true }), /force: means nothing for a readmission/],
  [
    'a readmission that ends',
    withOrder({ order: 'readmit', expiresSeconds: 20 }),
    /expiresSeconds: means nothing for a readmission\. Leave it out; it is for evacuate/,
  ],
  ['a force that is not true', withOrder({ force: 'yes' }), /force "yes": is not true/],
  [
    'an evacuation of the last serving region',
    withOrder({}, { ...FAULT, region: 'singapore' }),
    /evacuate mumbai at 30 s: no other region serves then \(singapore\).*"force": true.*the region itself refuses it/,
  ],
  [
    'an evacuation of the region that an evacuation left',
    { orders: [{ ...ORDER, region: 'singapore', atSeconds: 20 }, ORDER] },
    /orders\[1\]: evacuate mumbai.*nobody would be left/,
  ],
];
test.each(bad)('fails for %s, with the place, the value and what is allowed', (_name, value, message) => {
  expect(() => parse(value)).toThrow(message);
});

test.each([
  ['with force', withOrder({ force: true }, { ...FAULT, region: 'singapore' })],
  ['after the other has returned', withOrder({ atSeconds: 50 }, { ...FAULT, region: 'singapore' })],
  [
    'after the other was readmitted',
    {
      orders: [
        { ...ORDER, region: 'singapore', atSeconds: 10 },
        { order: 'readmit', region: 'singapore', atSeconds: 20 },
        ORDER,
      ],
    },
  ],
  [
    'after the order about the other has expired',
    { orders: [{ ...ORDER, region: 'singapore', atSeconds: 10, expiresSeconds: 15 }, ORDER] },
  ],
])('an evacuation may be ordered %s', (_name, value) => {
  expect(parse(value).orders.at(-1)).toMatchObject({ order: 'evacuate', region: 'mumbai' });
});

test('two endpoints of a region may lose their names at once, and a zone may be lost beside a table', () => {
  const given = withFault(
    { kind: 'dns-empty', service: 'sns' },
    { kind: 'dns-empty', service: 'dynamodb' },
    { kind: 'zone-dark', zones: 2 },
    { kind: 'dynamodb-errors' },
  );
  expect(parse(given).faults).toHaveLength(4);
});

test('the same fault may come again, and in both regions at once', () => {
  expect(parse(withFault({}, { startSeconds: 50 }, { region: 'singapore' })).faults).toHaveLength(3);
});

test('a region that is gone for good needs no duration, and all is calm from then on', () => {
  const schedule = parse(withFault({ neverHeals: true, durationSeconds: undefined }));
  expect(schedule.faults[0]).toMatchObject({ neverHeals: true, durationSeconds: 120 });
  expect(calmFromSeconds(schedule)).toBe(schedule.faults[0]?.startSeconds);
  expect(describeSchedule(schedule)).toMatch(/^region-dark mumbai from \d+ s for good$/);
});

test('other clients are read as they are written, and told', () => {
  const populations = [{ name: 'keeps', share: 0.2, seconds: 900 } as const, { name: 'far', share: 0.1 } as const];
  const schedule = parse({ ...withFault({}), populations });
  expect(schedule.populations).toEqual(populations);
  expect(parse(JSON.parse(scheduleText(schedule)))).toEqual(schedule);
  expect(describeSchedule(schedule)).toMatch(/, clients beside: keeps=0\.2:900,far=0\.1$/);
  expect(parse({ ...withFault({}), populations: [] }).populations).toEqual([]);
  expect(parse(withFault({}))).not.toHaveProperty('populations');
});

describe('drawn schedules', () => {
  const seeds = fc.integer({ min: 0, max: 0xffffffff });

  test('are sound, heal in time, and are the same for the same seed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const schedule = drawSchedule(seed, PLACES);
        checkSchedule(schedule, PLACES, 'drawn');
        expect(schedule.faults.every((fault) => fault.neverHeals || endSeconds(fault) <= 100)).toBe(true);
        expect(drawSchedule(seed, PLACES)).toEqual(schedule);
        expect(JSON.parse(JSON.stringify(schedule))).toEqual(schedule);
      }),
      { numRuns: 300 },
    );
  });

  test.each([3, 4])('are sound with %d regions, which all of them strike, and leave one table at times', (count) => {
    const regions = [...PLACES.regions, 'seoul', 'sydney'].slice(0, count);
    const places = { ...PLACES, regions };
    const drawn = Array.from({ length: 400 }, (_, seed) => drawSchedule(seed, places));
    for (const schedule of drawn) checkSchedule(schedule, places, 'drawn');
    const struck = drawn.flatMap(({ faults }) => faults.map(({ region }) => region));
    expect(regions.filter((region) => !struck.includes(region))).toEqual([]);
    const leavesOneTable = drawn.filter(
      ({ faults }) =>
        faults.every(({ kind }) => kind.startsWith('dynamodb-')) &&
        new Set(faults.map(({ region }) => region)).size === count - 1,
    );
    expect(leavesOneTable.length).toBeGreaterThan(10);
  });

  test.each([2, 3, 4])('of the table strike %d regions soundly, and lose each of them', (count) => {
    const [first = '', second = '', ...rest] = [...PLACES.regions, 'seoul', 'sydney'].slice(0, count);
    const regions = [first, second, ...rest] as const;
    const lost = Object.entries(COMPOUND_FAULTS).map(([name, scheduleFor]) => {
      const schedule: Schedule = { orders: [], ...scheduleFor(regions) };
      checkSchedule(schedule, { ...PLACES, regions }, name);
      return [name, new Set(schedule.faults.flatMap((one) => (one.kind === 'region-dark' ? [one.region] : []))).size];
    });
    expect(Object.fromEntries(lost)).toMatchObject({
      'all-regions-dark': count,
      'survivor-lost-after-evacuation': count - 1,
      'flapping-region': 1,
    });
  });

  test('contain every class of fault, every order, and pairs of faults at once', () => {
    const drawn = Array.from({ length: 600 }, (_, seed) => drawSchedule(seed, PLACES));
    const kinds = new Set(drawn.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual([...FAULT_KINDS].sort());
    expect(new Set(drawn.flatMap(({ orders }) => orders.map(({ order }) => order))).size).toBe(2);
    const partial = drawn.flatMap(({ faults }) => faults.filter(({ intensity }) => intensity !== undefined));
    expect(new Set(partial.map(({ intensity }) => intensity))).toEqual(new Set([0.5, 0.1]));
    const slowTables = drawn.filter(({ faults }) =>
      faults.some(({ kind, intensity }) => kind === 'dynamodb-slow' && intensity === 0.5),
    );
    expect(slowTables.some(({ faults }) => faults.some(({ kind }) => kind === 'partition'))).toBe(true);
    const readmitted = drawn.filter(({ orders }) => orders.some(({ order }, at) => at === 1 && order === 'readmit'));
    expect(readmitted.some(({ faults }) => faults.length === 1)).toBe(true);
    const crowded = drawn.filter(
      ({ faults: [a, b] }) => a && b && a.startSeconds < endSeconds(b) && b.startSeconds < endSeconds(a),
    );
    expect(crowded.length).toBeGreaterThan(100);
  });

  test('have, one in eight, two faults that overlap and end together, of any kinds alike', () => {
    const drawn = Array.from({ length: 2_400 }, (_, seed) => drawSchedule(seed, PLACES));
    // What lasts to the end of every schedule ends together by itself.
    const pairs = drawn.flatMap(({ faults }) => {
      const [a, b] = faults;
      const isPair = faults.length === 2 && a && b && endSeconds(a) === endSeconds(b) && endSeconds(a) < 100;
      return isPair && endSeconds(a) - Math.max(a.startSeconds, b.startSeconds) >= 10 ? [[a.kind, b.kind]] : [];
    });
    expect(pairs.length).toBeGreaterThan(drawn.length / 8);
    const meanOf = (isOne: (weight: number) => boolean): number => {
      const kinds: readonly string[] = FAULT_KINDS.filter((kind) => isOne(traitsOf(kind).weight));
      return pairs.flat().filter((kind) => kinds.includes(kind)).length / kinds.length;
    };
    const weights = FAULT_KINDS.map((kind) => traitsOf(kind).weight);
    const [often, seldom] = [Math.max(...weights), Math.min(...weights)];
    expect(often).toBeGreaterThan(2 * seldom);
    expect(meanOf((weight) => weight === often)).toBeLessThan(2 * meanOf((weight) => weight === seldom));
  });

  test('shrink to what alone breaks the check', async () => {
    const isBroken = ({ faults }: { faults: readonly { kind: string }[] }): boolean =>
      faults.some(({ kind }) => kind === 'partition');
    const seed = Array.from({ length: 500 }, (_, at) => at).find((at) => {
      const { faults, orders } = drawSchedule(at, PLACES);
      return faults.length > 2 && orders.length > 0 && isBroken({ faults });
    }) as number;
    const { schedule, tries } = await shrinkSchedule(seed, PLACES, (one) => Promise.resolve(isBroken(one)), 500);
    expect(schedule.faults.map(({ kind }) => kind)).toEqual(['partition']);
    expect(schedule.orders).toEqual([]);
    expect(tries).toBeLessThanOrEqual(500);
  });

  test('are left as drawn when no try is left', async () => {
    const { schedule } = await shrinkSchedule(7, PLACES, () => Promise.resolve(true), 0);
    expect(schedule).toEqual(drawSchedule(7, PLACES));
  });

  test('never contradict themselves, which is symmetric', () => {
    fc.assert(
      fc.property(fc.tuple(scheduleDraw(PLACES), scheduleDraw(PLACES)), ([{ faults: some }, { faults: others }]) => {
        for (const a of some)
          for (const b of others) expect(!!contradicted(a, [b], PLACES)).toBe(!!contradicted(b, [a], PLACES));
      }),
    );
  });
});
