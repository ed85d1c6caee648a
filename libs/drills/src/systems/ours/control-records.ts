// The system's own records among the items of a table.
import { CONTROL_ID } from '@dr/contracts/system';

/** They are overwritten in place by their own region all the time; they are no data of a client. */
export const isClientData = (item: { readonly id: string }): boolean => !item.id.startsWith(CONTROL_ID);

/** What a fault has planted tells nothing of what the regions have decided. */
export const isControlRecord = (id: string, attributes: Readonly<Record<string, unknown>>): boolean =>
  id === CONTROL_ID && !attributes['planted'];
