// Which logs the page can draw.
import type { LogHeader } from '@dr/event-log';

const READS = 1;

/** Throws on a log of another schema. */
export function checkSchema({ schema }: LogHeader): void {
  if (schema !== READS) throw new Error(`this log has schema ${String(schema)}, this player reads ${READS}`);
}
