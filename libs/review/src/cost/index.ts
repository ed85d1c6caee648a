// What a stack costs in a month, before it is applied.
export { PRICES, priceOf, SOURCES, type Price, type PriceItem } from './book/prices';
export { SERVICES, type Service } from './charge';
export { changedCost, costTable, type ChangedCost, type TableRow } from './compared';
export { metricId, type CustomMetric, type Emitted } from './custom-metrics';
export { fixedMonthlyCost, inWords, isUnknown, type FixedCost } from './fixed-cost';
export { frontCost, type FrontCost } from './front-cost';
export { monthlyCost, sumOf, type ConditionalCost, type CostLine, type MonthlyCost } from './monthly-cost';
export { costTips, type Tip } from './tips';
export { oneTimeCost, warmUnitUsd, type OneTimeCost } from './one-time';
export { readUsage, USAGE_KEYS, USUAL_USAGE, type Usage, type UsageKey } from './usage';
