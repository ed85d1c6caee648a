// The one door to the terminal: whatever a record, an answer or an error holds, no control character of it gets out.
import type { FilesContext } from '../context';

/** C0 but for line ends, DEL, C1, and what turns the direction of text round. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
/** Colours, as our own reports of drills have them. */
const COLOUR = /(\u001b\[\d{1,2}m)/;

/** Control characters as JSON writes them, so that JSON stays what it is. */
export const printable = (text: string): string =>
  text.replace(CONTROL, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

const printableInColour = (text: string): string =>
  text
    .split(COLOUR)
    .map((part, at) => (at % 2 === 1 ? part : printable(part)))
    .join('');

/** Without line ends, as whatever stands in a record must not look like lines of ours. */
export const unbroken = (text: string): string => text.replace(/[^\S\n\u2028\u2029]*[\n\u2028\u2029]\s*/g, ' ');
export const onOneLine = (text: string): string => unbroken(text.trim());

/** These print nothing that an applied system has told; they have colours. */
const IN_COLOUR: readonly (string | undefined)[] = ['drill', 'objectives'];

export function printingSafely<C extends FilesContext>(context: C, command: string | undefined): C {
  const { out, err } = context;
  const safe = IN_COLOUR.includes(command) && context.outColor ? printableInColour : printable;
  return { ...context, out: (text) => out(safe(text)), err: (text) => err(printable(text)), live: err };
}
