// The comment on a pull request: one golden file for each of its states, its length, and that a plan cannot write into it.
import { COMMENT_TAG, markdownOf, MAX_CHARACTERS } from './markdown';
import { expectGolden } from './testing/golden-file';
import { finding, hostile, long, review, STATES } from './testing/reviews';

test.each(Object.entries(STATES))('a review that is in the state "%s" is this comment', (state, of) => {
  expectGolden(`${state}.md`, markdownOf(of));
});

test('what is too long is cut between whole findings, and counted', () => {
  expectGolden('cut.md', markdownOf(long(9), 4_000));
});

test.each([0, 1, 50, 200, 3_000])(
  '%s findings fit into a comment, and those that are left out are counted',
  (count) => {
    const text = markdownOf(long(count));
    expect(text.length).toBeLessThanOrEqual(MAX_CHARACTERS);
    const shown = (text.match(/^- \*\*blocks\*\*/gm) ?? []).length;
    const left = Number(/\*\*(\d+) more findings? (?:is|are) not shown/.exec(text)?.[1] ?? 0);
    expect(shown + left).toBe(count);
    expect(left > 0).toBe(count > 150);
    expect(text.endsWith(`\n${COMMENT_TAG}\n`)).toBe(true);
  },
);

test('one finding that is longer than a comment is left out whole', () => {
  const text = markdownOf(review({ findings: [finding({ message: 'x'.repeat(MAX_CHARACTERS) })] }));
  expect(text.length).toBeLessThan(4_000);
  expect(text).toContain('**1 more finding is not shown');
});

test('headings begin at the third level, so that it is a job summary too', () => {
  expect(Object.values(STATES).map(markdownOf).join('').match(/^##? /gm)).toBeNull();
  for (const state of Object.values(STATES)) expect(markdownOf(state)).toMatch(/^### /);
});

/** What is left when code, in which nothing does anything, is taken away. */
const outsideCode = (text: string): string =>
  text.replace(/(`{3,})diff\n[^]*?\n\1\n/g, '').replace(/(?<!\\)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, '');

test('text of a plan is shown, and is no markup, no HTML, no mention, no link and no line of its own', () => {
  const text = markdownOf(hostile());
  const lines = text.split('\n');
  expect(lines.filter((line) => /^\s*(## |- \[ \])/.test(line))).toEqual([]);
  expect(text).not.toMatch(/[\u0000\u001b\u202e]/);
  const bare = outsideCode(text);
  expect(bare).toContain('everyone');
  expect(bare).not.toMatch(/<script|<!-- @|@everyone|#1\b|https:\/\/evil|(?<!\\)\[a\]|(?<!\\)\*\*b\*\*|www\.evil/);
  expect(bare.match(/<(?!\/?(?:details|summary)>|https:\/\/docs\.aws|!-- dr-review -->)/g)).toBeNull();
  // Every row of the table has its six cells.
  const rows = lines.filter((line) => line.startsWith('| '));
  expect(rows.map((row) => row.split(/(?<!\\)\|/).length)).toEqual(rows.map(() => 8));
});

test('the tag stands once, at the end', () => {
  const forged = review({ findings: [finding({ message: COMMENT_TAG, fix: COMMENT_TAG, address: 'a' })] });
  expect(markdownOf(forged).split(COMMENT_TAG)).toEqual([expect.any(String), '\n']);
});
