// The console, as a person meets it: a region is lost with a button, and the page, DNS and the clock show what comes of it.
import { addressesOf } from './support/ask-dns';
import { startConsole, type RunningConsole } from './support/console';
import { close, errors, openLive, picture, text } from './support/pages';

const MINUTES_MS = 60_000;
/** Exit code of who is ended by Ctrl-C. */
const INTERRUPTED = 130;
let console: RunningConsole;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.stop());
afterEach(() => expect(errors.splice(0)).toEqual([]));

test('a region is lost with one button: DNS moves, the clock stops, it comes back with another', async () => {
  const page = await openLive(console.page);
  await page.getByRole('button', { name: '50 x' }).click();
  const answer = page.locator('.answers dd').first();
  expect(await answer.innerText()).toBe('Mumbai');
  const before = await addressesOf(console.dns);

  await page.getByRole('button', { name: 'Lose Mumbai' }).click();
  await page.getByText('region-dark of Mumbai has begun').waitFor();
  await page.locator('.region.dark').waitFor();
  await picture(page, 'console-lost');
  await page.getByText('Singapore (moved)').waitFor({ timeout: 2 * MINUTES_MS });
  expect(await addressesOf(console.dns)).not.toEqual(before);

  const clock = page.locator('.clock-state', { hasText: 'stopped: the last of' });
  await clock.waitFor({ timeout: 2 * MINUTES_MS });
  const seconds = Number.parseFloat(await text(page, '.clock'));
  expect(seconds).toBeGreaterThan(10);
  expect(await text(page, 'h1')).toMatch(/^Mumbai went dark .* ago\. All \d+ clients that it hit are back/);
  await picture(page, 'console-recovered');

  await page.getByRole('button', { name: 'Bring Mumbai back' }).click();
  await page.getByText('region-dark of Mumbai is over').waitFor();
  await page.waitForFunction(() => document.querySelector('.answers dd')?.textContent === 'Mumbai', undefined, {
    timeout: 4 * MINUTES_MS,
  });
  expect(await addressesOf(console.dns)).toEqual(before);
  await picture(page, 'console-back');

  // Ctrl-C: the page keeps what it has, with a verdict.
  expect(await console.stop()).toBe(INTERRUPTED);
  await page.locator('.tag', { hasText: /Passed|Failed|Incomplete/ }).waitFor();
  expect(await page.locator('.console').count()).toBe(0);
});
afterAll(close);
