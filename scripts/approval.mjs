// Has a person approved this run for an environment? `node scripts/approval.mjs FILE ENVIRONMENT`; FILE is what GitHub answers on
// /repos/OWNER/REPO/actions/runs/RUN/approvals. GitHub makes an environment that nobody set up, and lets every job into it at once: such a
// run must not go on.
import { readFileSync } from 'node:fs';
import { fail } from './ending.mjs';

const NOT_APPROVED = 1;
const [file, environment] = process.argv.slice(2);
if (!file || !environment) fail('Usage: node scripts/approval.mjs FILE ENVIRONMENT');

const reviews = readReviews();
const approval = reviews.find(
  ({ state, environments }) => state === 'approved' && environments?.some(({ name }) => name === environment),
);
if (approval) {
  const { user, comment } = approval;
  console.log(
    `${environment} was approved by ${user?.login ?? 'somebody'}${comment ? `: ${comment.replace(/\s+/g, ' ')}` : ''}`,
  );
} else {
  process.stderr.write(
    `Nobody has approved ${environment}, so nothing is run. Give the environment "${environment}" required reviewers in the ` +
      'settings of the repository ("Approval" in docs/guides/operations.md), then start the workflow again.\n',
  );
  process.exitCode = NOT_APPROVED;
}

function readReviews() {
  try {
    const answer = JSON.parse(readFileSync(file, 'utf8'));
    if (Array.isArray(answer)) return answer;
    return fail(
      `${file}: this is no list of reviews. Ask for /repos/OWNER/REPO/actions/runs/RUN/approvals, with actions: read`,
    );
  } catch (error) {
    return fail(
      `${file}: it cannot be read as JSON (${error.message.split('\n')[0]}). Ask GitHub for the approvals again`,
    );
  }
}
