// What a drawn schedule may have beside its faults and orders: a region that is gone for good, and clients that the promise is not about.
import { DEFAULT_POPULATIONS, LOSS_KINDS, type Fault, type Population } from '@dr/contracts';
import * as fc from 'fast-check';
import { contradicted, type Places, type Schedule } from '../schedule/schedule';

export interface Extras {
  readonly gone?: Fault;
  readonly populations?: readonly Population[];
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

const oneIn = <T>(count: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: count - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** What a region that is gone for good cannot suffer any more is left out. */
export function withExtras(schedule: Schedule, { gone, populations }: Extras, places: Places): Schedule {
  const { faults, orders } = schedule;
  return {
    faults: gone ? [gone, ...faults.filter((fault) => !contradicted(fault, [gone], places))] : faults,
    orders,
    ...(populations ? { populations } : {}),
  };
}
