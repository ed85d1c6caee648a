// Public words: the twin computes and simulates, only AWS is measured, and the promise says which clients it is about.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { cliPage } from './cli-page';

const root = join(__dirname, '../../..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const tracked = (...patterns: readonly string[]): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  })
    .trim()
    .split('\n');

interface Said {
  /** File, and line or heading. */
  readonly where: string;
  readonly text: string;
  /** What it stands below: headings, or the name of its file. */
  readonly below: string;
}

/** Who measures: AWS, what runs there, whoever published what they saw there, and a tool that loads a live system. */
const MEASURES = /\bAWS\b|game.?day|\bemulated\b|applied system|published|calibrat|history|\bk6\b/i;
/** That something is no measurement may always be said. */
const DENIES = /\b(not measured|no measurement|nothing was measured|Simulated, not measured)\b/i;
const TWIN_MEASURES =
  /\b(twin|drills?|simulation|schedules?|search|engine|run)\b[^.,;:|]{0,30}(?<!\bon AWS )\bmeasures\b|measured (in|on|by) (the|its|a|this) (twin|drill|simulation|machine)|\bsimulated measurement/i;

/** What is said to be measured, and not on AWS. */
const saysThatTheTwinMeasures = ({ text, below }: Said): boolean =>
  /\bmeasur(e|es|ed|ing|ements?)\b/i.test(text) &&
  (TWIN_MEASURES.test(text) || !(MEASURES.test(text) || DENIES.test(text) || MEASURES.test(below)));

const NAMES_CLIENTS = /honours? (the|its|their) TTL|PROMISED_CLIENTS?\b|WORST_CLIENT\b/i;
/** Or others, whom the promise is not about. */
const NAMES_OTHERS = /clients? (that|of those that) keeps? ((its|their) )?connection/i;
/** What speaks of one client, or of all, that was out of service for longest. */
const PROMISES =
  /(worst|slowest|last) client\b|(worst|slowest) of (\S+ )?clients|every client is served|no client was without/i;

const isDecision = (file: string): boolean => file.startsWith('docs/decisions/');
const everyPage = tracked('README.md', 'CHANGELOG.md', 'docs/*.md');
/** Pages that people read. Records of decisions measure the code itself. */
const pages = everyPage.filter((file) => !isDecision(file));

/** Each sentence and each row of a table, below its headings. Code is no words of ours: not in a block, and not in a line. */
function saidIn(file: string, page: string): Said[] {
  const headings: string[] = [];
  const prose = page.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, 'CODE');
  // A heading, a row, an item, or a paragraph over several lines.
  return prose.split(/\n\s*\n|\n(?=\||#|\s*[-*] |\s*\d+\. )/).flatMap((block) => {
    const [, marks, title] = /^(#+) (.*)/.exec(block) ?? [];
    if (marks !== undefined && title !== undefined) headings.splice(marks.length - 1, headings.length, title);
    const below = headings.join(' > ');
    const sentences = block.startsWith('|') ? [block] : block.split(/(?<=[.;:])\s/);
    return sentences.map((text) => ({ where: `${file}: ${below}`, text: text.trim(), below: `${file} ${below}` }));
  });
}

/** Sections by their headings of the second level. */
const sectionsOf = (page: string): string[] => page.split(/^(?=## )/m);

const SOURCES = [
  'apps/dr/src',
  'libs/alarms/src',
  'libs/contracts/src',
  'libs/drills/src',
  'libs/event-log/src',
].concat(['libs/failover/src', 'libs/player/src', 'libs/review/src']);
const sources = tracked(...SOURCES.flatMap((folder) => [`${folder}/*.ts`, `${folder}/*.tsx`])).filter(
  (file) => !/\.test\.tsx?$|\/testing\//.test(file),
);

const isSum = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;

/** Of what is a text; '' otherwise. What a template fills in stands there as it is written. */
function textIn(node: ts.Node): string {
  if (ts.isStringLiteralLike(node) || ts.isJsxText(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return [
      node.head.text,
      ...node.templateSpans.flatMap(({ expression, literal }) => [expression.getText(), literal.text]),
    ].join('');
  if (!isSum(node)) return '';
  const [left, right] = [textIn(node.left), textIn(node.right)];
  return left === '' || right === '' ? '' : left + right;
}

/** Phrases in a source file: literals, pieces of templates and text of the page that hold a space. */
function phrasesIn(file: string, source: string): Said[] {
  const tree = ts.createSourceFile(
    file,
    source,
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const found: Said[] = [];
  const visit = (node: ts.Node): void => {
    const text = textIn(node);
    const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    if (/\S\s+\S/.test(text)) found.push({ where: `${file}:${line}`, text, below: file });
    // Its halves are no phrases of their own.
    if (!isSum(node) || text === '') ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const phrases = sources.flatMap((file) => phrasesIn(file, textOf(file)));
const asRead = ({ where, text }: Said): string => `${where}: ${text}`;

test('nothing that people read says that the twin measures', () => {
  const said = pages.flatMap((file) => saidIn(file, textOf(file)));
  expect(said.filter(saysThatTheTwinMeasures).map(asRead)).toEqual([]);
});

test('no record of a decision says so of the twin', () => {
  const said = everyPage.filter(isDecision).flatMap((file) => saidIn(file, textOf(file)));
  expect(said.filter(({ text }) => TWIN_MEASURES.test(text)).map(asRead)).toEqual([]);
});

test('nothing that is printed, drawn or written says so', () => {
  expect(phrases.length).toBeGreaterThan(2_000);
  expect(phrases.filter(saysThatTheTwinMeasures).map(asRead)).toEqual([]);
});

test('no help text says so', () => {
  expect(saidIn('--help', cliPage()).filter(saysThatTheTwinMeasures).map(asRead)).toEqual([]);
});

test('each section that speaks of the worst client says which clients are meant', () => {
  const silent = [...pages.map((file) => [file, textOf(file)] as const), ['--help', cliPage()] as const].flatMap(
    ([file, page]) =>
      sectionsOf(page)
        .filter((section) => PROMISES.test(section) && !NAMES_CLIENTS.test(section))
        .map((section) => `${file}: ${section.split('\n')[0] ?? ''}`),
  );
  expect(silent).toEqual([]);
});

/** It says `worst client`, and not of which clients. What a run came to is held against a promise, too. */
const leavesOpenWhichClients = ({ text }: Pick<Said, 'text'>): boolean =>
  PROMISES.test(text) && !NAMES_CLIENTS.test(text) && !NAMES_OTHERS.test(text);

test('each phrase that speaks of the worst client says which clients are meant: a reason, a label, a column, a help text', () => {
  expect(phrases.filter(leavesOpenWhichClients).map(asRead)).toEqual([]);
});

test('the clients of the promise are called by the constants alone', () => {
  const inOwnWords = phrases.filter(
    ({ text, below }) => /worst client that honours/.test(text) && !below.endsWith('/populations.ts'),
  );
  expect(inOwnWords.map(asRead)).toEqual([]);
});

test.each([
  'const a = `the worst client was without service for ${seconds} s; the objective is ${aim} s`;',
  "const a = { name: 'Down, worst client' };",
  "const a = 'With 60 s the worst ' + `client would wait ${seconds} s`;",
  "const a = 'number: the worst of 40 clients';",
])('a worst client of whom nobody knows which one is found: %s', (source) => {
  expect(phrasesIn('a.ts', source).some(leavesOpenWhichClients)).toBe(true);
});

test.each([
  'const a = `the ${WORST_CLIENT} was without service for ${seconds} s`;',
  "const a = 'With 60 s the ' + `${WORST_CLIENT} would wait ${seconds} s`;",
  "const a = 'Recovery time, worst client of those that keep their connections';",
])('one who is named is left alone: %s', (source) => {
  expect(phrasesIn('a.ts', source).filter(leavesOpenWhichClients)).toEqual([]);
});

const said = (text: string, below = ''): Said => ({ where: 'here', text, below });

test.each([
  'The drill measures RTO.',
  'RTO and RPO are measured.',
  'Measured in the twin with the deployed bundles.',
  'The twin itself measures recovery on AWS.',
  'Reports measurements and the reasons why they miss.',
])('a twin that measures is found: %s', (text) => expect(saysThatTheTwinMeasures(said(text))).toBe(true));

test.each([
  'Only a game day on AWS measures.',
  'Simulated, not measured on AWS.',
  'It is no measurement.',
  'Times that others measured on AWS, beside what the twin simulates.',
])('AWS may be measured: %s', (text) => expect(saysThatTheTwinMeasures(said(text))).toBe(false));

test('what stands below a game day is of AWS', () => {
  expect(saysThatTheTwinMeasures(said('Measured by clients in this process.', 'docs/operations.md Game day'))).toBe(
    false,
  );
});
