// The console, as a person meets it: a region is lost with a button, and the page, DNS and the clock show what comes of it.
import { execFileSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { addressesOf } from './support/ask-dns';
import { startConsole, type RunningConsole } from './support/console';
import { close, errors, openLive, picture, text } from './support/pages';

const MINUTES_MS = 60_000;
/** Exit code of who is ended by Ctrl-C. */
const INTERRUPTED = 130;
let console: RunningConsole;
let page: Page;
beforeAll(async () => {
  console = await startConsole();
  page = await openLive(console.page, { permissions: ['clipboard-read', 'clipboard-write'] });
  page.setDefaultTimeout(2 * MINUTES_MS);
  await click('50 x');
});
afterAll(() => console.stop());
afterAll(close);
afterEach(() => expect(errors.splice(0)).toEqual([]));

const click = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
/** What the page reads out once it is done. */
const told = (words: string | RegExp): Promise<void> => page.getByRole('status').getByText(words).waitFor();
const nowSeconds = async (): Promise<number> => Number.parseFloat(await text(page, '.now b'));
/** Where Route 53 sends clients near Mumbai. */
const answers = (region: string): Promise<unknown> =>
  page.waitForFunction((named) => document.querySelector('.answers dd')?.textContent === named, region);

test('Copy: the command line that is shown is in the clipboard, and a shell that runs it is answered', async () => {
  await page.locator('.endpoints summary').click();
  const copied = async (what: string): Promise<string> => {
    const row = page.locator('.endpoints li', { hasText: what });
    await row.getByRole('button', { name: 'Copy' }).click();
    await row.getByRole('button', { name: 'Copied' }).waitFor();
    const line = await page.evaluate(() => navigator.clipboard.readText());
    expect(line).toBe(await row.locator('code').innerText());
    return line;
  };
  const run = (line: string): unknown =>
    JSON.parse(execFileSync('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
  expect(run(await copied('Health of Singapore'))).toMatchObject({ region: 'singapore', status: 'pass' });
  run(await copied('Write in Mumbai'));
  expect(run(await copied('Read in Mumbai'))).toMatchObject({ value: { hello: 'mumbai' } });
  expect(await copied('DNS near Mumbai')).toMatch(/^dig @127\.0\.0\.1 -p \d+ /);
  expect(await copied('Table of Singapore')).toMatch(/^aws dynamodb scan .*--region ap-southeast-1 /);
  await page.locator('.endpoints summary').click();
});

test('Pause: no virtual time passes, until Resume', async () => {
  await click('Pause');
  await page.locator('.tagline', { hasText: 'Paused' }).waitFor();
  const stood = await nowSeconds();
  await page.waitForTimeout(1_000);
  expect(await nowSeconds()).toBe(stood);
  await click('Resume');
  await page.waitForFunction(
    (was) => Number.parseFloat(document.querySelector('.now b')?.textContent ?? '') > was + 1,
    stood,
  );
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
});

test('a region is lost with one button: DNS moves, the clock stops, it comes back with another', async () => {
  await answers('Mumbai');
  const before = await addressesOf(console.dns);

  await click('Lose Mumbai');
  await told('region-dark of Mumbai has begun');
  await page.locator('.region.dark').waitFor();
  await picture(page, 'console-lost');
  await answers('Singapore (moved)');
  expect(await addressesOf(console.dns)).not.toEqual(before);

  const clock = page.locator('.clock-state', { hasText: 'stopped: the last of' });
  await clock.waitFor();
  const seconds = Number.parseFloat(await text(page, '.clock'));
  expect(seconds).toBeGreaterThan(10);
  expect(await text(page, 'h1')).toMatch(/^Mumbai went dark .* ago\. All \d+ clients that it hit are back/);
  await picture(page, 'console-recovered');

  // Other clients, in figures and as lines of their own, each with one in the key.
  const others = page.getByRole('region', { name: 'Other clients in figures' });
  for (const name of ['keeps', 'stretches', 'far']) {
    const row = others.getByRole('row', { name: new RegExp(`^${name} `) });
    expect(Number((await row.getByRole('cell').allInnerTexts())[1])).toBeGreaterThan(0);
    expect(await page.locator(`.plot path.apart-${name}`).count()).toBe(1);
    expect(await page.locator('.whose span', { hasText: name }).count()).toBe(1);
  }
  expect(await text(page, '.whose')).toContain('clients that honour the TTL and open a new connection');

  await click('Bring Mumbai back');
  await told('region-dark of Mumbai is over');
  await answers('Mumbai');
  expect(await addressesOf(console.dns)).toEqual(before);
  await picture(page, 'console-back');
});

test('a region is evacuated with one button and readmitted with another: its clients go, and come back', async () => {
  const mumbai = page.locator('.region', { hasText: 'ap-south-1' });
  await click('Evacuate Mumbai');
  await told('Mumbai is ordered out of service.');
  await mumbai.getByText(/^ordered out of service at \d/).waitFor();
  await answers('Singapore (moved)');
  await picture(page, 'console-evacuated');
  await click('Readmit Mumbai');
  await told('Mumbai is ordered back into service.');
  await mumbai.getByText(/^ordered out of service/).waitFor({ state: 'detached' });
  await answers('Mumbai');
});

test('End all: what was begun with the button and with the form is over', async () => {
  await click('Lose Singapore');
  await page.locator('.region.dark').waitFor();
  await page.getByLabel('Fault').selectOption('lambda-errors');
  await page.getByLabel('Function').selectOption('data-consistency-validator');
  await click('Begin');
  await told('lambda-errors of data-consistency-validator in Mumbai has begun.');
  const inForce = page.locator('.force li');
  await page.waitForFunction(() => document.querySelectorAll('.force li').length === 2);
  await click('End all');
  await told('All faults are over.');
  await inForce.first().waitFor({ state: 'detached' });
  await page.locator('.region.dark').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Lose Singapore' }).waitFor();
});

test('Ctrl-C: the page keeps what it has, and there is no verdict, as curl has written', async () => {
  expect(await console.stop()).toBe(INTERRUPTED);
  await page.locator('.tag', { hasText: 'Incomplete' }).waitFor();
  expect(await page.locator('.console').count()).toBe(0);
});
