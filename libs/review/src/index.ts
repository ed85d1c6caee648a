// What a synthesized stack costs, before it is applied.
export { fixedMonthlyCost, type CostLine, type FixedCost } from './fixed-cost';
export { PRICES, priceOf, type Price, type PriceItem } from './prices';
