/** First argument of a process that runs seeds. */
export const SEED_WORKER = 'seed-worker';
