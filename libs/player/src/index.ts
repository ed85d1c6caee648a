// The player as the command line uses it: the page of one log or two.
export * from './page';
export type { About } from './view/about';
export { RunLog } from './log/run-log';
export { felt, noticed, verdictOf, worstOf } from './words/verdict';
export { differencesOf, type Difference } from './words/differences';
