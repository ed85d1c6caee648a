// What holds for each format: the same input gives the same bytes, and a secret of a plan is in none of them.
import type { Review } from '@dr/review';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { systemOf } from '../../testing/run-on';
import { FORMATS } from './formats';

const CASE = '../../../../../libs/terraform-json/src/shown/testing/cases/09-disabled-and-inverted.plan.json.gz';
const SECRET = 'hunter2';
const SECRET_KEYS = ['resource_path', 'search_string', 'reference_name', 'set_identifier', 'tags', 'tags_all'];

const folder = mkdtempSync(join(tmpdir(), 'review-'));
afterAll(() => rmSync(folder, { recursive: true }));

const original = (): string => gunzipSync(readFileSync(join(__dirname, CASE))).toString();

const fileWith = (text: string): string => {
  const file = join(folder, 'plan.json');
  writeFileSync(file, text);
  return file;
};

const review = async (...args: string[]) => systemOf().dr('review', ...args);

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** The plan with texts of its resources made secret, as Terraform marks them, and a variable that stands in clear. */
function withSecrets(): string {
  const plan = JSON.parse(original()) as Json;
  let hidden = 0;
  const hide = (values: unknown, marks: unknown): void => {
    if (!isObject(values) || !isObject(marks)) return;
    for (const key of SECRET_KEYS.filter((one) => Object.hasOwn(values, one))) {
      values[key] = key.startsWith('tags') ? { token: SECRET } : SECRET;
      marks[key] = true;
      hidden += 1;
    }
  };
  const visit = (value: unknown): void => {
    if (!isObject(value)) return;
    hide(value['values'], value['sensitive_values']);
    hide(value['after'], value['after_sensitive']);
    Object.values(value).forEach(visit);
  };
  visit(plan);
  expect(hidden).toBeGreaterThan(10);
  plan['variables'] = { ...(plan['variables'] as Json), password: { value: SECRET } };
  return JSON.stringify(plan);
}

test.each(FORMATS)('the same input gives the same bytes as %s', async (format) => {
  const file = fileWith(original());
  const first = await review(file, '--format', format);
  expect(first.out.length).toBeGreaterThan(500);
  expect(await review(file, '--format', format)).toEqual(first);
});

test.each(FORMATS)('a secret of the plan is not in the %s', async (format) => {
  const file = fileWith(withSecrets());
  const { out, err } = await review(file, '--format', format);
  expect(out.length).toBeGreaterThan(500);
  expect(out + err).not.toContain(SECRET);
});

test('the plan with secrets has findings of what holds them', async () => {
  const { findings } = JSON.parse((await review(fileWith(withSecrets()), '--json')).out) as Review;
  expect(findings.some(({ address }) => address.includes('aws_route53_health_check'))).toBe(true);
});
