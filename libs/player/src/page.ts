// Makes the page of one log or two: one file that needs nothing from anywhere. And the page of a run that goes on.
import { gzipSync } from 'node:zlib';
import type { LogFile } from '@dr/event-log';
import { RunLog } from './log/run-log';
import type { About } from './report/about';
import type { DrillsReport } from './report/drills';
import type { GameDayReport } from './report/game-day';
import type { ReviewReport } from './report/review';
import { runReportOf } from './report/run';
import { SIMULATED } from './words/verdict';

/** The player as it was built: a classic script, and its style. */
export interface PlayerAssets {
  readonly script: string;
  readonly style: string;
}

export interface NamedLog {
  /** What the log is called on the page, e.g. the name of its file. */
  readonly name: string;
  readonly log: LogFile;
}

/** Two logs are compared: the former one comes first. */
export function pageOf(assets: PlayerAssets, logs: readonly NamedLog[], about: About): string {
  const last = logs.at(-1) as NamedLog;
  const verdict = runReportOf(new RunLog(last.log), about);
  return documentOf(assets, {
    title: `${verdict.tag}: ${verdict.headline}`,
    // Nothing comes from elsewhere, and nothing goes there.
    policy: ASSETS_ONLY,
    headline: verdict.headline,
    without: VERDICT_STANDS,
    data: [
      jsonElement('about', about),
      ...logs.map(({ name, log }) => `<script type="text/plain" data-log="${escaped(name)}">${packed(log)}</script>`),
    ],
  });
}

/** The page of a report that has no log of its own: of many runs, of a game day, or of a review. */
export const reportPageOf = (assets: PlayerAssets, report: DrillsReport | GameDayReport | ReviewReport): string =>
  documentOf(assets, {
    title: `${report.tag}: ${report.headline}`,
    policy: ASSETS_ONLY,
    ...(report.of === 'drills' ? {} : { tagline: '' }),
    headline: report.headline,
    without: VERDICT_STANDS,
    data: [jsonElement('report', report)],
  });

const VERDICT_STANDS = 'The page needs JavaScript; the verdict above does not.';

/** The page that a console serves: it draws what `/events` says, and asks `/endpoints` and `/control`. */
export const livePageOf = (assets: PlayerAssets, about: About): string =>
  documentOf(assets, {
    title: 'Live: dr console',
    policy: `${ASSETS_ONLY}; connect-src 'self'; img-src data:`,
    live: '/events',
    headline: 'Connecting to the console\u2026',
    without: 'The player needs JavaScript.',
    data: [jsonElement('about', about)],
  });

const ASSETS_ONLY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

interface Document {
  readonly title: string;
  readonly policy: string;
  /** Address of the stream of a run that goes on. */
  readonly live?: string;
  /** What is seen before the data are unpacked. */
  readonly tagline?: string;
  readonly headline: string;
  readonly without: string;
  /** Elements that hold what is drawn. */
  readonly data: readonly string[];
}

function documentOf(assets: PlayerAssets, document: Document): string {
  const { title, policy, live, tagline = SIMULATED, headline, without, data } = document;
  const first = `<main><p class="tagline">${escaped(tagline)}</p><h1>${escaped(headline)}</h1></main>`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    ...(live === undefined ? [] : ['<link rel="icon" href="data:,">']),
    `<title>${escaped(title)}</title>`,
    `<style>${assets.style}</style>`,
    '</head>',
    '<body>',
    HATCH,
    `<div id="page"${live === undefined ? '' : ` data-live="${live}"`}>${first}</div>`,
    `<noscript><p>${without}</p></noscript>`,
    ...data,
    `<script>${inScript(assets.script)}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Failed is hatched, since colour alone says nothing to many; what nobody knows is too, more widely. */
const HATCH =
  '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="var(--fail-soft)"/><path d="M0 0v5" stroke="var(--fail)" stroke-width="1.6"/></pattern><pattern id="unknown" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v6" stroke="var(--edge)"/></pattern></defs></svg>';

const packed = ({ header, events, end }: LogFile): string =>
  gzipSync(JSON.stringify({ header, events, end }), { level: 9 }).toString('base64');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
/** JSON in which nothing begins an element, or a comment. */
const jsonElement = (id: string, value: unknown): string =>
  `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`;
/** What ends a script ends it inside of a string as well. */
const inScript = (text: string): string => text.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
