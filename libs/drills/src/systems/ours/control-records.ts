// The system's own records among the items of a table, and those that a run has written.
import { CONTROL_ID, type StateRecord } from '@dr/contracts/system';
import { ofKind } from '../../run/run-record';
import type { RunRecord } from '../../system-under-drill';

/** They are overwritten in place by their own region all the time; they are no data of a client. */
export const isClientData = (item: { readonly id: string }): boolean => !item.id.startsWith(CONTROL_ID);

/** What a fault has planted tells nothing of what the regions have decided. */
export const isControlRecord = (id: string, attributes: Readonly<Record<string, unknown>>): boolean =>
  id === CONTROL_ID && !attributes['planted'];

/** Every state record as its region wrote it. */
export const statesIn = ({ events }: Pick<RunRecord, 'events'>) =>
  ofKind(events, 'control-written')
    .filter(({ timestamp }) => timestamp.startsWith('state#'))
    .map(({ atMs, region, record }) => ({ atMs, region, record: record as unknown as StateRecord }));

/** What regions said of the orders that they had decided, each time that they wrote it. */
export const closedOrdersIn = (run: Pick<RunRecord, 'events'>) =>
  statesIn(run).flatMap(({ region, record: { lastOrder } }) => (lastOrder ? [{ region, ...lastOrder }] : []));
