// What Global Accelerator does and nobody can set: how it judges a load balancer, and how soon it acts on that.

/** What clients reach first: names that Route 53 answers by health, or the static addresses of an accelerator. */
export const FRONT_DOORS = ['dns', 'global-accelerator'] as const;
export type FrontDoor = (typeof FRONT_DOORS)[number];

/**
 * [A] The accelerator looks at each load balancer so often: do its nodes answer, and does it find its targets healthy? So many looks in a
 * row that say another thing than before, and it sends new connections elsewhere. AWS publishes neither number. Its guide says that
 * routing follows "in about 30 seconds or so" (how failover works for unhealthy endpoints), and AWS's workshop "up to 30 seconds" after
 * the load balancer has found its target unhealthy.
 */
export const ACCELERATOR_LOOK = { intervalSeconds: 10, failureThreshold: 3 } as const;
/** From a change of a load balancer to the last look that it takes. */
export const ACCELERATOR_SECONDS = ACCELERATOR_LOOK.intervalSeconds * ACCELERATOR_LOOK.failureThreshold;

/** Who moves clients, in reports and logs: records of that policy, or an accelerator. */
export const frontName = (routing: string, accelerator: object | undefined): string =>
  accelerator ? ('global-accelerator' satisfies FrontDoor) : routing;
