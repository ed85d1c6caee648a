// Metrics that our own functions emit: apart, as they bring all of the drills.
export { emittedMetrics } from '@dr/drills';
