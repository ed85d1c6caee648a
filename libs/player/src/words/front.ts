// What moves the clients of a run: Route 53's answers, or an accelerator.
import type { FrontDoor } from '@dr/contracts';
import type { RunLog } from '../log/run-log';

const ACCELERATOR: FrontDoor = 'global-accelerator';

export const isAccelerated = ({ header: { routing } }: RunLog): boolean => routing === ACCELERATOR;
