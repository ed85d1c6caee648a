// Makes the page of one log or two: one file that needs nothing from anywhere.
import { gzipSync } from 'node:zlib';
import type { LogFile } from '@dr/event-log';
import { RunLog } from './log/run-log';
import type { About } from './view/about';
import { SIMULATED, verdictOf } from './words/verdict';

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
  const verdict = verdictOf(new RunLog(last.log));
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // Nothing comes from elsewhere, and nothing goes there.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">`,
    `<title>${escaped(`${verdict.tag}: ${verdict.headline}`)}</title>`,
    `<style>${assets.style}</style>`,
    '</head>',
    '<body>',
    HATCH,
    // What is seen before the log is unpacked.
    `<div id="page"><main><p class="tagline">${escaped(SIMULATED)}</p><h1>${escaped(verdict.headline)}</h1></main></div>`,
    '<noscript><p>The player needs JavaScript; the verdict above does not.</p></noscript>',
    `<script type="application/json" id="about">${inScript(JSON.stringify(about))}</script>`,
    ...logs.map(({ name, log }) => `<script type="text/plain" data-log="${escaped(name)}">${packed(log)}</script>`),
    `<script>${inScript(assets.script)}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Failed is hatched, since colour alone says nothing to many. */
const HATCH =
  '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="var(--fail-soft)"/><path d="M0 0v5" stroke="var(--fail)" stroke-width="1.6"/></pattern></defs></svg>';

const packed = ({ header, events, end }: LogFile): string =>
  gzipSync(JSON.stringify({ header, events, end }), { level: 9 }).toString('base64');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
/** What ends a script ends it inside of a string as well. */
const inScript = (text: string): string => text.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
