// What Route 53 does and nobody can set: how its checkers probe, when it takes an endpoint for healthy, how long an alias is kept.

/** Regions that Route 53 checkers probe from (API enum HealthCheckRegion). */
export const CHECKER_REGIONS = [
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'sa-east-1',
] as const;
/** [A] AWS does not say how many checkers a region has. */
export const CHECKERS_A_REGION = 2;
/** They probe each endpoint. */
export const CHECKERS = CHECKERS_A_REGION * CHECKER_REGIONS.length;

/** Limits of one probe, by HTTP(S) or TCP (Route 53 developer guide, "How Route 53 determines whether a health check is healthy"). */
export const PROBE_SECONDS = { connect: 4, status: 2, body: 2, tcpConnect: 10 } as const;

const HEALTHY_SHARE = 0.18;
/** Do so many healthy checkers of all that report make the endpoint healthy? (same page) */
export const isHealthyBy = (healthyCheckers: number, checkers: number): boolean =>
  healthyCheckers / checkers > HEALTHY_SHARE;

/** An alias to a load balancer is answered with this TTL; it cannot be set (choosing between alias and non-alias records). */
export const ALIAS_TTL_SECONDS = 60;

/** Routing policies that move clients: what each does, for people, and USD for a million queries (read 2026-09). */
export const ROUTING_POLICIES = {
  latency: { meaning: 'each client goes to the region nearest to it', queriesUsd: 0.6 },
  weighted: { meaning: 'shares, equal ones unless weights are set', queriesUsd: 0.4 },
  failover: { meaning: 'all go to the first region, the others stand by', queriesUsd: 0.4 },
} as const;
export type Routing = keyof typeof ROUTING_POLICIES;
export const ROUTINGS = Object.keys(ROUTING_POLICIES) as readonly Routing[];
