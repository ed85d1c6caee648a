// The review of a stack: what becomes of each public name, what is wrong, and whether the objective is met.
import { InputError } from '@dr/contracts';
import type { Graph } from '@dr/terraform-json';
import { comparedWith } from './changes/compare';
import { beforeOf, type Told } from './outcomes/before';
import { changedCost, type ChangedCost } from './cost/compared';
import { CAUSE_KINDS, type Severity } from './outcomes/cause';
import type { JudgedLoss, JudgedName } from './outcomes/judge';
import type { OutcomeKind } from './outcomes/outcome';
import { readable } from './readable';
import { RULES } from './rules';
import { ANY_SYSTEM, type Stack } from './rules/rule';
import { verdictOf, type Verdict } from './verdict';
import type { MetWaiver, Waiver } from './waivers';

export interface ReviewObjective {
  readonly rtoSeconds: number | null;
  readonly rpoSeconds: number | null;
}

export interface ReviewedFaultOutcome {
  readonly fault: string;
  /** AWS region. */
  readonly region: string;
  readonly outcome: OutcomeKind;
  /** [best, worst] for clients that recover; null where none does, or where AWS publishes no time. */
  readonly seconds: readonly [number, number] | null;
  readonly why: string;
  /** Addresses. */
  readonly causes: readonly string[];
  readonly assumptions: readonly string[];
  /** What the base gives, where it is something else. */
  readonly before: Told | null;
  /** What clients met in a drill; null where none was run, and absent where none was asked for. */
  readonly drilled?: DrilledOutcome | null;
}

export interface DrilledOutcome {
  readonly outcome: OutcomeKind;
  /** Until the last client that recovers is served; null where none does. */
  readonly seconds: number | null;
  readonly why: string;
}

export interface ReviewedName {
  readonly name: string;
  /** How Route 53 chooses among its records; `none` for a front door's own name. */
  readonly policy: string;
  readonly faults: readonly ReviewedFaultOutcome[];
}

export interface ReviewFinding {
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
  /** Where it is written, from the root of the repository; absent where that cannot be told. */
  readonly file?: string;
  readonly line?: number;
  /** It was accepted, and blocks nothing. */
  readonly waived?: Pick<Waiver, 'reason' | 'expires'>;
}

/** What is different from the base, and means something when a region is lost. */
export interface ReviewedChange {
  readonly address: string;
  /** As Terraform says them; of a replacement two, in their order. */
  readonly actions: readonly string[];
  /** One sentence without an end. */
  readonly meaning: string;
}

export interface Review {
  readonly schema: 1;
  /** `fails`: something blocks, or a name misses the objective. `unknown`: nothing does, and something could not be told. */
  readonly verdict: Verdict;
  readonly objective: ReviewObjective;
  readonly names: readonly ReviewedName[];
  readonly findings: readonly ReviewFinding[];
  /** Empty without a base, and where nothing of it is applied yet. */
  readonly changes: readonly ReviewedChange[];
  /** Of a month before the first request. */
  readonly cost: ChangedCost;
  /** Without an address: what is said of the files as a whole. With a rule: what is unknown keeps it from being judged. */
  readonly unknown: readonly { readonly address: string; readonly why: string; readonly rule?: string }[];
  /** Where some were given: each, and how many findings it met. */
  readonly waivers?: readonly MetWaiver[];
}

/** `base` is compared with: what a plan says is applied now, where no other is given. Throws InputError when nothing of the stack is of AWS. */
export function reviewStack(graph: Graph, objective: ReviewObjective, base: Graph | undefined = graph.before): Review {
  if (![graph, base].some((one) => one?.resources.some(({ type }) => type.startsWith('aws_')))) {
    throw new InputError(
      'the stack',
      'has no resource of the AWS provider',
      'Give a plan or a state of a stack on AWS',
    );
  }
  const { stack, judged, unread } = readable(graph);
  const asked = unread === undefined ? askedRules(stack) : { findings: [], unknown: [] };
  const causes = causesFound(judged);
  const compared = comparedWith(base, stack, judged, causes);
  const findings = sorted([...causes, ...slowOnes(judged, objective), ...compared.findings, ...asked.findings]);
  const names = judged.map(({ faults, ...name }) => ({
    ...name,
    faults: faults.map((one) => ({ ...inJson(one), before: beforeOf(compared.base, name.name, one) })),
  }));
  const unknown = [
    ...[...graph.notes, ...(unread === undefined ? [] : [unread]), ...compared.notes].map((why) => ({
      address: '',
      why,
    })),
    ...graph.unknown.map(({ address, path, reason }) => ({ address, why: `${path}: ${reason}` })),
    ...asked.unknown,
  ];
  return {
    schema: 1,
    verdict: verdictOf({ names, findings, unknown }),
    objective,
    names,
    findings,
    changes: compared.changes.map(({ address, actions, meaning }) => ({ address, actions, meaning })),
    cost: changedCost(graph, base),
    unknown,
  };
}

const inJson = ({
  fault,
  awsRegion,
  kind,
  span,
  why,
  causes,
  assumptions,
}: JudgedLoss): Omit<ReviewedFaultOutcome, 'before' | 'drilled'> => ({
  fault,
  region: awsRegion,
  outcome: kind,
  seconds: span === null || span.worst === null ? null : [span.best, span.worst],
  why,
  causes: causes.map(({ address }) => address),
  assumptions,
});

/** One finding for each cause, whatever names and losses it shows in. */
function causesFound(judged: readonly JudgedName[]): ReviewFinding[] {
  const found = new Map<string, ReviewFinding>();
  for (const { name, faults } of judged)
    for (const { fault, awsRegion, kind: outcome, causes, remarks } of faults)
      for (const { kind, address, why } of [...causes, ...remarks]) {
        const { severity, fix, source } = CAUSE_KINDS[kind];
        const key = `${kind} ${address}`;
        if (kind === 'unknown' || found.has(key)) continue;
        const atFailover = `${name}, ${fault} in ${awsRegion}: ${IN_WORDS[outcome]}`;
        found.set(key, { rule: kind, severity, address, message: `${address} ${why}`, atFailover, fix, source });
      }
  return [...found.values()];
}

const IN_WORDS: Readonly<Record<OutcomeKind, string>> = {
  recovers: 'clients recover',
  never: 'clients are down until the region is back',
  partly: 'some clients or requests are down until the region is back',
  manual: 'clients are down until a person acts',
  unknown: 'what happens is unknown',
};

/** Names that recover, and not within the objective. */
function slowOnes(judged: readonly JudgedName[], { rtoSeconds }: ReviewObjective): ReviewFinding[] {
  if (rtoSeconds === null) return [];
  return judged.flatMap(({ name, faults }) => {
    const worst = Math.max(0, ...faults.map(({ span }) => span?.worst ?? 0));
    const slow = faults.find(({ span }) => span?.worst === worst);
    if (!slow || worst <= rtoSeconds) return [];
    const { fix, source } = SLOW;
    return [
      {
        rule: 'recovers-within-the-objective',
        severity: 'blocks' as const,
        address: name,
        message: `${name} recovers in ${worst} s at worst, and the objective is ${rtoSeconds} s`,
        atFailover: `${name}, ${slow.fault} in ${slow.awsRegion}: ${slow.why}`,
        ...{ fix, source },
      },
    ];
  });
}

/** The rules that are about any stack; one that meets an unknown value says so, and the others go on. */
function askedRules(stack: Stack): { findings: ReviewFinding[]; unknown: Review['unknown'] } {
  const findings: ReviewFinding[] = [];
  const unknown: Review['unknown'][number][] = [];
  for (const { id, source, judge, severity = 'warns', atFailover = '' } of RULES) {
    if (source === undefined) continue;
    try {
      for (const { address, sentence, fix } of judge(stack, ANY_SYSTEM))
        findings.push({
          rule: id,
          severity,
          address,
          message: `${address} ${sentence}`,
          atFailover,
          fix,
          source,
        });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      unknown.push({ rule: id, address: error.what, why: `${error.why}, so ${id} is not judged further` });
    }
  }
  return { findings, unknown };
}

const SLOW = {
  fix: 'Shorten request_interval, failure_threshold or the TTL, or state a longer objective',
  source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html',
};

const RANK: Readonly<Record<Severity, number>> = { blocks: 0, warns: 1, note: 2 };

/** The heaviest first; within one weight by rule and address. The same stack gives the same order. */
const sorted = (findings: readonly ReviewFinding[]): ReviewFinding[] =>
  [...findings].sort(
    (a, b) => RANK[a.severity] - RANK[b.severity] || compare(a.rule, b.rule) || compare(a.address, b.address),
  );

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
