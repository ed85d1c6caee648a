// Limits of AWS names: what AWS would refuse at apply is refused at synth, by name.
import { bucketNameProblem, InputError } from '@dr/contracts';

/** Longest name AWS takes, in characters (service quotas and API references of each service). */
export const NAME_LIMITS = {
  'load balancer': 32,
  'target group': 32,
  topic: 256,
  function: 64,
  role: 64,
  table: 255,
  bucket: 63,
  queue: 80,
  alarm: 255,
  dashboard: 255,
  rule: 64,
  'event bus': 256,
  trail: 128,
  secret: 512,
  'security group': 255,
  'certificate domain': 64,
} as const;
export type NamedKind = keyof typeof NAME_LIMITS;

/** Digits that an AWS account id adds to a name which ends in it. */
const ACCOUNT_ID_LENGTH = 12;

const beginning =
  (taken: string) =>
  (name: string): string | undefined =>
    name.startsWith(taken) ? `begins with "${taken}", which AWS keeps for itself` : undefined;

/** Why AWS refuses a name that is short enough. Sources: S3 user guide; CreateLoadBalancer; CreateSecurityGroup. */
const PROBLEMS: Partial<Record<NamedKind, (name: string) => string | undefined>> = {
  bucket: bucketNameProblem,
  'load balancer': beginning('internal-'),
  'security group': beginning('sg-'),
};

/** Returns the name. Throws InputError when AWS would refuse it. */
export function checkedName(kind: NamedKind, name: string): string {
  const what = `${kind} name "${name}"`;
  const excess = name.length - NAME_LIMITS[kind];
  if (excess > 0) {
    const why = `has ${name.length} characters; AWS takes ${NAME_LIMITS[kind]} at most`;
    const fix = `Shorten \`system\`, \`domain\` or that region's \`name\` in dr.config.ts by ${excess}`;
    throw new InputError(what, why, fix);
  }
  const problem = PROBLEMS[kind]?.(name);
  if (problem === undefined) return name;
  throw new InputError(what, problem, 'Choose another `system`, or another `name` of that region, in dr.config.ts');
}

/** A bucket name, made globally unique by the account id, which is a token at synth. */
export function bucketName(prefix: string, accountId: string): string {
  checkedName('bucket', `${prefix}-${'0'.repeat(ACCOUNT_ID_LENGTH)}`);
  return `${prefix}-${accountId}`;
}
