// The stack beside its base: what changed, what became of the outcomes by it, and what is wrong with that.
import { InputError } from '@dr/contracts';
import { declaredHealthChecks, readNames } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { judgeNames, type JudgedName } from '../outcomes/judge';
import { slowerThan } from '../outcomes/slower';
import type { Stack } from '../rules/rule';
import { changesOf, type StackChange } from './changed';
import type { ChangeFinding } from './finding';
import { lastRegions, removedNames, stoppedRecovery } from './names';
import { relationOf } from './related';
import { foundIn, type ChangeContext } from './rules';

export interface Comparison {
  readonly changes: readonly StackChange[];
  /** What was judged of the base. */
  readonly base: readonly JudgedName[];
  readonly findings: readonly ChangeFinding[];
  /** What is to be said of the base as a whole, each a sentence. */
  readonly notes: readonly string[];
}

const ROUTE53 = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide';

/** `causes`: what is found of the outcomes, whatever changed; a rule of one is said once. */
export function comparedWith(
  base: Graph | undefined,
  stack: Stack,
  judged: readonly JudgedName[],
  causes: readonly Pick<ChangeFinding, 'rule' | 'severity' | 'address'>[],
): Comparison {
  if (!base) return { changes: [], base: [], findings: [], notes: [] };
  const related = base === stack.graph.before ? [] : relationOf(base, stack.graph);
  try {
    const changes = changesOf(base, stack.graph);
    const old: Stack = { graph: base, names: readNames(base), checks: declaredHealthChecks(base) };
    const was = judgeNames(old);
    const blocked = new Set(causes.flatMap(({ severity, address }) => (severity === 'blocks' ? [address] : [])));
    const notes = [...related, ...(base === stack.graph.before ? [] : base.notes.map((note) => `the base: ${note}`))];
    const found = destroyed(changes, stack.graph) ?? [
      ...madeSlower(was, judged, changes, stack),
      ...stoppedRecovery(was, judged, blocked),
      ...removedNames(was, stack, changes),
      ...lastRegions(was, old, stack, changes),
      ...ruledOut({ changes, base: old, stack }, causes),
    ];
    const unique = new Map(found.map((one) => [`${one.rule} ${one.message}`, one]));
    return { changes, base: was, findings: [...unique.values()], notes };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const why = `this is not compared with its base: ${error.what} ${error.why}`;
    return { changes: [], base: [], findings: [], notes: [...related, why] };
  }
}

/** Of a plan that leaves nothing, that is all there is to say. */
function destroyed(changes: readonly StackChange[], { resources }: Graph): ChangeFinding[] | undefined {
  const [first] = changes;
  if (!first || resources.some(({ mode }) => mode === 'managed')) return undefined;
  const { address } = first;
  return [
    {
      rule: 'change-destroys-the-stack',
      severity: 'blocks',
      address,
      message: `${address} is removed, and so is everything else of the stack`,
      atFailover: 'no client is answered, with all regions there or not',
      fix: 'Apply it only where the whole stack is meant to go',
      source: 'https://developer.hashicorp.com/terraform/cli/commands/destroy',
    },
  ];
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
