// Random schedules: what may go wrong, how often, and how a schedule that breaks something is made smaller.
import {
  AWS_ENDPOINTS,
  FAULT_KINDS,
  GLOBAL_REGION,
  LINK_ENDS,
  traitsOf,
  type Fault,
  type FaultKind,
} from '@dr/contracts';
import * as fc from 'fast-check';
import { contradicted, namesRegion, type OrderAction, type Places, type Schedule } from '../schedule/schedule';

/** By then every region has heard of every other. */
const FIRST_SECONDS = 15;
/** Nothing new is broken after that, and what is broken has healed. */
const LAST_SECONDS = 100;
const SHORTEST_SECONDS = 3;
const LONGEST_SECONDS = 75;
const MAX_FAULTS = 4;
const MAX_ORDERS = 3;
/** Long enough that a lost region is found unhealthy: 3 x (10 + 4) s, and its clients have moved. */
const LONG_SECONDS = 60;

/** Of two draws one has it: `freq` counts those without. */
const HALF = { freq: 2 } as const;

interface FaultDraw {
  readonly kind: FaultKind;
  readonly region: string;
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly functionName: string | null;
  readonly intensity: number | null;
  readonly service: Fault['service'] | null;
  readonly zones: number | null;
  readonly link: readonly [from: string, to: string];
}

const kindDraw = fc.oneof(
  ...FAULT_KINDS.map((kind) => ({ weight: traitsOf(kind).weight, arbitrary: fc.constant(kind) })),
) as fc.Arbitrary<FaultKind>;

/** Times are whole seconds: a smaller schedule is one that a person can read. */
const startDraw = fc.integer({ min: FIRST_SECONDS, max: 60 });

const durationDraw = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: SHORTEST_SECONDS, max: LONGEST_SECONDS }) },
  { weight: 2, arbitrary: fc.constant(LONG_SECONDS) },
);

function faultDraw({ regions, functions }: Places, kind = kindDraw): fc.Arbitrary<Fault> {
  const links = [...regions, ...LINK_ENDS].flatMap((from) =>
    [...regions, ...LINK_ENDS]
      .filter((to) => to !== from && (regions.includes(from) || regions.includes(to)))
      .map((to) => [from, to] as const),
  );
  return fc
    .record<FaultDraw>({
      kind,
      region: fc.constantFrom(...regions),
      startSeconds: startDraw,
      durationSeconds: durationDraw,
      functionName: fc.option(fc.constantFrom(...functions), { freq: 3 }),
      intensity: fc.option(fc.constantFrom(0.5, 0.1), HALF),
      service: fc.option(fc.constantFrom(...AWS_ENDPOINTS), HALF),
      zones: fc.option(fc.constant(2), { freq: 3 }),
      link: fc.constantFrom(...links),
    })
    .map(faultOf);
}

/** Keeps of a draw what its kind has a use for. */
function faultOf({ kind, region, startSeconds, durationSeconds, ...draw }: FaultDraw): Fault {
  const { functionName, intensity, service, zones, link } = draw;
  const { setting } = traitsOf(kind);
  const isPlaceless = !namesRegion(kind);
  // The drawn link is of no other use to it.
  const isGlobal = traitsOf(kind).strikes === 'region-or-us-east-1' && link.includes(GLOBAL_REGION);
  const isPartial = intensity !== null && traitsOf(kind).perCall;
  return {
    kind,
    region: isPlaceless || isGlobal ? GLOBAL_REGION : region,
    startSeconds,
    durationSeconds: Math.min(durationSeconds, LAST_SECONDS - startSeconds),
    ...(functionName !== null && traitsOf(kind).strikes === 'function' ? { functionName } : {}),
    ...(isPartial ? { intensity } : {}),
    ...(service && setting === 'service' ? { service } : {}),
    ...(zones !== null && setting === 'zones' ? { zones } : {}),
    ...(kind === 'link-cut' ? { from: link[0], to: link[1] } : {}),
  };
}

const orderDraw = ({ regions }: Places): fc.Arbitrary<OrderAction> =>
  fc
    .record({
      order: fc.constantFrom<OrderAction['order']>('evacuate', 'evacuate', 'readmit'),
      region: fc.constantFrom(...regions),
      via: fc.constantFrom(...regions),
      atSeconds: fc.integer({ min: FIRST_SECONDS, max: 90 }),
      expiresSeconds: fc.option(fc.constantFrom(20, 45), { freq: 4 }),
    })
    .map(({ order, expiresSeconds, ...rest }) => ({
      order,
      ...rest,
      ...(order === 'evacuate' && expiresSeconds !== null ? { expiresSeconds } : {}),
      ...(order === 'evacuate' ? { force: true as const } : {}),
    }));

/** The search asks the regions, not the tool, whether an order is to be obeyed. */
const evacuate = (region: string, via: string, atSeconds: number): OrderAction => {
  return { order: 'evacuate', region, via, atSeconds, force: true };
};

/** A region is ordered out, and the one that stays is lost: rare by chance, and what admission is about. */
function survivorDies({ regions }: Places): fc.Arbitrary<Schedule> {
  return fc
    .record({
      left: fc.constantFrom(...regions),
      atSeconds: fc.integer({ min: FIRST_SECONDS, max: 20 }),
      gap: fc.integer({ min: 0, max: 20 }),
      kind: fc.constantFrom<FaultKind>('region-dark', 'region-refuses', 'dynamodb-errors', 'isolated'),
    })
    .map(({ left, atSeconds, gap, kind }) => {
      const startSeconds = atSeconds + gap;
      return {
        orders: regions
          .filter((region) => region !== left)
          .slice(0, 1)
          .map((via) => evacuate(left, via, atSeconds)),
        faults: regions
          .filter((region) => region !== left)
          .map((region) => ({ kind, region, startSeconds, durationSeconds: LAST_SECONDS - startSeconds })),
      };
    });
}

/**
 * Every region is ordered out at nearly the same time, each through another one or itself: one of them must stay, even
 * where news of the other is old.
 */
const crossingOrders = ({ regions }: Places): fc.Arbitrary<Schedule> =>
  fc
    .record({
      atSeconds: fc.integer({ min: 25, max: 60 }),
      gap: fc.integer({ min: 0, max: 6 }),
      via: fc.array(fc.constantFrom(...regions), { minLength: regions.length, maxLength: regions.length }),
      late: fc.constantFrom(false, false, true),
    })
    .map(({ atSeconds, gap, via, late }) => ({
      faults: late ? regions.map((region) => lateNews(region, atSeconds)) : [],
      orders: regions.map((region, index) => evacuate(region, via[index] ?? region, atSeconds + index * gap)),
    }));

/** A region is ordered out and, once it has left, in again: what readmission waits for is seen only then. */
const readmission = (places: Places): fc.Arbitrary<Schedule> =>
  fc
    .record({
      region: fc.constantFrom(...places.regions),
      via: fc.constantFrom(...places.regions),
      atSeconds: fc.integer({ min: FIRST_SECONDS, max: 25 }),
      stay: fc.integer({ min: 35, max: 50 }),
      fault: fc.option(faultDraw(places), HALF),
    })
    .map(({ region, via, atSeconds, stay, fault }) => ({
      faults: fault ? [fault] : [],
      orders: [evacuate(region, via, atSeconds), { order: 'readmit', region, via, atSeconds: atSeconds + stay }],
    }));

/** Tables that answer half of the calls too late: writes land unacknowledged, and are tried elsewhere and again. */
const lateWrites = ({ regions }: Places): fc.Arbitrary<Schedule> =>
  fc
    .record({
      slow: fc.subarray([...regions], { minLength: 1 }),
      startSeconds: fc.integer({ min: FIRST_SECONDS, max: 30 }),
      durationSeconds: fc.integer({ min: 30, max: LAST_SECONDS - 30 }),
      apart: fc.option(fc.constantFrom<FaultKind>('replication-paused', 'replication-slow', 'partition'), HALF),
      of: fc.constantFrom(...regions),
    })
    .map(({ slow, apart, of, ...time }) => ({
      faults: [
        ...slow.map((region) => ({ kind: 'dynamodb-slow' as const, region, intensity: 0.5, ...time })),
        ...(apart ? [{ kind: apart, region: of, ...time }] : []),
      ],
      orders: [],
    }));

/** All tables but one are lost at once: every request has to find the one that lives. */
const oneTableLives = ({ regions }: Places): fc.Arbitrary<Schedule> =>
  fc
    .record({
      living: fc.constantFrom(...regions),
      kinds: fc.array(fc.constantFrom<FaultKind>('dynamodb-errors', 'dynamodb-slow', 'dynamodb-throttled'), {
        minLength: regions.length,
        maxLength: regions.length,
      }),
      startSeconds: fc.integer({ min: FIRST_SECONDS, max: 40 }),
      durationSeconds: fc.integer({ min: LONGEST_SECONDS - 30, max: LAST_SECONDS - 40 }),
    })
    .map(({ living, kinds, ...time }) => ({
      faults: regions.flatMap((region, at) =>
        region === living ? [] : [{ kind: kinds[at] ?? 'dynamodb-errors', region, ...time }],
      ),
      orders: [],
    }));

/**
 * Two faults that overlap and end together: what one hides of the other shows at that moment. Any two kinds, so that those
 * that come seldom elsewhere come as often as the others here.
 */
const endTogether = (places: Places): fc.Arbitrary<Schedule> =>
  fc
    .record({
      first: faultDraw(places, fc.constantFrom(...FAULT_KINDS)),
      second: faultDraw(places, fc.constantFrom(...FAULT_KINDS)),
      endSeconds: fc.integer({ min: LAST_SECONDS - 20, max: LAST_SECONDS }),
      overlap: fc.constantFrom(LONG_SECONDS, LONG_SECONDS, 10),
      ahead: fc.integer({ min: 0, max: 20 }),
      order: fc.option(orderDraw(places), HALF),
    })
    .map(({ first, second, endSeconds, overlap, ahead, order }) => {
      const from = (startSeconds: number) => ({ startSeconds, durationSeconds: endSeconds - startSeconds });
      const startSeconds = endSeconds - overlap;
      return {
        faults: withoutContradictions(places, [
          { ...first, ...from(startSeconds) },
          { ...second, ...from(Math.max(FIRST_SECONDS, startSeconds - ahead)) },
        ]),
        orders: order ? [order] : [],
      };
    });

const lateNews = (region: string, atSeconds: number): Fault => ({
  kind: 'replication-slow',
  region,
  startSeconds: atSeconds,
  durationSeconds: LAST_SECONDS - atSeconds,
});

/** One fault alone and long: only then can detection, recovery time and the count of failovers be held to their bounds. */
const oneFault = (places: Places): fc.Arbitrary<Schedule> =>
  faultDraw(places).map((fault) => ({
    faults: [
      {
        ...fault,
        durationSeconds: Math.max(fault.durationSeconds, Math.min(LONG_SECONDS, LAST_SECONDS - fault.startSeconds)),
      },
    ],
    orders: [],
  }));

const anything = (places: Places): fc.Arbitrary<Schedule> =>
  fc.record({
    faults: fc
      .array(faultDraw(places), { minLength: 0, maxLength: MAX_FAULTS })
      .map((faults) => withoutContradictions(places, faults)),
    orders: fc.array(orderDraw(places), { maxLength: MAX_ORDERS }),
  });

const withoutContradictions = (places: Places, faults: readonly Fault[]): Fault[] =>
  faults.reduce<Fault[]>((kept, fault) => (contradicted(fault, kept, places) ? kept : [...kept, fault]), []);

/** What cannot happen to the system is left out of what is drawn. */
export function scheduleDraw(places: Places): fc.Arbitrary<Schedule> {
  const { kinds, takesOrders = true } = places;
  const drawn = anySchedule(places);
  if (!kinds && takesOrders) return drawn;
  return drawn.map(({ faults, orders }) => ({
    faults: faults.filter(({ kind }) => kinds?.includes(kind) ?? true),
    orders: takesOrders ? orders : [],
  }));
}

const anySchedule = (places: Places): fc.Arbitrary<Schedule> =>
  fc.oneof(
    { weight: 12, arbitrary: anything(places) },
    { weight: 6, arbitrary: oneFault(places) },
    { weight: 6, arbitrary: endTogether(places) },
    { weight: 2, arbitrary: survivorDies(places) },
    { weight: 2, arbitrary: crossingOrders(places) },
    { weight: 1, arbitrary: readmission(places) },
    { weight: 1, arbitrary: lateWrites(places) },
    // Of two regions it would be one fault alone.
    ...(places.regions.length > 2 ? [{ weight: 2, arbitrary: oneTableLives(places) }] : []),
  );
