// How far clocks that are right may be apart.

/** Those of a region's environments, and of the services that they ask [A]. */
export const CLOCK_SKEW_MS = 5_000;
/** Those of other regions and of CloudWatch [A]. */
export const FOREIGN_SKEW_MS = 60_000;
