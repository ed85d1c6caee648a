// The logs of a page: gzipped JSON, as base64 in elements that no browser draws.
import type { GivenLog } from '../log/run-log';
import { checkSchema } from '../log/schema';
import type { About } from '../report/about';
import type { DrillsReport } from '../report/drills';
import type { GameDayReport } from '../report/game-day';
import type { ReviewReport } from '../report/review';

type ReportWithoutLog = DrillsReport | GameDayReport | ReviewReport;

export interface Unpacked {
  readonly logs: readonly GivenLog[];
  readonly names: readonly string[];
  readonly about: About;
}

/** Of a page that is made of no log. */
export function reportIn(page: Document): ReportWithoutLog | undefined {
  const text = page.getElementById('report')?.textContent;
  return text ? (JSON.parse(text) as ReportWithoutLog) : undefined;
}

/** Rejects when the page holds no log, or one of another schema. */
export async function unpackLogs(page: Document): Promise<Unpacked> {
  const packed = [...page.querySelectorAll<HTMLElement>('[data-log]')];
  if (packed.length === 0) throw new Error('it holds no log');
  const logs = await Promise.all(packed.map((element) => unpack(element.textContent ?? '')));
  for (const { header } of logs) checkSchema(header);
  return { logs, names: packed.map(({ dataset }) => dataset['log'] ?? ''), about: aboutOf(page) };
}

/** What is known beside the logs. */
export const aboutOf = (page: Document): About =>
  JSON.parse(page.getElementById('about')?.textContent ?? '{"assumptions":[]}') as About;

async function unpack(base64: string): Promise<GivenLog> {
  const bytes = Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as GivenLog;
}
