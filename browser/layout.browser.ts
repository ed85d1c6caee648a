// The player on the screens of laptops, and of a log that was cut off.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { close, dr, errors, fileIn, open, picture } from './support/pages';

const LOG = fileIn('whole.jsonl');
const CUT = fileIn('cut.html');
const CUT_AT_MS = 98_000;
const PLANNED_MS = 360_000;
/** Of the last event in the log. */
let knownMs = 0;

/** The log up to an instant, with a region of a longer name: the SHA-256 of its events went with its last line. */
function cutOff(log: string): string {
  const [header = '', ...events] = log.trimEnd().replaceAll('mumbai', 'stockholm').split('\n');
  const kept = events.filter((line) => (JSON.parse(line) as { atMs: number }).atMs <= CUT_AT_MS);
  knownMs = (JSON.parse(kept.at(-1) ?? '') as { atMs: number }).atMs;
  return [header, ...kept, ''].join('\n');
}

beforeAll(() => {
  expect(dr('drill', '--seed', '7', '--events', LOG)).toBe(0);
  writeFileSync(fileIn('cut.jsonl'), cutOff(readFileSync(LOG, 'utf8')));
  expect(dr('report', fileIn('cut.jsonl'), '--out', CUT)).toBe(0);
});
afterEach(() => expect(errors.splice(0)).toEqual([]));
afterAll(close);

/** Words of a part of the page that lie on more than one line, and blocks that are wider than their place. */
const brokenIn = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate((within) => {
    const found: string[] = [];
    for (const block of document.querySelectorAll<HTMLElement>(within)) {
      if (block.scrollWidth > block.clientWidth) found.push(`too wide: ${block.innerText}`);
      const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text; text = texts.nextNode())
        for (const { 0: word, index } of text.nodeValue?.matchAll(/\S+/g) ?? []) {
          const range = document.createRange();
          range.setStart(text, index);
          range.setEnd(text, index + word.length);
          const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
          if (lines.size > 1) found.push(word);
        }
    }
    return found;
  }, selector);

test('at 1,280 px no word of a region is broken, with an alarm on and many down', async () => {
  const page = await open(CUT, '#t=98', { width: 1280 });
  expect(await page.locator('.alarm.on').first().innerText()).toMatch(/dr-stockholm-[a-z-]+/);
  await picture(page, 'layout-1280');
  expect(await brokenIn(page, '.blocks > div')).toEqual([]);
  // The test can fail: words are broken where the panels are narrower.
  await page.addStyleTag({ content: '.blocks > div { max-width: 40px; overflow-wrap: anywhere }' });
  expect(await brokenIn(page, '.blocks > div')).toContain('healthy');
});

test.each([1280, 1440])('at %d px who is down near a region is said in one line', async (width) => {
  const page = await open(CUT, '#t=98', { width });
  const header = page.locator('[data-home=stockholm] > header');
  expect(await header.innerText()).toMatch(/^Clients near Stockholm\s+\d{2,3} down$/);
  expect((await header.boundingBox())?.height).toBeLessThan(28);
  expect(await header.locator('h2').evaluate((title) => title.scrollWidth - title.clientWidth)).toBe(0);
});

test('what a log that was cut off does not know is hatched, as wide as it is long', async () => {
  const page = await open(CUT, '#t=98&w=all');
  const unknown = page.locator('.plots .unknown');
  expect(await unknown.innerText()).toBe('not known');
  expect(await unknown.evaluate((element) => getComputedStyle(element).backgroundImage)).toMatch(
    /^repeating-linear-gradient\(45deg/,
  );
  const lanes = await page.evaluate(() => {
    const [plots, hidden, bars] = ['.plots', '.plots .unknown', '.plots svg.lane'].map((selector) =>
      (document.querySelector(selector) as Element).getBoundingClientRect(),
    ) as [DOMRect, DOMRect, DOMRect];
    return { from: hidden.left - plots.left, width: hidden.width, px: bars.width - 44 };
  });
  const known = knownMs / PLANNED_MS;
  expect(knownMs).toBeGreaterThan(90_000);
  expect(Math.abs(lanes.from - known * lanes.px)).toBeLessThan(2);
  expect(Math.abs(lanes.width - (1 - known) * lanes.px)).toBeLessThan(2);

  const rest = page.locator('.scrubber rect.unknown');
  expect(await rest.evaluate((element) => getComputedStyle(element).fill)).toMatch(/url\("?#unknown"?\)/);
  expect(await page.locator('pattern#unknown path').count()).toBe(1);
  const wide = (await page.locator('.scrubber').boundingBox())?.width ?? 0;
  expect(Math.abs(Number(await rest.getAttribute('width')) - (1 - known) * wide)).toBeLessThan(2);
  await picture(page, 'layout-cut');
});
