// The plan to be redundant again after a region is gone for good: its steps, what each takes, and on what that rests.
import type { PlanStep, RecoveryPlan } from '@dr/contracts';
import type { Commands, Replacement } from './commands';

/** [A] People see that the region does not come back, and agree where to go. */
const DECISION_SECONDS = 1_800;
/** [A] A copy of the state, its edit and the imports, by somebody who has the commands before them. */
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

export interface PlanInput extends Pick<Replacement, 'lost' | 'region' | 'left'> {
  readonly commands: Commands;
  readonly tableGb: number;
  /** That each region is to serve alone, as the config says. */
  readonly promisedPerSecond: number;
  readonly join: Join;
}

export const backfillSeconds = (tableGb: number): number =>
  BACKFILL.emptySeconds + Math.round((tableGb / BACKFILL.gbAnHour) * 3_600);

/** Where the new region never came to serve, the last step has no end, and neither has the plan: null. */
export function recoveryPlan(input: PlanInput): RecoveryPlan {
  const { region, left, tableGb, promisedPerSecond, join } = input;
  const { appliedSeconds, servingSeconds } = join;
  const admissionSeconds = servingSeconds === null ? null : Math.max(0, round(servingSeconds - appliedSeconds));
  // Functions depend on the replicas, so the apply has nothing to gain from beginning before the new one is full.
  const preparedSeconds = DECISION_SECONDS + Math.max(backfillSeconds(tableGb), STATE_SECONDS);
  const redundantAfterSeconds =
    admissionSeconds === null ? null : round(preparedSeconds + appliedSeconds + admissionSeconds);
  return {
    region,
    steps: stepsOf(input, admissionSeconds),
    tableGb,
    servingMeanwhile: left.map(({ name }) => name),
    promisedPerSecond,
    redundantAfterSeconds,
    withoutRedundancySeconds: left.length > 1 ? 0 : redundantAfterSeconds,
  };
}

function stepsOf({ lost, region, left, tableGb, commands, join }: PlanInput, admissionSeconds: number | null) {
  const { appliedSeconds, requests, failed } = join;
  const steps: readonly PlanStep[] = [
    {
      step: `Decide that ${lost.name} does not come back, and that ${region.name} (${region.awsRegion}) takes its place`,
      command: null,
      seconds: DECISION_SECONDS,
      basis: 'assumed',
      source: '[A] half an hour',
    },
    {
      step: `Add a replica of the table in ${region.name}, ${tableGb} GB, and wait until it is ACTIVE: the provider of Terraform waits for 30 minutes only`,
      command: lines(commands.fill),
      seconds: backfillSeconds(tableGb),
      basis: 'assumed',
      source: `${BACKFILL_PAGE}: minutes to several hours; [A] ${BACKFILL.emptySeconds} s and ${BACKFILL.gbAnHour} GB an hour, and that DynamoDB adds a replica while another is out of reach`,
    },
    {
      step: `Put ${region.name} in the place of ${lost.name} in dr.config.ts, take what was there out of the state, and import what lives on; the replica last, once it is ACTIVE`,
      command: lines(commands.state),
      seconds: STATE_SECONDS,
      alongside: true,
      basis: 'assumed',
      source: '[A] a quarter of an hour',
    },
    {
      step: `Release to ${[...left, region].map(({ name }) => name).join(', ')}: network, load balancer, functions, certificate, health check, records`,
      command: lines(commands.apply),
      seconds: appliedSeconds,
      basis: 'simulated',
      source: "Terraform's own order; the time of each kind of resource is [A]",
    },
    {
      step: `${region.name} catches up, is admitted and answered: ${failed} of ${requests} requests of clients failed meanwhile`,
      command: null,
      seconds: admissionSeconds,
      basis: 'simulated',
      source: 'the bundles, on the twin',
    },
  ];
  return steps;
}

const lines = (commands: readonly string[]): string => commands.join('\n');

const round = (seconds: number): number => Math.round(seconds * 1_000) / 1_000;
