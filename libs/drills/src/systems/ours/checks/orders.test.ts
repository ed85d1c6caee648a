// In calm an evacuation is obeyed, or one that crosses it, unless that one was taken back.
import type { GivenOrder } from '../../../system-under-drill';
import { beats, inOrder, recordOf, said, wrongBy } from '../../../testing/schedule-fixtures';

const given = (order: 'evacuate' | 'readmit', region: string, atSeconds: number, number: number): GivenOrder => ({
  action: { order, region, via: 'mumbai', atSeconds },
  number,
  expiresAtMs: Infinity,
});
const wrong = (orders: readonly GivenOrder[], ...events: ReturnType<typeof said>[]): string[] => {
  const calm = [beats('mumbai', 0, 300_000), beats('singapore', 0, 300_000)];
  return wrongBy('calm-orders-are-obeyed', recordOf({ orders, events: inOrder(...calm, ...events) }));
};
const obeyed = (region: string, number: number) =>
  said(90_000, region, {
    lastOrder: { kind: 'evacuate', number, outcome: 'obeyed', reason: '', atMs: 90_000 },
  } as unknown as Parameters<typeof said>[2]);

const ASKED = given('evacuate', 'singapore', 69, 1);
const BEFORE = given('evacuate', 'mumbai', 61, 1);
const DISOBEYED = ['singapore did not obey the evacuation of 69 s although nothing was broken'];

it.each<[string, GivenOrder[], ReturnType<typeof said>[], string[]]>([
  ['nobody obeys it', [ASKED], [], DISOBEYED],
  ['it is obeyed', [ASKED], [obeyed('singapore', 1)], []],
  ['another region was to go first, and went', [BEFORE, ASKED], [obeyed('mumbai', 1)], []],
  ['the other was taken back before it went', [BEFORE, ASKED, given('readmit', 'mumbai', 74, 2)], [], []],
  ['the other was taken back long after', [BEFORE, ASKED, given('readmit', 'mumbai', 120, 2)], [], DISOBEYED],
  ['a region that nobody evacuated was readmitted', [ASKED, given('readmit', 'mumbai', 74, 2)], [], DISOBEYED],
])('an evacuation in calm: %s', (_, orders, events, expected) => {
  expect(wrong(orders, ...events)).toEqual(expected);
});
