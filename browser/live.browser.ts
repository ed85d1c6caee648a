// A run that goes on, in a real browser: a recorded one, in the states that no console comes into when it is told.
import { readFileSync } from 'node:fs';
import { readLog, type LogFile } from '@dr/event-log';
import type { PlayerAssets } from '@dr/player';
import { fakeConsole, type FakeConsole } from './support/fake-console';
import { close, closePages, dr, errors, fileIn, LOOKS, openLive, picture, text, wrongWith } from './support/pages';

const LOG = fileIn('recorded.jsonl');
let log: LogFile;
let assets: PlayerAssets;

beforeAll(() => {
  expect(dr('drill', '--duration', '60', '--clients', '40', '--rate', '4', '--events', LOG)).toBe(0);
  log = readLog(readFileSync(LOG, 'utf8'), LOG);
  assets = JSON.parse(readFileSync('dist/dr/player.json', 'utf8')) as PlayerAssets;
});
afterAll(close);

let fake: FakeConsole;
const started = async (speed: number, fromMs: number): Promise<FakeConsole> =>
  (fake = await fakeConsole(assets, log, speed, fromMs));
afterEach(async () => {
  await closePages();
  await fake.close();
});

test('who scrubs leaves the head while the log goes on, and comes back to it', async () => {
  await started(2, 100_000);
  const page = await openLive(fake.url);
  await page.locator('.tag.live').waitFor();
  await page.keyboard.press('Home');
  expect(await text(page, '.now b')).toMatch(/^0\.0/);
  const listed = await text(page, '.events header .sub');
  await page.waitForFunction((was) => document.querySelector('.events header .sub')?.textContent !== was, listed);
  expect(await text(page, '.now b')).toMatch(/^0\.0/);
  await page.keyboard.press('l');
  await page.locator('.tag.live').waitFor();
  expect(seconds(await text(page, '.now b'))).toBeGreaterThan(100);
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.locator('.tag.live').waitFor();
  expect(errors.splice(0)).toEqual([]);
});

test('a connection that is lost is said, and what was known stays; then it goes on with every event once', async () => {
  await started(1, 100_000);
  const page = await openLive(fake.url);
  await page.locator('.tag.live').waitFor();
  fake.drop(2_000);
  await page.getByText('The console does not answer').waitFor();
  expect(await text(page, 'h1')).toContain('Mumbai went dark');
  await page.getByText('The console does not answer').waitFor({ state: 'detached' });
  const told = await page.locator('.event', { hasText: 'Mumbai went dark' }).count();
  expect(told).toBe(1);
  // The browser says that the connection was lost.
  errors.splice(0);
});

test('what the console refuses is shown in its words; what it does is read out', async () => {
  await started(1, 30_000);
  const page = await openLive(fake.url);
  await page.getByRole('button', { name: 'Evacuate Mumbai' }).click();
  await page.getByRole('alert').getByText('No order can be given: this run is a recording.').waitFor();
  await page.getByLabel('Fault').selectOption('lambda-errors');
  await page.getByLabel('Function').selectOption('health-checker');
  await page.getByLabel('For, s').fill('90');
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('status').getByText('lambda-errors of health-checker in Mumbai has begun, for 90 s.').waitFor();
  const fault = { kind: 'lambda-errors', region: 'mumbai', functionName: 'health-checker' };
  expect(fake.asked).toEqual([
    { do: 'order', order: 'evacuate', region: 'mumbai' },
    { do: 'begin', fault, seconds: 90 },
  ]);
  // The browser says that a request was refused.
  errors.splice(0);
});

test('a run that ends has its verdict, and the page is the ordinary player; one that is cut off says so', async () => {
  await started(100, (log.end?.atMs ?? 0) - 5_000);
  const page = await openLive(fake.url);
  await page.locator('.tag', { hasText: 'Passed' }).waitFor();
  expect(await page.locator('.console').count()).toBe(0);
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await page.waitForFunction(() => Number.parseFloat(document.querySelector('.now b')?.textContent ?? '') > 1);
  await closePages();
  await fake.close();
  await started(1, 80_000);
  const other = await openLive(fake.url);
  await other.locator('.tag.live').waitFor();
  fake.say('end', { kind: 'cut', why: 'the log is full' });
  await other.getByText('The run could not go on: the log is full').waitFor();
  expect(await text(other, '.tag')).toContain('Incomplete');
  errors.splice(0);
});

test('axe finds nothing, light or dark, wide or on a phone', async () => {
  await started(0.2, 104_000);
  for (const look of LOOKS) {
    const page = await openLive(fake.url, look);
    await page.locator('.endpoints summary').click();
    const small = await page.evaluate(smallTargets);
    expect({ look, small, ...(await wrongWith(page)) }).toEqual({ look, small: [], violations: [], wider: 0 });
    await picture(page, `live-${look.colorScheme}-${look.width}`, true);
    await page.context().close();
  }
  expect(errors.splice(0)).toEqual([]);
});

const seconds = (text: string): number => Number.parseFloat(text);

/** Buttons, lists and fields that are less than 24 px high or wide. */
const smallTargets = (): string[] =>
  [...document.querySelectorAll('button, select, input, summary')]
    .filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return width > 0 && (width < 24 || height < 24);
    })
    .map(({ textContent }) => textContent ?? '');
