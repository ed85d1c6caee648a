// Numbers of a JSON text that a double would round.
import { parseBigFloat } from './big-float';

/** Of 16 digits or more, or with such an exponent that a double may end. */
const LONG = String.raw`-?\d[\d.]{15,}(?:[eE][+-]?\d+)?|-?\d[\d.]*[eE][+-]?\d{2,}`;
const SUSPECT = new RegExp(LONG);
const TEXT_OR_LONG = new RegExp(String.raw`"[^"\\]*(?:\\.[^"\\]*)*"|${LONG}`, 'g');
const MARK = '\0number ';

/** `json`, which was read from `text`, with such numbers as Terraform has them. */
export function exactly(text: string, json: unknown): unknown {
  if (!SUSPECT.test(text)) return json;
  const marked = text.replace(TEXT_OR_LONG, (found) =>
    found.startsWith('"') || !parseBigFloat(found) ? found : JSON.stringify(MARK + found),
  );
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? parseBigFloat(value.slice(MARK.length)) : value,
  );
}
