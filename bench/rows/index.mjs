// The rows of the bench, in the order of the page.
import { row as build } from './build.mjs';
import { row as coldStart } from './cold-start.mjs';
import { row as consistency } from './consistency.mjs';
import { row as drill } from './drill.mjs';
import { row as fresh } from './fresh.mjs';
import { row as growth } from './growth.mjs';
import { row as idle } from './idle.mjs';
import { row as memory } from './memory.mjs';
import { row as review } from './review.mjs';
import { row as router } from './router.mjs';
import { row as seeds } from './seeds.mjs';
import { row as synth } from './synth.mjs';

export { BASELINE } from './baseline.mjs';
export const ROWS = [drill, idle, seeds, growth, memory, router, coldStart, synth, build, fresh, review, consistency];
