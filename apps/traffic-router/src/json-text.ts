// Limits of a JSON document, measured on its text. The text itself is stored, so a parser's result must not be judged: of two
// properties with one name a parser shows only the last.
import { badRequest } from '@dr/handler-core';

export interface JsonLimits {
  readonly depth: number;
  readonly values: number;
}

/** Throws Problem 400 for a text that is no JSON (RFC 8259), or deeper or longer than allowed. */
export function checkJsonText(text: string, { depth: maxDepth, values: maxValues }: JsonLimits): void {
  const { depth, values } = measure(text, maxDepth);
  if (depth > maxDepth) throw badRequest('too-deep', `The body nests deeper than ${maxDepth} levels`);
  if (values > maxValues) throw badRequest('too-complex', `The body has more than ${maxValues} values`);
  try {
    JSON.parse(text);
  } catch (error) {
    throw badRequest('not-json', `The body is not JSON: ${(error as Error).message}`);
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];
const BLANK = [0x20, 0x09, 0x0a, 0x0d];

/** Of a text that is JSON: its deepest level and the number of its values. Ends once it is too deep. */
function measure(text: string, maxDepth: number): { readonly depth: number; readonly values: number } {
  let [level, depth, values] = [0, 0, 1];
  // What opens a list or an object holds one value more than it has commas, unless nothing is in it.
  let opened = false;
  for (let at = 0; at < text.length && depth <= maxDepth; at += 1) {
    const code = text.charCodeAt(at);
    if (BLANK.includes(code)) continue;
    const closes = CLOSING.includes(code);
    if (opened && !closes) values += 1;
    opened = OPENING.includes(code);
    if (opened) depth = Math.max(depth, (level += 1));
    else if (closes) level -= 1;
    else if (code === COMMA) values += 1;
    else if (code === QUOTE) at = endOfString(text, at + 1);
  }
  return { depth, values };
}

function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
