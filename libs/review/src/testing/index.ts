// Well-made stacks of other teams and edits of them, for the tests of whoever judges stacks.
export * from './bases/others';
export { checkOf, inZone, ref, toBalancer } from './bases/parts';
export { CORPUS } from './corpus';
export * from './edits';
