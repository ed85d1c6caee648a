// What the bench's scripts use of its pure part.
export { parseBench, USAGE } from './arguments';
export { comparisonComment } from './comment';
export { copiesOfOwn, copiesOfState, resourcesOf, resourcesOfState } from './copies';
export { withUnit } from './figures';
export { limitText } from './page';
export { reachedBy } from './results';
