// Data keys of KMS that a service keeps for those who use them (fault kms-dark): while one is kept, nobody asks KMS.
import { entryOf } from '../kernel/entry-of';
import type { World } from '../world';

/**
 * SNS reuses a data key for up to five minutes (SNS key management). DynamoDB keeps a table key for each caller, and asks KMS again "after
 * five minutes of inactivity" (KMS services-dynamodb). [A] Both ask again after five minutes, however busy they are: that is the worse case.
 */
const KEPT_MS = 300_000;

export class KeptKeys {
  private readonly untilMs = new Map<string, number>();

  constructor(private readonly world: World) {}

  /** False: `holder` has no key left, and KMS of the region gives none. */
  has(awsRegion: string, holder: string): boolean {
    const { scheduler, faults, random } = this.world;
    const id = `${awsRegion} ${holder}`;
    const now = scheduler.now();
    // [A] The stack has been in use for long, so at the start of the run a key of any age is kept.
    const until = entryOf(this.untilMs, id, () => random.stream(`kms/${id}`).between(0, KEPT_MS));
    if (until > now) return true;
    if (faults.hits('kms-dark', awsRegion)) return false;
    this.untilMs.set(id, now + KEPT_MS);
    return true;
  }
}
