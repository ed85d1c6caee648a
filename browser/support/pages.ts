// Drills whose reports are looked at, and the browser that opens them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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

/** A page of its own, without a network: whatever is asked for beside the file fails the test. */
export async function open(
  file: string,
  hash = '',
  look: { width?: number; height?: number; colorScheme?: 'dark' | 'light'; reducedMotion?: 'reduce' } = {},
): Promise<Page> {
  // In a container the browser has no sandbox of its own.
  browser ??= await chromium.launch({ executablePath: process.env['DR_CHROMIUM'] as string, args: ['--no-sandbox'] });
  const { width = 1440, height = 900, ...media } = look;
  const context = await browser.newContext({ viewport: { width, height }, offline: true, ...media });
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('request', (request) => request.url().startsWith('file:') || errors.push(`asked for ${request.url()}`));
  await page.goto(`file://${file}${hash}`);
  await page.waitForSelector('#page[data-state=ready]');
  return page;
}

/** What went wrong in any page. */
export const errors: string[] = [];
export const close = async (): Promise<void> => browser?.close();

/** Kept beside the bundles, to be looked at. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage });
}
