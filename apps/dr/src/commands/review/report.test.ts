// `dr review --report`: one page and its JSON, the same for the same files, with nothing of a plan that would be markup.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { besideReport, samePlace, writeFile } from '../../adapters/files-adapter';
import { readTextFile } from '../../adapters/project-adapter';
import type { Context } from '../../context';
import { departures } from '../../terminal/json-shape';
import { runIn } from '../../testing/run-on';
import { REPORT_FILES } from '../report/json-shape';

const directory = mkdtempSync(join(tmpdir(), 'dr-review-report-test-'));
afterAll(() => rmSync(directory, { recursive: true }));
const at = (name: string): string => join(directory, name);
const EXAMPLE = 'docs/guides/review-example.tf.json';
const HOSTILE = '</script><script>alert(1)</script>';

const dr = (...argv: readonly string[]) =>
  runIn(['review', ...argv], {
    besideReport,
    samePlace,
    writeFile,
    processes: { readFile: readTextFile } as Context['processes'],
  });

test('the page holds the review, and the JSON beside it is what the manual explains', async () => {
  const printed = await dr(EXAMPLE, '--rto', '120', '--report', at('review.html'), '--json');
  expect(printed).toMatchObject({ code: 1, err: `Written: ${at('review.html')}, ${at('review.json')}\n` });
  const report = JSON.parse(readFileSync(at('review.json'), 'utf8')) as Record<string, unknown>;
  expect(departures(report, REPORT_FILES['FILE.json beside a report'])).toEqual([]);
  expect(report).toMatchObject({
    ...{ of: 'review', passed: false, tag: 'Fails', headline: '1 public name, objective 120 s. 1 finding blocks.' },
    reasons: [expect.stringMatching(/^aws_route53_record.primary has no health check/)],
    replay: expect.stringMatching(/ review docs\/guides\/review-example.tf.json --rto 120$/),
    files: [{ path: EXAMPLE, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    review: JSON.parse(printed.out),
  });
  const page = readFileSync(at('review.html'), 'utf8');
  expect(page).toMatch(/<title>Fails: 1 public name, objective 120 s\. 1 finding blocks\.<\/title>/);
  await dr(EXAMPLE, '--rto', '120', '--report', at('again.html'));
  expect(readFileSync(at('again.html'), 'utf8')).toBe(page);
});

test('what would be markup is text of the page', async () => {
  const stack = JSON.parse(readFileSync(EXAMPLE, 'utf8')) as { resource: Record<string, object> };
  stack.resource['aws_sqs_queue'] = { orders: { name: '${var.queue}' } };
  writeFileSync(
    at('hostile.tf.json'),
    JSON.stringify({ ...stack, variable: { queue: {} } }).replaceAll('www.shop.example', `${HOSTILE}.shop.example`),
  );
  await dr(at('hostile.tf.json'), '--report', at('hostile.html'));
  const page = readFileSync(at('hostile.html'), 'utf8');
  expect(readFileSync(at('hostile.json'), 'utf8')).toContain(HOSTILE);
  expect(page.split('<script>alert')).toHaveLength(1);
});

test.each([
  [at('none/review.html'), /--report ".*": is not a place to write a file/],
  [at('review.tf.json'), /is no name for a page/],
])('fails with 2 and reads nothing where %s cannot be written', async (place, message) => {
  const { code, out, err } = await dr('not-there.json', '--report', place);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
  expect(existsSync(place)).toBe(false);
});

test('fails with 2 where the page would take the place of what is read', async () => {
  writeFileSync(at('plan.html'), readFileSync(EXAMPLE));
  writeFileSync(at('waivers'), '{"waivers":[]}');
  const { code, err } = await dr(EXAMPLE, '--waivers', at('waivers'), '--report', at('waivers'));
  expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/would take the place of/) });
});
