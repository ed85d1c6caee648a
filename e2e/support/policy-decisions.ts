// The twin's policy evaluator as a process: one question a line on standard input, one answer a line on standard output.
// e2e/moto/policy_decisions.py asks. Questions are answered in their order.
import { createInterface } from 'node:readline';
import { requestContext } from '../../libs/twin/src/services/iam/context';
import { allowedBy, readPolicy, statementNames, type GivenPrincipal } from '../../libs/twin/src/services/iam/policy';

interface Question {
  /** Documents as JSON texts: of one principal, or of one resource when `principal` is given. */
  readonly documents: readonly string[];
  readonly where: string;
  readonly principal?: GivenPrincipal;
  readonly accountId: string;
  readonly action: string;
  readonly resource: string;
  /** What the call itself gives, beside what every one has. */
  readonly context: Readonly<Record<string, string>>;
}

/** `denied`: by a statement that says so, and not only for want of one that allows. */
interface Answer {
  readonly allowed?: boolean;
  readonly denied?: boolean;
  readonly error?: string;
}

function answer({ documents, where, principal, accountId, action, resource, context }: Question): Answer {
  const statements = documents
    .flatMap((document) => readPolicy(document, where))
    .filter((statement) => principal === undefined || statementNames(statement, principal, accountId));
  const given = requestContext({ principal: principal ?? {}, accountId, resource }, context);
  const request = { action, resource, context: given };
  const denials = statements.filter(({ effect }) => effect === 'Deny');
  const asAllowing = denials.map((statement) => ({ ...statement, effect: 'Allow' as const }));
  return {
    allowed: allowedBy(statements, request) !== undefined,
    denied: allowedBy(asAllowing, request) !== undefined,
  };
}

createInterface({ input: process.stdin }).on('line', (line) => {
  let result: Answer;
  try {
    result = answer(JSON.parse(line) as Question);
  } catch (error) {
    result = { error: (error as Error).message };
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
});
