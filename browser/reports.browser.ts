// One truth: what a report says on its page is what its JSON says beside it. In a real browser, from a file, without a network.
import { readFileSync, writeFileSync } from 'node:fs';
import { GAME_DAY, SEARCH_RESULT } from '../apps/dr/src/testing/results';
import { close, dr, errors, fileIn, LOOKS, open, picture, wrongWith } from './support/pages';

const inputs = { search: fileIn('search-result.json'), 'game-day': fileIn('game-day-result.json') };
const stacks = { before: fileIn('before.tf.json'), now: fileIn('now.tf.json'), waivers: fileIn('waivers.json') };
const pages = {
  run: fileIn('run.html'),
  search: fileIn('search.html'),
  'game-day': fileIn('game-day.html'),
  review: fileIn('review.html'),
};
const LOAD = ['--clients', '40', '--rate', '8', '--duration', '90', '--seed', '11'];

beforeAll(() => {
  writeFileSync(inputs.search, JSON.stringify(SEARCH_RESULT));
  writeFileSync(inputs['game-day'], JSON.stringify(GAME_DAY));
  expect(dr('drill', ...LOAD, '--report', pages.run)).toBe(0);
  expect(dr('report', inputs.search, '--out', pages.search)).toBe(1);
  expect(dr('report', inputs['game-day'], '--out', pages['game-day'])).toBe(0);
  writeStacks();
  const { before, now, waivers } = stacks;
  const asked = ['review', now, '--base', before, '--rto', '60', '--waivers', waivers, '--report', pages.review];
  expect(dr(...asked)).toBe(1);
});

/** The record of the first region loses what moves clients, and the name of a queue is not known yet. */
function writeStacks(): void {
  const stack = (): Stack => JSON.parse(readFileSync('docs/guides/review-example.tf.json', 'utf8')) as Stack;
  const [before, now] = [stack(), stack()];
  before.resource.aws_route53_record.primary.alias.evaluate_target_health = true;
  Object.assign(now.resource, { aws_sqs_queue: { orders: { name: '${var.queue}' } } });
  Object.assign(now, { variable: { queue: {} } });
  const gone = { rule: 'record-without-health-check', address: 'aws_route53_record.gone' };
  const waivers = [{ ...gone, reason: 'it is being closed', expires: '2099-12-31' }];
  for (const [name, value] of Object.entries({ before, now, waivers: { waivers } }))
    writeFileSync(stacks[name as keyof typeof stacks], JSON.stringify(value));
}

interface Stack {
  readonly resource: {
    readonly aws_route53_record: { readonly primary: { readonly alias: { evaluate_target_health: boolean } } };
  };
}

afterEach(() => expect(errors.splice(0)).toEqual([]));
afterAll(close);

/** What the JSON says for programs alone: how to read it, what the page leaves to it, and what it shows in a shorter form. */
const NOT_SHOWN: readonly RegExp[] = [
  /^(schema|kind|of|(drills|review)\.schema|gameDay\.(schema|kind|where))$/,
  /(^|\.)checkout$/,
  // The smallest schedule is shown in the place of the one that was drawn.
  /^drills\.search\.failures\.\d+\.schedule\./,
  // Clients that keep a connection are not judged: their worst case is shown.
  /^gameDay\.measured\.keptConnections\.(requests|failed|notBeforeHeal|rto\.p\d\dSeconds)$/,
  /^gameDay\.measured\.newConnections\.notBeforeHeal$/,
  /^gameDay\.undoneBy$/,
];

interface Leaf {
  readonly path: string;
  readonly value: string | number;
}

function leavesOf(value: unknown, path = ''): Leaf[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ path, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => leavesOf(one, path === '' ? key : `${path}.${key}`));
}

const plain = (text: string): string => text.replace(/\s+/g, ' ').toLowerCase();

/** In one of the ways in which a page writes figures. */
function isSaid({ value }: Leaf, text: string): boolean {
  const ways =
    typeof value === 'string'
      ? [value, value.replaceAll('\u00a0', ' ')]
      : [
          String(value),
          value.toFixed(1),
          value.toFixed(2),
          value.toLocaleString('en-US'),
          Math.round(value).toLocaleString('en-US'),
        ];
  return ways.some((way) => text.includes(plain(way)));
}

test.each(Object.entries(pages))('%s: the page says every figure of the JSON beside it', async (name, file) => {
  const page = await open(file, '#report');
  for (const folded of await page.locator('.report details:not([open]) > summary').all()) await folded.click();
  const text = plain(await page.locator('.report').innerText());
  const json = JSON.parse(readFileSync(file.replace('.html', '.json'), 'utf8')) as unknown;
  const shown = leavesOf(json).filter(({ path }) => !NOT_SHOWN.some((pattern) => pattern.test(path)));
  expect(shown.length).toBeGreaterThan(50);
  expect(shown.filter((leaf) => !isSaid(leaf, text))).toEqual([]);
  // The test can fail: a figure that the run did not have is not found.
  expect(isSaid({ path: '', value: 123_456.7 }, text)).toBe(false);
  await picture(page, `${name}-report`, true);
});

test.each(Object.entries(pages))('%s: axe finds nothing, and nothing is wider than the page', async (name, file) => {
  for (const look of LOOKS) {
    const page = await open(file, '#report', look);
    expect({ look, ...(await wrongWith(page)) }).toEqual({ look, violations: [], wider: 0 });
    await picture(page, `${name}-report-${look.colorScheme}-${look.width}`, true);
  }
});

test('every fault lists what its run was judged by: one that is broken is open, and on paper each is', async () => {
  const page = await open(pages.search, '#report');
  const faults = page.locator('.judged');
  const said = (): Promise<string[]> => faults.evaluateAll((all) => all.map((one) => (one as HTMLElement).innerText));
  const [struck = '', quiet = ''] = await said();
  expect(struck).toMatch(
    /^region-dark\s+1 broken\s+2 checked, 1 hold\.[\s\S]*broken\s+people-are-told\s+nobody was told/,
  );
  expect(struck.indexOf('people-are-told')).toBeLessThan(struck.indexOf('acknowledged-writes-survive'));
  expect(quiet).toMatch(/^sns-down\s+all 2 hold$/);
  await page.emulateMedia({ media: 'print' });
  expect((await said())[1]).toMatch(/holds\s+latest-is-read-back\s+no older version was read back$/);
});

test.each(Object.entries(pages))('%s: on paper it is dark on white, whatever the screen was', async (name, file) => {
  const page = await open(file, '#report', { colorScheme: 'dark', width: 680 });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const [ink, paper] = await page.evaluate(() => [
    getComputedStyle(document.querySelector('.report h1') as Element).color,
    getComputedStyle(document.body).backgroundColor,
  ]);
  expect([ink, paper]).toEqual(['rgb(18, 22, 28)', 'rgb(255, 255, 255)']);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  await picture(page, `${name}-report-print`, true);
});
