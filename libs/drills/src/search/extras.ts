// What a drawn schedule may have beside its faults and orders: a region that is gone for good, and clients that the promise is not about.
import { DEFAULT_POPULATIONS, LOSS_KINDS, type Fault, type Population } from '@dr/contracts';
import * as fc from 'fast-check';
import { contradicted, type OrderAction, type Places, type Schedule } from '../schedule/schedule';

export interface Extras {
  readonly gone?: Fault;
  readonly populations?: readonly Population[];
  /** Where regions come back by an order alone. */
  readonly readmissions?: readonly OrderAction[];
}

/** Clients go on for so long after a loss for good, at least. */
const LOOKED_AT_SECONDS = 90;
/** Of 24 clients that is three of each. */
const SHARE_OF_OTHERS = 0.125;

/** One schedule in twelve has a region that never comes back, one in six other clients. */
export function extrasDraw({ regions, kinds }: Places): fc.Arbitrary<Extras> {
  const losses = LOSS_KINDS.filter((kind) => kinds?.includes(kind) ?? true);
  const gone = fc.record({
    kind: fc.constantFrom(...losses),
    region: fc.constantFrom(...regions),
    startSeconds: fc.integer({ min: 15, max: 60 }),
    durationSeconds: fc.constant(LOOKED_AT_SECONDS),
    neverHeals: fc.constant(true as const),
  });
  const populations = fc
    .subarray([...DEFAULT_POPULATIONS], { minLength: 1 })
    .map((chosen) => chosen.map(({ name }) => ({ name, share: SHARE_OF_OTHERS })));
  return fc
    .record({
      gone: oneIn(12, losses.length > 0 && regions.length > 1 ? gone : fc.constant(undefined)),
      populations: oneIn(6, populations),
    })
    .map(({ gone: lost, populations: others }) => ({
      ...(lost ? { gone: lost } : {}),
      ...(others ? { populations: others } : {}),
    }));
}

/** By then most regions that were out of service have caught up; some orders come before that, and some regions get none. */
const READMITTED_SECONDS = { min: 100, max: 280 } as const;

/** The last of them readmits every region, more often than not: what is judged of a return is seen only then. */
export function readmissionsDraw({ regions, returnsByOrder }: Places): fc.Arbitrary<Pick<Extras, 'readmissions'>> {
  if (!returnsByOrder) return fc.constant({});
  const readmit = fc
    .record({
      region: fc.constantFrom(...regions),
      via: fc.constantFrom(...regions),
      atSeconds: fc.integer(READMITTED_SECONDS),
    })
    .map((order): OrderAction => ({ order: 'readmit', ...order }));
  const last = fc
    .subarray([...regions])
    .chain((some) =>
      fc.tuple(
        ...some.map((region) => readmit.map((order) => ({ ...order, region, atSeconds: order.atSeconds + 60 }))),
      ),
    );
  return fc
    .record({ some: fc.array(readmit, { maxLength: 3 }), last })
    .map(({ some, last: rest }) => ({ readmissions: [...some, ...rest].sort((a, b) => a.atSeconds - b.atSeconds) }));
}

const oneIn = <T>(count: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: count - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** What a region that is gone for good cannot suffer any more is left out. */
export function withExtras(schedule: Schedule, { gone, populations, readmissions }: Extras, places: Places): Schedule {
  const { faults, orders } = schedule;
  return {
    faults: gone ? [gone, ...faults.filter((fault) => !contradicted(fault, [gone], places))] : faults,
    orders: readmissions ? [...orders, ...readmissions] : orders,
    ...(populations ? { populations } : {}),
  };
}
