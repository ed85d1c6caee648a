// Sections that only some drills have: a public incident, a region that is gone for good, the load, clients of other kinds.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { close, dr, errors, fileIn, LOOKS, open, picture, wrongWith } from './support/pages';

const DRILLS = {
  incident: { exit: 0, asked: ['--incident', 'dynamodb-2025-10-20'], titles: ['Then, and on the twin'] },
  'never-heals': {
    exit: 0,
    asked: ['--never-heals', '--clients', '40', '--rate', '8'],
    titles: ['Other clients', 'While the region is gone', 'The plan: Seoul in its place'],
  },
  // The survivor throttles more than it may.
  capacity: {
    exit: 1,
    asked: ['--load', '10000', '--duration', '90'],
    titles: ['Capacity'],
  },
} as const;
type Name = keyof typeof DRILLS;
const NAMES = Object.keys(DRILLS) as Name[];
const fileOf = (name: Name): string => fileIn(`${name}.html`);

beforeAll(() => {
  for (const name of NAMES)
    expect(dr('drill', ...DRILLS[name].asked, '--report', fileOf(name))).toBe(DRILLS[name].exit);
});
afterEach(() => expect(errors.splice(0)).toEqual([]));
afterAll(close);

/** Cells whose words are wider than they are, and tables that are wider than the report. */
const cutIn = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.entries, .entries th, .entries td')]
      .filter(
        (one) =>
          one.scrollWidth > one.clientWidth + 1 ||
          one.getBoundingClientRect().right > (one.closest('.report') as Element).getBoundingClientRect().right,
      )
      .map(({ innerText }) => innerText),
  );

test.each(NAMES)('%s: axe finds nothing, and nothing is cut off, light or dark, wide or on a phone', async (name) => {
  for (const look of LOOKS) {
    const page = await open(fileOf(name), '#report', look);
    const titles = await page.locator('.report section:has(.entries) > h2').allInnerTexts();
    expect(titles).toEqual(expect.arrayContaining([...DRILLS[name].titles]));
    expect({ look, ...(await wrongWith(page)), cut: await cutIn(page) }).toEqual({
      look,
      violations: [],
      wider: 0,
      cut: [],
    });
    await picture(page, `${name}-report-${look.colorScheme}-${look.width}`, true);
  }
  // The test can fail: a word that may not be broken is found.
  const page = await open(fileOf(name), '#report', { width: 1280 });
  await page.addStyleTag({ content: '.entries tbody td { white-space: nowrap; max-width: 40px }' });
  expect((await cutIn(page)).length).toBeGreaterThan(0);
});

test('on a phone each cell stands below the other, after its head', async () => {
  const page = await open(fileOf('never-heals'), '#report', { width: 375, height: 812 });
  const [first, second] = await page
    .locator('.entries tbody tr')
    .first()
    .locator('th, td')
    .evaluateAll((cells) =>
      cells.map((cell) => ({
        top: cell.getBoundingClientRect().top,
        head: getComputedStyle(cell, '::before').content,
      })),
    );
  expect(second?.top).toBeGreaterThan(first?.top ?? Infinity);
  expect(second?.head).toBe('"Who: "');
});

test('what throttled is on the page, with what avoids it', async () => {
  const page = await open(fileOf('capacity'), '#report');
  const json = JSON.parse(readFileSync(fileOf('capacity').replace('.html', '.json'), 'utf8')) as {
    run: {
      capacity: { limits: { subject: string; name: string; throttledShare: number; avoidedBy: { what: string } }[] };
    };
  };
  const [most] = json.run.capacity.limits;
  const row = await page.locator('.report section', { hasText: 'Capacity' }).locator('tbody tr').first().innerText();
  expect(most?.throttledShare).toBeGreaterThan(0.01);
  for (const said of [
    `${most?.subject}: ${most?.name}`,
    `${(100 * (most?.throttledShare ?? 0)).toFixed(1)}\u00a0%`,
    most?.avoidedBy.what ?? '-',
  ])
    expect(row).toContain(said);
});
