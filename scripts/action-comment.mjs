// Keeps one comment on a pull request up to date: `node scripts/action-comment.mjs FILE`, in a job of GitHub Actions. The review's Markdown
// ends with a hidden tag, by which the comment of an earlier run is found. What keeps it from being written is a warning: the verdict counts.
import { readFileSync } from 'node:fs';

const AUTHOR = 'github-actions[bot]';
const PAGE = 100;
const LIMIT_MS = 30_000;

const { GITHUB_API_URL, GITHUB_EVENT_PATH, GITHUB_REPOSITORY, GH_TOKEN } = process.env;

async function api(method, path, body) {
  const response = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${GH_TOKEN}`,
      'x-github-api-version': '2022-11-28',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (response.ok) return response.json();
  const fix = [403, 404].includes(response.status) ? ': the job needs the permission pull-requests: write' : '';
  throw new Error(`${method} ${path} is answered ${response.status}${fix}`);
}

/** The id of the comment that an earlier run has written. Anybody may write the tag: only the bot's own counts. */
async function formerComment(number, tag) {
  for (let page = 1; ; page += 1) {
    const comments = await api('GET', `/issues/${number}/comments?per_page=${PAGE}&page=${page}`);
    const own = comments.find(({ user, body }) => user?.login === AUTHOR && body?.trimEnd().endsWith(tag));
    if (own) return own.id;
    if (comments.length < PAGE) return undefined;
  }
}

async function comment(file) {
  const { pull_request: request } = JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8'));
  if (!request) return 'This is no pull request: the job summary says it.';
  if (request.head.repo?.full_name !== GITHUB_REPOSITORY)
    return 'A pull request of a fork gets no comment: the job summary says it.';
  const body = readFileSync(file, 'utf8');
  const tag = /<!-- [\w-]+ -->\s*$/.exec(body)?.[0].trim();
  if (tag === undefined) throw new Error(`${file} ends with no tag`);
  const id = await formerComment(request.number, tag);
  if (id === undefined) await api('POST', `/issues/${request.number}/comments`, { body });
  else await api('PATCH', `/issues/comments/${id}`, { body });
  return id === undefined ? 'The comment is written.' : 'The comment is brought up to date.';
}

try {
  console.log(await comment(process.argv[2]));
} catch (error) {
  const said = [error.message, error.cause?.message].filter(Boolean).join(': ');
  console.log(`::warning title=No comment on the pull request::${said.replaceAll('%', '%25').replace(/\r?\n/g, ' ')}`);
}
