// The event log of a run: what happened, as a format of its own that is written to a file, read back and drawn.
export * from './document';
export * from './events';
export * from './file';
export type { IncidentPhase, IncidentRecord } from './incident';
export * from './read';
export * from './sequence';
