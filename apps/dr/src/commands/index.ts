// All commands: a new one is a file here, and a line below.
import type { AddCommand } from '../context';
import { calibrateCommand } from './calibrate';
import { chaosCommand } from './chaos';
import { completionCommand } from './completion';
import { consoleCommand } from './console';
import { costCommand } from './cost';
import { drillCommand } from './drill';
import { evacuateCommand } from './evacuate';
import { gamedayCommand } from './gameday';
import { historyCommand } from './history';
import { initCommand } from './init';
import { keysCommand } from './keys';
import { mergeCommand } from './merge';
import { objectivesCommand } from './objectives';
import { planCheckCommand } from './plan-check';
import { preflightCommand } from './preflight';
import { readmitCommand } from './readmit';
import { reportCommand } from './report';
import { reviewCommand } from './review';
import { statusCommand } from './status';
import { validateCommand } from './validate';

export const COMMANDS: readonly AddCommand[] = [
  initCommand,
  objectivesCommand,
  drillCommand,
  mergeCommand,
  consoleCommand,
  reportCommand,
  preflightCommand,
  gamedayCommand,
  chaosCommand,
  evacuateCommand,
  readmitCommand,
  statusCommand,
  validateCommand,
  historyCommand,
  keysCommand,
  costCommand,
  calibrateCommand,
  planCheckCommand,
  reviewCommand,
  completionCommand,
];
