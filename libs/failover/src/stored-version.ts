// Versions of items as they may be trusted: what traffic-router cannot have written so is none, for whoever reads the table.
import { ITEM_ID_CHARACTERS, type ItemVersion } from '@dr/contracts/system';
import { fields, oneOf, optional, orNull, text, time, Unfit, type Read } from '@dr/contracts/system/records';
import { parseStamp } from './versions';

/** No clock is that far ahead [A]. A later stamp would stay the latest whatever is written. */
export const MAX_AHEAD_MS = 24 * 3_600_000;
export const IDEMPOTENCY_KEY_CHARACTERS = 128;
const SORT_KEY_CHARACTERS = 128;

export const matching =
  (what: string, fits: (given: string) => boolean): Read<string> =>
  (value, path) => {
    if (typeof value === 'string' && value.length <= SORT_KEY_CHARACTERS && fits(value)) return value;
    throw new Unfit(`${path} is ${value === undefined ? 'missing' : `not ${what}`}`);
  };
export const stamp = matching('a stamp', (given) => parseStamp(given) !== undefined);
export const region = matching('a region', (given) => /^[a-z][a-z0-9]*$/.test(given));
export const itemId = text(ITEM_ID_CHARACTERS);

/** Epoch ms; later than any time for what is no stamp. */
export const stampMs = (given: string): number => parseStamp(given)?.atMs ?? Number.POSITIVE_INFINITY;

/** `json`: what may stand as a document's text; `value`: as the body in records of older versions. */
export function versionReader(content: { readonly json: Read<string>; readonly value: Read<unknown> }) {
  const shape = fields({
    id: itemId,
    timestamp: stamp,
    region,
    json: optional(content.json),
    value: optional(content.value),
    deleted: optional(oneOf(true)),
    idempotencyKey: optional(text(IDEMPOTENCY_KEY_CHARACTERS)),
    keyUsedAtMs: optional(time),
    previous: optional(orNull(stamp)),
  });
  const read: Read<ItemVersion> = (item, path) => {
    const version = shape(item, path);
    const { timestamp, json, value, deleted, keyUsedAtMs = 0, previous = null } = version;
    if ([json, value, deleted].filter((one) => one !== undefined).length !== 1)
      throw new Unfit('it holds neither one document nor a deletion');
    if (parseStamp(timestamp)?.region !== version.region) throw new Unfit('it is of another region than its key');
    if (previous !== null && previous >= timestamp) throw new Unfit('it is older than what its writer had seen');
    if (keyUsedAtMs > stampMs(timestamp)) throw new Unfit('it is older than the use of its key');
    return version;
  };
  return read;
}
