// Recovery arithmetic of an accelerator: the load balancer's own check of a target, then the accelerator, and no DNS.
import { ACCELERATOR_SECONDS } from '@dr/contracts';

/** How a load balancer asks the target whose answer says whether the region serves. */
export interface TargetCheck {
  readonly intervalSeconds: number;
  /** Consecutive failures that make the target unhealthy. */
  readonly unhealthyThreshold: number;
  readonly timeoutSeconds: number;
}

/**
 * What the stack sets. 5 s is the shortest interval that AWS takes and 2 the lowest threshold (ELBv2 API, CreateTargetGroup); a check of
 * a function must be further apart than the function may run (provider, aws_lb_target_group), which is 2 s for health-checker. A
 * region that comes back is found unhealthy by two checks, before the accelerator has looked at it three times.
 */
export const FRONT_CHECK = {
  intervalSeconds: 5,
  unhealthyThreshold: 2,
  timeoutSeconds: 4,
  healthyThreshold: 5,
} as const satisfies TargetCheck & { readonly healthyThreshold: number };

/** From a failure until no new connection is led to the region. Of a region that is dark the accelerator finds out by itself, sooner. */
export const acceleratedSeconds = ({ intervalSeconds, unhealthyThreshold, timeoutSeconds }: TargetCheck): number =>
  unhealthyThreshold * intervalSeconds + timeoutSeconds + ACCELERATOR_SECONDS;

/** The same as a sum. */
export const acceleratedSum = ({ intervalSeconds, unhealthyThreshold, timeoutSeconds }: TargetCheck): string =>
  `${unhealthyThreshold} x ${intervalSeconds} s interval + ${timeoutSeconds} s time-out of the target's health check + ` +
  `accelerator ${ACCELERATOR_SECONDS} s [A]`;
