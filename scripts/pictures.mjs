// The pictures of README.md: `npm run pictures`. Runs the default drill and keeps its report, shows its player in a real browser at
// the moment when the last client is back, and has docs.mjs draw the terminal. `--log FILE`: the event log of a drill that has run.
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { chromiumFor } from './chromium.mjs';
import { fail, failOnSystem, readOptions, temporaryDirectory } from './ending.mjs';
import { root } from './freshness.mjs';

const OUT = join(root, 'docs', 'pictures');
/** Sharp at the width of a README, and below 200 KB as WebP. */
const LOOK = { viewport: { width: 1440, height: 1000 }, deviceScaleFactor: 1.25 };
const QUALITY = 0.65;

const options = { log: { type: 'string' } };
const { log: given } = readOptions('pictures', options, 'Usage: node scripts/pictures.mjs [--log FILE]');
const executablePath = chromiumFor('pictures');
const directory = temporaryDirectory('dr-pictures-');
// The page names its log.
const log = join(directory, 'events.jsonl');
const page = join(directory, 'report.html');

if (given === undefined) run('scripts/dr.mjs', 'drill', '--events', log);
else copyGiven();
run('scripts/dr.mjs', 'report', log, '--out', page);
const report = reportIn(readFileSync(log, 'utf8').trimEnd().split('\n').at(-1));
const recovered = report?.timeline.find(({ kind }) => kind === 'last-client-recovered');
if (recovered === undefined)
  fail(`pictures: ${given ?? log} is not the log of a drill whose clients recovered. Give another one`);
keepReport();
await takePictures(recovered.atSeconds);
run('scripts/docs.mjs');

/** Undefined where the log was cut off. */
function reportIn(lastLine) {
  try {
    return JSON.parse(lastLine).report;
  } catch {
    return undefined;
  }
}

function copyGiven() {
  try {
    copyFileSync(given, log);
  } catch (error) {
    failOnSystem(error);
    throw error;
  }
}

/** Without what differs from run to run. */
function keepReport() {
  const kept = { ...report, simulation: { ...report.simulation, wallSeconds: 0 } };
  writeFileSync(join(OUT, 'drill.json'), `${JSON.stringify(kept, null, 2)}\n`);
}

async function takePictures(atSeconds) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ ...LOOK, colorScheme, offline: true });
      const player = await context.newPage();
      await player.goto(`${pathToFileURL(page)}#t=${atSeconds}`);
      await player.waitForSelector('#page[data-state=ready]');
      const picture = await asWebp(context, await player.screenshot());
      writeFileSync(join(OUT, `player-${colorScheme}.webp`), picture);
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

/** The browser is what can write WebP here. */
async function asWebp(context, png) {
  const blank = await context.newPage();
  const url = await blank.evaluate(
    async ([source, quality]) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', quality);
    },
    [`data:image/png;base64,${png.toString('base64')}`, QUALITY],
  );
  return Buffer.from(url.split(',')[1], 'base64');
}

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) fail(`pictures: ${script} ${args[0] ?? ''} ended with ${status}. No further picture is made`);
}
