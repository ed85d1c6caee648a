// The stack beside its base: what changed, what became of the outcomes by it, and what is wrong with that.
import { declaredHealthChecks, readNames } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { judgeNames, type JudgedName } from '../outcomes/judge';
import { slowerThan } from '../outcomes/slower';
import type { Stack } from '../rules/rule';
import { changesOf, type StackChange } from './changed';
import type { ChangeFinding } from './finding';
import { lastRegions, removedNames, stoppedRecovery } from './names';
import { foundIn, type ChangeContext } from './rules';

export interface Comparison {
  readonly changes: readonly StackChange[];
  /** What was judged of the base. */
  readonly base: readonly JudgedName[];
  readonly findings: readonly ChangeFinding[];
}

const ROUTE53 = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide';

/** `causes`: what is found of the outcomes, whatever changed; a rule of one is said once. */
export function comparedWith(
  base: Graph | undefined,
  stack: Stack,
  judged: readonly JudgedName[],
  causes: readonly Pick<ChangeFinding, 'rule' | 'severity' | 'address'>[],
): Comparison {
  if (!base) return { changes: [], base: [], findings: [] };
  const changes = changesOf(base, stack.graph);
  const old: Stack = { graph: base, names: readNames(base), checks: declaredHealthChecks(base) };
  const was = judgeNames(old);
  const blocked = new Set(causes.flatMap(({ severity, address }) => (severity === 'blocks' ? [address] : [])));
  const findings = [
    ...madeSlower(was, judged, changes, stack),
    ...stoppedRecovery(was, judged, blocked),
    ...removedNames(was, stack, changes),
    ...lastRegions(was, old, stack, changes),
    ...ruledOut({ changes, base: old, stack }, causes),
  ];
  const unique = new Map(findings.map((one) => [`${one.rule} ${one.message}`, one]));
  return { changes, base: was, findings: [...unique.values()] };
}

const ruledOut = (
  context: ChangeContext,
  causes: readonly Pick<ChangeFinding, 'rule' | 'address'>[],
): ChangeFinding[] =>
  foundIn(context)
    .filter(
      ({ rule, change }) =>
        !causes.some((cause) => cause.address === change.address && rule.saidBy?.some((kind) => kind === cause.rule)),
    )
    .map(({ rule: { id, fix, atFailover, ...rule }, change: { address }, sentence, severity, source }) => ({
      rule: id,
      severity: severity ?? rule.severity,
      address,
      message: `${address} ${sentence}`,
      ...{ atFailover, fix, source: source ?? rule.source },
    }));

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
