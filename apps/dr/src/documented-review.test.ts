// What README and the guide show of a review is what it prints, and what they say of the package is so.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context';
import { runIn, systemOf } from './testing/run-on';

const root = join(__dirname, '../../..');
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');
const README = textOf('README.md');
const GUIDE = textOf('docs/guides/review.md');
const EXAMPLE = join(root, 'docs/guides/review-example.tf.json');

/** The fenced block that begins with the verdict. */
const shownIn = (page: string): string => /^```\n(FAILS: [^`]*)```$/m.exec(page)?.[1] ?? '';

test('the guide and README show how the answer for the example begins', async () => {
  const { code, out } = await systemOf().dr('review', EXAMPLE, '--rto', '120');
  expect(code).toBe(1);
  expect(shownIn(GUIDE)).toContain('Fix: ');
  for (const shown of [GUIDE, README].map(shownIn)) {
    expect(shown.split('\n').length).toBeGreaterThan(4);
    expect(out.slice(0, shown.length)).toBe(shown);
  }
});

test('the waiver in the guide is one that the review takes, and that meets the finding', async () => {
  const [, waivers = ''] = /```json\n(\{\n {2}"waivers"[^`]*)```/.exec(GUIDE) ?? [];
  const processes = { readFile: () => waivers } as unknown as Context['processes'];
  const { code, out } = await runIn(['review', EXAMPLE, '--waivers', 'waivers.json'], {
    processes,
    now: () => new Date('2026-12-01T00:00:00Z'),
  });
  expect(code).toBe(0);
  expect(out).toContain('waived: record-without-health-check');
});

test('README names the tarball as it is called', () => {
  const { name, version } = JSON.parse(textOf('package.json')) as { name: string; version: string };
  expect(README).toContain(`dist/${name}-${version}.tgz`);
  expect(textOf('docs/package.md')).toContain(`./${name}-${version}.tgz review`);
});
