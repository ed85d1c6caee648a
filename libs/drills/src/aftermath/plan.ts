// The plan to be redundant again after a region is gone for good: its steps, what each takes, and on what that rests.
import type { PlanStep, RecoveryPlan } from '@dr/contracts';

/** [A] People see that the region does not come back, and agree where to go. */
const DECISION_SECONDS = 1_800;
/** [A] A copy of the state, its edits, and what is imported, by somebody who has the commands before him. */
const STATE_SECONDS = 900;
/** [A] "A few minutes for an empty table, up to several hours for large tables" is all that AWS says. */
const BACKFILL = { emptySeconds: 300, gbAnHour: 100 } as const;
const BACKFILL_PAGE =
  'docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html';

/** What the twin has simulated of the new region's first start. */
export interface Join {
  /** From the start of the apply to its last resource. */
  readonly appliedSeconds: number;
  /** From the start of the apply until the region serves and is answered; null: not while the twin looked. */
  readonly servingSeconds: number | null;
  /** Of clients, from the start of the apply on. */
  readonly requests: number;
  readonly failed: number;
}

export interface PlanInput {
  readonly lost: string;
  readonly region: RecoveryPlan['region'];
  /** Regions that are left. */
  readonly left: readonly string[];
  readonly tableGb: number;
  readonly join: Join;
}

export const backfillSeconds = (tableGb: number): number =>
  BACKFILL.emptySeconds + Math.round((tableGb / BACKFILL.gbAnHour) * 3_600);

/** Where the new region never came to serve, the last step has no end, and neither has the plan: null. */
export function recoveryPlan({ lost, region, left, tableGb, join }: PlanInput): RecoveryPlan {
  const { appliedSeconds, servingSeconds, requests, failed } = join;
  const admissionSeconds = servingSeconds === null ? null : Math.max(0, round(servingSeconds - appliedSeconds));
  const filledSeconds = backfillSeconds(tableGb);
  const steps: readonly PlanStep[] = [
    {
      step: `Decide that ${lost} does not come back, and that ${region.name} (${region.awsRegion}) takes its place`,
      command: null,
      seconds: DECISION_SECONDS,
      basis: 'assumed',
      source: '[A] half an hour',
    },
    {
      step: `Take ${lost} out of the state and of dr.config.ts, put ${region.name} into it, and import what lives on elsewhere`,
      command: "terraform state list | grep 'NAME' | xargs terraform state rm".replace('NAME', `\\.${lost}_`),
      seconds: STATE_SECONDS,
      basis: 'assumed',
      source: '[A] a quarter of an hour',
    },
    {
      step: `Apply the stack in ${[...left, region.name].join(', ')}: network, load balancer, functions, certificate, health check, records`,
      command: 'npm run cdktf -- deploy',
      seconds: appliedSeconds,
      basis: 'simulated',
      source: "Terraform's own order; the time of each kind of resource is [A]",
    },
    {
      step: `Fill the new replica of the table, ${tableGb} GB`,
      command: null,
      seconds: filledSeconds,
      alongside: true,
      basis: 'assumed',
      source: `${BACKFILL_PAGE}: minutes to several hours; [A] ${BACKFILL.emptySeconds} s and ${BACKFILL.gbAnHour} GB an hour`,
    },
    {
      step: `${region.name} catches up, is admitted and answered: ${failed} of ${requests} requests of clients failed meanwhile`,
      command: null,
      seconds: admissionSeconds,
      basis: 'simulated',
      source: 'the bundles, on the twin',
    },
  ];
  const redundantAfterSeconds =
    admissionSeconds === null
      ? null
      : round(DECISION_SECONDS + STATE_SECONDS + Math.max(appliedSeconds, filledSeconds) + admissionSeconds);
  return {
    region,
    steps,
    tableGb,
    servingMeanwhile: left,
    redundantAfterSeconds,
    withoutRedundancySeconds: left.length > 1 ? 0 : redundantAfterSeconds,
  };
}

const round = (seconds: number): number => Math.round(seconds * 1_000) / 1_000;
