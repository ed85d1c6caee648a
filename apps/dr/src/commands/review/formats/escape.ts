// Text of a plan in Markdown: it is shown as it is, and does nothing. What a tag or a key holds was written by anybody.

/** Whatever ends a line or cannot be seen. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;
const onOneLine = (text: string): string => text.replace(CONTROL, ' ');

/** Breaks what a forge makes a link of: @team, #12, https://, www. */
const APART = '&#8203;';

/** Prose: no markup, no HTML, no mention, no link. */
export const escaped = (text: string): string =>
  onOneLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]~|$]/g, '\\$&')
    // Before what is put in has a # of its own.
    .replace(/#(?=\d)/g, `#${APART}`)
    .replace(/@/g, `@${APART}`)
    .replace(/(?<=\b(?:https?|ftp|mailto|xmpp)):(?=\S)/gi, `:${APART}`)
    .replace(/\bwww\./gi, `$&${APART}`);

/** Between backticks, of which there are more than in the text. */
export function code(text: string): string {
  const shown = onOneLine(text);
  if (shown.trim() === '') return '';
  const ticks = '`'.repeat(longestRun(shown) + 1);
  const pad = /^`|`$|^ .* $/.test(shown) ? ' ' : '';
  return `${ticks}${pad}${shown}${pad}${ticks}`;
}

/** A sentence of ours about what has these names, which stand as code in it. */
export function sentence(text: string, names: readonly string[]): string {
  const known = names.filter((one) => one !== '').sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  if (known.length === 0) return escaped(text);
  const found = new RegExp(`(?<![\\w.-])(${known.map(literally).join('|')})(?![\\w[-])`);
  return text
    .split(found)
    .map((part, at) => (at % 2 === 1 ? code(part) : escaped(part)))
    .join('');
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Lines in a fence that none of them can close. */
export function fenced(language: string, lines: readonly string[]): string {
  const shown = lines.map(onOneLine);
  const fence = '`'.repeat(Math.max(3, longestRun(shown.join('\n')) + 1));
  return [`${fence}${language}`, ...shown, fence].join('\n');
}

/** A cell of a table, of Markdown that is safe already: a bar would end it. */
export const cell = (markdown: string): string => markdown.replace(/(?<!\\)\|/g, '\\|');

const longestRun = (text: string): number =>
  (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
