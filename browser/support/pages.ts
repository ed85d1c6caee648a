// Drills whose reports are looked at, and the browser that opens them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const SCREENSHOTS = join('dist', 'screenshots');
const directory = mkdtempSync(join(tmpdir(), 'dr-browser-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));

export const fileIn = (name: string): string => join(directory, name);

/** Runs the built command line; its exit code. */
export function dr(...args: readonly string[]): number {
  try {
    execFileSync('node', ['scripts/dr.mjs', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
    return 0;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

let browser: Browser | undefined;

interface Look {
  readonly permissions?: readonly string[];
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'dark' | 'light';
  readonly reducedMotion?: 'reduce';
}

/** A page of its own, without a network: whatever is asked for beside the file fails the test. */
export const open = (file: string, hash = '', look: Look = {}): Promise<Page> =>
  opened(`file://${file}${hash}`, { ...look, offline: true }, (url) => url.startsWith('file:'));

/** The page of a console: whatever it asks elsewhere fails the test. Ready once the run is drawn. */
export async function openLive(url: string, look: Look = {}): Promise<Page> {
  const page = await opened(url, look, (asked) => asked.startsWith(url) || asked.startsWith('data:'));
  await page.waitForSelector('.stage');
  return page;
}

async function opened(url: string, look: Look & { offline?: boolean }, isOwn: (url: string) => boolean): Promise<Page> {
  // In a container the browser has no sandbox of its own.
  browser ??= await chromium.launch({ executablePath: process.env['DR_CHROMIUM'] as string, args: ['--no-sandbox'] });
  const { width = 1440, height = 900, permissions = [], ...media } = look;
  const context = await browser.newContext({ viewport: { width, height }, permissions: [...permissions], ...media });
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('request', (request) => isOwn(request.url()) || errors.push(`asked for ${request.url()}`));
  await page.goto(url);
  await page.waitForSelector('#page[data-state=ready]');
  return page;
}

export const text = (page: Page, selector: string): Promise<string> => page.locator(selector).first().innerText();

/** What axe finds. */
async function violationsIn(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync('node_modules/axe-core/axe.min.js', 'utf8'));
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`,
    );
  });
}

/** Light and dark, wide and on a phone. */
export const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { colorScheme, width: 1440, height: 900 },
  { colorScheme, width: 375, height: 812 },
]);

/** What is wrong with the page as it stands: what axe finds, and by how many pixels it is wider than the screen. */
export const wrongWith = async (page: Page): Promise<{ violations: string[]; wider: number }> => ({
  violations: await violationsIn(page),
  wider: await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
});

/** What went wrong in any page. */
export const errors: string[] = [];
export const close = async (): Promise<void> => browser?.close();
export const closePages = async (): Promise<void> => {
  await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
};

/** Kept beside the bundles, to be looked at. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage });
}
