// The review that action.yml asks for, in each format; the job summary, and the outputs `verdict`, `code` and `directory`. Its inputs come by
// the environment, so that nobody's text is ever a part of a script. Ends with 0: the action's last step ends with `code`.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const { RUNNER_TEMP, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY } = process.env;
const { FILES, BASE, RTO, RPO, WAIVERS, SOURCE, ANCHOR, SARIF, JUNIT } = process.env;
const tool = join(RUNNER_TEMP, 'dr-review-tool', 'package', 'dist', 'main.js');
const directory = join(RUNNER_TEMP, 'dr-review');
const BAD_INPUT = 2;

/** A path a line; one that begins with a dash is no option. */
const paths = (text = '') =>
  text
    .split(/\r?\n/)
    .filter((path) => path.trim() !== '')
    .map((path) => (path.startsWith('-') ? `./${path}` : path));

const values = { rto: RTO, rpo: RPO, waivers: WAIVERS, source: SOURCE, anchor: ANCHOR };
const base = paths(BASE);
const options = [
  ...Object.entries(values).flatMap(([name, value]) => (value ? [`--${name}=${value}`] : [])),
  ...(base.length > 0 ? ['--base', ...base] : []),
];

/** The exit code. What is wrong is on stderr. */
function review(format, name) {
  const args = ['review', `--format=${format}`, `--out=${join(directory, name)}`, ...options, '--', ...paths(FILES)];
  const { status } = spawnSync(process.execPath, [tool, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  return status ?? BAD_INPUT;
}

rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
const OTHERS = {
  markdown: 'review.md',
  ...(SARIF === 'true' ? { sarif: 'review.sarif' } : {}),
  ...(JUNIT === 'true' ? { junit: 'review.xml' } : {}),
};

let code = review('json', 'review.json');
let verdict = '';
if (code < BAD_INPUT) {
  code = Math.max(code, ...Object.entries(OTHERS).map(([format, name]) => review(format, name)));
}
if (code < BAD_INPUT) {
  ({ verdict } = JSON.parse(readFileSync(join(directory, 'review.json'), 'utf8')));
  appendFileSync(GITHUB_STEP_SUMMARY, readFileSync(join(directory, 'review.md')));
}
appendFileSync(GITHUB_OUTPUT, `verdict=${verdict}\ncode=${code}\ndirectory=${directory}\n`);
