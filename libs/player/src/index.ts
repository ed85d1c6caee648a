// The player as the command line uses it: the page of one log or two.
export * from './page';
export type { About } from './report/about';
export * from './report/document';
export * from './report/drills';
export * from './report/game-day';
export * from './report/game-day-record';
export { incidentOf, type FeltBy, type IncidentReport, type Meanwhile, type ReportedPhase } from './report/incident';
export { reviewReportOf, type ReviewReport } from './report/review';
export { runReportOf, type RunReport } from './report/run';
export { RunLog } from './log/run-log';
export { feltBy, mappingOf, requestsOf, scaleOf, SHORTENED } from './words/incident';
export { felt, noticed, verdictOf, worstOf } from './words/verdict';
export { differencesOf, type Difference } from './words/differences';
export { linesOfRegion } from './words/command-lines';
