// For each rule: an edit of a well-made stack that it catches, where, and a harmless edit of the same thing.
import { CAUSES } from './causes';
import { CHECKS } from './checks';
import { DATA } from './data';
import { FRONT_ENDS } from './front-ends';
import type { Row } from './row';

export const CORPUS: Readonly<Record<string, Row>> = { ...CAUSES, ...CHECKS, ...FRONT_ENDS, ...DATA };
