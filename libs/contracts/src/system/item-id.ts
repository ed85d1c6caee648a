// Ids of items, as the item API takes them.
import { CONTROL_ID } from './table';

export const ITEM_ID_CHARACTERS = 128;
export const ITEM_ID = /^[A-Za-z0-9][A-Za-z0-9._~:@-]*$/;

/** Can an item of a client have it? */
export const isItemId = (text: string): boolean =>
  text.length <= ITEM_ID_CHARACTERS && ITEM_ID.test(text) && !text.startsWith(CONTROL_ID);
