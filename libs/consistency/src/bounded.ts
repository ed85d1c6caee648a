// What a run keeps of items must have a known size, whatever somebody has written into them: its head record ends at 400 KB.
import { digest } from './digest';

/** No text of ours is longer, so that nothing of ours is cut. */
const MAX_TEXT = 256;

/** ASCII of which JSON escapes nothing: nearly all ids and stamps. */
const AS_IT_IS = /^[ !#-[\]-~]*$/;

/** UTF-8 bytes of the text as JSON, without its quotes. */
export const jsonBytes = (text: string): number =>
  AS_IT_IS.test(text) ? text.length : Buffer.byteLength(JSON.stringify(text)) - 2;

/** As people are shown it. */
export function shown(text: string): string {
  if (jsonBytes(text) <= MAX_TEXT) return text;
  let end = Math.min(text.length, MAX_TEXT);
  while (jsonBytes(text.slice(0, end)) > MAX_TEXT) end -= 1;
  return `${text.slice(0, end)}...`;
}

/** Equal values stay equal, and others unequal. */
export const compared = (value: unknown): string =>
  typeof value === 'string' && value.length <= MAX_TEXT ? value : `digest ${digest({ value })}`;

/** Stays in its place among our stamps. */
export const ordered = (text: string): string => text.slice(0, MAX_TEXT);
