// The stack beside its base: what changed, what became of the outcomes by it, and what is wrong with that.
import { declaredHealthChecks, readNames } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { stoppedIn } from '../outcomes/before';
import type { Severity } from '../outcomes/cause';
import { judgeNames, type JudgedLoss, type JudgedName } from '../outcomes/judge';
import { slowerThan } from '../outcomes/slower';
import type { Stack } from '../rules/rule';
import { changesOf, type StackChange } from './changed';

export interface ChangeFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly address: string;
  /** One sentence that begins with the address. */
  readonly message: string;
  /** What it does to clients when a region is lost. */
  readonly atFailover: string;
  readonly fix: string;
  /** Page of AWS. */
  readonly source: string;
}

export interface Comparison {
  readonly changes: readonly StackChange[];
  /** What was judged of the base. */
  readonly base: readonly JudgedName[];
  readonly findings: readonly ChangeFinding[];
}

const ROUTE53 = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide';

/** `blocked`: addresses of what is found to keep clients down, whatever changed. */
export function comparedWith(
  base: Graph | undefined,
  stack: Stack,
  judged: readonly JudgedName[],
  blocked: ReadonlySet<string>,
): Comparison {
  if (!base) return { changes: [], base: [], findings: [] };
  const changes = changesOf(base, stack.graph);
  const was = judgeNames({ graph: base, names: readNames(base), checks: declaredHealthChecks(base) });
  const findings = [
    ...madeSlower(was, judged, changes, stack),
    ...stoppedRecovery(was, judged, blocked),
    ...removedNames(was, stack, changes),
  ];
  const unique = new Map(findings.map((one) => [`${one.rule} ${one.message}`, one]));
  return { changes, base: was, findings: [...unique.values()] };
}

/** Settings that make clients wait longer than before. */
const madeSlower = (
  was: readonly JudgedName[],
  judged: readonly JudgedName[],
  changes: readonly StackChange[],
  stack: Stack,
): ChangeFinding[] =>
  slowerThan(was, judged, changes, stack).map(({ address, change, effect, where }) => ({
    rule: 'change-makes-recovery-slower',
    severity: 'warns',
    address,
    message: `${address}: ${change}: ${effect}`,
    atFailover: `${where}: ${effect}`,
    fix: 'Keep what is applied, or state a longer objective',
    source: `${ROUTE53}/dns-failover-determining-health-of-endpoints.html`,
  }));

/** Where what keeps clients down is not found to block by itself: that the change does it is enough. */
const stoppedRecovery = (
  was: readonly JudgedName[],
  judged: readonly JudgedName[],
  blocked: ReadonlySet<string>,
): ChangeFinding[] =>
  stoppedIn(was, judged)
    .filter(({ is }) => !is.causes.some(({ address }) => blocked.has(address)))
    .map(({ name, was: old, is }) => ({
      rule: 'change-stops-recovery',
      severity: 'blocks',
      address: name,
      message: `${name} recovered${inSeconds(old)}, and with this change its clients recover ${IN_WORDS[is.kind]}`,
      atFailover: `${name}, ${is.fault} in ${is.awsRegion}: ${is.why}`,
      fix: 'Keep what is applied of what is named there, or change it together with what takes its place',
      source: `${ROUTE53}/health-checks-how-route-53-chooses-records.html`,
    }));

const inSeconds = ({ span }: JudgedLoss): string =>
  span === null || span.worst === null ? '' : ` in ${span.worst} s at worst`;

const IN_WORDS = {
  never: 'only when the region is back',
  manual: 'only when a person acts',
  partly: 'in part',
  unknown: 'in a way that is unknown',
  recovers: 'as before',
} as const;

/** Names that clients asked, and that nothing answers any more. */
function removedNames(was: readonly JudgedName[], { names }: Stack, changes: readonly StackChange[]): ChangeFinding[] {
  return was.flatMap(({ name, policy }): ChangeFinding[] => {
    if (policy === 'none' || names.recordsOf(name).length > 0) return [];
    const records = changes.filter(
      ({ type, actions, was: old }) =>
        type === 'aws_route53_record' && actions.includes('delete') && old !== undefined && nameOf(old) === name,
    );
    return records.slice(0, 1).map(({ address }) => ({
      rule: 'change-removes-a-public-name',
      severity: 'blocks',
      address,
      message: `${address} is removed, and with it the last record of ${name}: its clients get no answer`,
      atFailover: `${name}: no client is answered, with all regions there or not`,
      fix: `Keep a record of ${name} until nobody asks for it`,
      source: `${ROUTE53}/resource-record-sets-deleting.html`,
    }));
  });
}

const nameOf = ({ graph, resource }: NonNullable<StackChange['was']>): string | undefined =>
  readNames(graph).records.find(({ address }) => address === resource.address)?.name;
