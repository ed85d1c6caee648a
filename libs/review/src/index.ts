// What a synthesized stack costs, and what a plan would take, before it is applied.
export { lossesOf, refusedLosses, type Loss, type LossKind } from './changes/check-plan';
export { parsePlan, type PlanJson } from './changes/plan-json';
export * from './cost';
export type { Told } from './outcomes/before';
export { askedNames, type AskedName } from './outcomes/asked-names';
export { askersOf } from './outcomes/askers';
export { checksBehind } from './outcomes/checks-behind';
export { REVIEWED_FAULTS, type OutcomeKind, type ReviewedFault } from './outcomes/outcome';
export { untold } from './outcomes/standing';
export {
  reviewStack,
  type DrilledOutcome,
  type Review,
  type ReviewedChange,
  type ReviewedFaultOutcome,
  type ReviewedName,
  type ReviewFinding,
} from './review';
export * from './rules';
export { CATALOGUE, type CatalogueEntry } from './rules/catalogue';
export { isBlocking, verdictOf } from './verdict';
export { parseWaivers, withWaivers, type MetWaiver, type Waiver } from './waivers';
