// What `dr objectives` finds: which settings meet the objective, which are selected and why, and what could be met when none does.
import { InputError, WORST_CLIENT } from '@dr/contracts';
import { recoveryObjectiveOf, type DrConfig } from '@dr/contracts/system/config';
import {
  BLACK_HOLE_PROBE_SECONDS,
  choicesFor,
  CLIENT_WAIT_TOTAL_SECONDS,
  explain,
  selectSettings,
  type RecoveryChoice,
  type RecoveryObjective,
  type RecoverySettings,
} from '@dr/failover';

export type ObjectivesReport = ReturnType<typeof objectivesOf>;

export function objectivesOf(config: DrConfig, rto?: number) {
  const fromConfig = recoveryObjectiveOf(config);
  const objective = { ...fromConfig, rtoSeconds: rto ?? fromConfig.rtoSeconds };
  const choices = choicesFor(objective);
  const found = selected(objective);
  const best = found && choices.find((choice) => settingsText(choice) === settingsText(found.settings));
  return {
    schema: 1 as const,
    met: best !== undefined,
    objective: { ...objective, rpoSeconds: config.objectives.rpoSeconds, domain: config.domain },
    probeSeconds: BLACK_HOLE_PROBE_SECONDS,
    clientWaitSeconds: CLIENT_WAIT_TOTAL_SECONDS,
    selected: best ?? null,
    arithmetic: found?.arithmetic ?? explain(nearest(choices)),
    ...(isAccelerated(objective) ? reasonsOfAccelerator(best, objective) : reasonsOfDns(best, choices, objective)),
    warnings: found?.warnings ?? [],
    choices,
  };
}

const isAccelerated = ({ frontDoor }: RecoveryObjective): boolean => frontDoor === 'global-accelerator';

interface Reasons {
  readonly why: readonly string[];
  /** Empty when the objective is met. */
  readonly couldMeet: readonly string[];
}

const reasonsOfDns = (
  best: RecoveryChoice | undefined,
  choices: readonly RecoveryChoice[],
  objective: RecoveryObjective,
): Reasons => ({
  why: best ? whySelected(best, choices, objective) : [whyNone(choices, objective)],
  couldMeet: best ? [] : couldMeet(objective),
});

/** Nothing of an accelerator can be chosen. */
function reasonsOfAccelerator(best: RecoveryChoice | undefined, objective: RecoveryObjective): Reasons {
  const [only] = choicesFor(objective);
  const why = `Behind an accelerator there is nothing to select: no TTL counts, and its own pace cannot be set. ${only?.worstClientSeconds} s hold for every client that opens a new connection.`;
  if (best) return { why: [why], couldMeet: [] };
  return {
    why: [why],
    couldMeet: [
      `An objective of ${only?.worstClientSeconds} s or more.`,
      wouldMeet("With frontDoor: 'dns'", { ...objective, frontDoor: 'dns' }),
    ],
  };
}

/** Undefined when nothing meets the objective. */
function selected(objective: RecoveryObjective) {
  try {
    return selectSettings(objective);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

export const settingsText = ({ intervalSeconds, failureThreshold, ttlSeconds, recordType }: RecoverySettings): string =>
  `${intervalSeconds} s x ${failureThreshold}, TTL ${ttlSeconds} s (${recordType === 'alias' ? 'alias' : 'CNAME'})`;

const nearest = (choices: readonly RecoveryChoice[]): RecoveryChoice =>
  choices.filter(({ allowed }) => allowed).reduce((a, b) => (b.worstClientSeconds < a.worstClientSeconds ? b : a));

const usd = (amount: number): string => `${amount.toFixed(2)} USD a month`;
const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function whySelected(best: RecoveryChoice, choices: readonly RecoveryChoice[], objective: RecoveryObjective): string[] {
  const open = choices.filter(({ allowed }) => allowed);
  const meeting = open.filter(({ meets }) => meets);
  const alike = meeting.filter(({ failureThreshold }) => failureThreshold === best.failureThreshold);
  const fixed = fixedText(objective);
  return [
    ...(fixed ? [`${fixed} in dr.config.ts: ${count(open.length, 'choice')} of ${choices.length} left.`] : []),
    `${meeting.length} of ${count(open.length, 'choice')} ${meeting.length === 1 ? 'meets' : 'meet'} ${objective.rtoSeconds} s. ` +
      `The highest threshold among them is ${best.failureThreshold}: the more probes must fail, the fewer false alarms.`,
    alike.length === 1
      ? `No other with threshold ${best.failureThreshold} meets it. It costs ${usd(best.monthlyUsd)}.`
      : `Of the ${alike.length} with threshold ${best.failureThreshold} it is the cheapest: ${usd(best.monthlyUsd)}.`,
    ...ttlAdvice(best, choices),
    ...(objective.apex ? [APEX] : []),
  ];
}

const APEX = 'The domain is the zone itself: only an alias is possible there, and its TTL is fixed at 60 s.';

/** Route 53, "Values specific for failover records" and "Best practices for Amazon Route 53 DNS". */
function ttlAdvice(best: RecoveryChoice, choices: readonly RecoveryChoice[]): string[] {
  const common = choices.find(
    (choice) =>
      choice.ttlSeconds === 60 &&
      choice.recordType === 'alias' &&
      choice.intervalSeconds === best.intervalSeconds &&
      choice.failureThreshold === best.failureThreshold,
  );
  if (best.ttlSeconds >= 60 || common === undefined) return [];
  const more = best.monthlyUsd - common.monthlyUsd;
  return [
    `AWS's pages advise a TTL of 60 s or less for failover records, and 60 or 120 s as best practice. With 60 s the ` +
      `${WORST_CLIENT} would wait ${common.worstClientSeconds} s; ${best.ttlSeconds} s costs ${more.toFixed(2)} USD a month more in DNS queries.`,
  ];
}

function fixedText({ overrides = {} }: RecoveryObjective): string {
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  return given.map(([key, value]) => `recovery.${key} = ${value}`).join(', ');
}

function whyNone(choices: readonly RecoveryChoice[], objective: RecoveryObjective): string {
  const best = nearest(choices);
  return `No choice${fixedText(objective) ? ` with ${fixedText(objective)}` : ''} meets ${objective.rtoSeconds} s. The fastest is ${settingsText(best)}: ${best.worstClientSeconds} s.`;
}

/** Each way by itself: another objective, explicit settings left out, a name below the zone. */
function couldMeet(objective: RecoveryObjective): string[] {
  const open = choicesFor(objective).filter(({ allowed }) => allowed);
  const least = [...new Set(open.map(({ failureThreshold }) => failureThreshold))].map((threshold) => {
    const best = nearest(open.filter(({ failureThreshold }) => failureThreshold === threshold));
    return `${best.worstClientSeconds} s with threshold ${threshold}`;
  });
  const fixed = fixedText(objective);
  return [
    `An objective of ${nearest(open).worstClientSeconds} s or more (${least.join(', ')}).`,
    ...(fixed ? [wouldMeet(`Without ${fixed} in dr.config.ts`, { ...objective, overrides: {} })] : []),
    ...(objective.apex
      ? [wouldMeet('With a domain below the zone, which can be a CNAME', { ...objective, apex: false })]
      : []),
  ];
}

function wouldMeet(how: string, relaxed: RecoveryObjective): string {
  const found = selected(relaxed);
  if (!found) return `${how}: ${nearest(choicesFor(relaxed)).worstClientSeconds} s at best.`;
  return `${how}: ${settingsText(found.settings)} meets ${relaxed.rtoSeconds} s with ${found.predicted.worstClientSeconds} s.`;
}
