// Broken rules of failback by hand: what brings a region back that nobody ordered, and what keeps one out.
import { deciding, seeing, to, type Mutant } from './mutant-rules';

export const BY_HAND_MUTANTS: readonly Mutant[] = [
  {
    name: 'by hand: comes back by itself',
    breaks: 'I7',
    rules: seeing((input) => ({ ...input, failback: 'automatic' })),
    needs: { failback: 'manual' },
  },
  {
    name: 'by hand: keeps an order that came before it had caught up',
    breaks: 'I7',
    rules: deciding(({ reason, closedOrders }) =>
      reason === 'order-refused' && closedOrders.some(({ kind }) => kind === 'readmit')
        ? { readmitted: closedOrders.at(-1)?.number ?? 0 }
        : {},
    ),
    needs: { failback: 'manual', disturbances: 2, faults: ['crash'] },
  },
  {
    name: 'by hand: comes back by itself when its router works again',
    breaks: 'I7',
    rules: deciding((_, { previous }) => (previous?.unreachedSinceMs === undefined ? {} : { unreachedSinceMs: NaN })),
    needs: { failback: 'manual', faults: ['router'] },
  },
  {
    name: 'by hand: waits for an order though nobody serves',
    breaks: 'L2',
    rules: deciding(({ reason }, { previous }) =>
      reason === 'returned-unasked' && previous?.state === 'recovering' ? to('recovering') : {},
    ),
    needs: { failback: 'manual', disturbances: 2, faults: ['crash'] },
  },
  {
    name: 'by hand: waits when it is new',
    breaks: 'L3',
    rules: seeing((input) =>
      input.previous ? { ...input, previous: { ...input.previous, firstStart: undefined as never } } : input,
    ),
    needs: { failback: 'manual', from: 'first-start' },
  },
];
