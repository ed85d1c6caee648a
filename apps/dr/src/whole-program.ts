// The program with every command loaded: what its pages are made of.
import type { Command } from 'commander';
import type { CommandName } from './commands';
import { calibrateCommand } from './commands/calibrate';
import { chaosCommand } from './commands/chaos';
import { completionCommand } from './commands/completion';
import { consoleCommand } from './commands/console';
import { costCommand } from './commands/cost';
import { drillCommand } from './commands/drill';
import { evacuateCommand } from './commands/evacuate';
import { gamedayCommand } from './commands/gameday';
import { historyCommand } from './commands/history';
import { initCommand } from './commands/init';
import { keysCommand } from './commands/keys';
import { mergeCommand } from './commands/merge';
import { objectivesCommand } from './commands/objectives';
import { permissionsCommand } from './commands/permissions';
import { planCheckCommand } from './commands/plan-check';
import { preflightCommand } from './commands/preflight';
import { readmitCommand } from './commands/readmit';
import { reportCommand } from './commands/report';
import { restoreCommand } from './commands/restore';
import { reviewCommand } from './commands/review';
import { statusCommand } from './commands/status';
import { validateCommand } from './commands/validate';
import type { AddCommand, Start } from './context';
import { programWith, type Output } from './program';

const ALL: Readonly<Record<CommandName, AddCommand>> = {
  init: initCommand,
  objectives: objectivesCommand,
  drill: drillCommand,
  merge: mergeCommand,
  console: consoleCommand,
  report: reportCommand,
  preflight: preflightCommand,
  gameday: gamedayCommand,
  chaos: chaosCommand,
  evacuate: evacuateCommand,
  readmit: readmitCommand,
  status: statusCommand,
  validate: validateCommand,
  restore: restoreCommand,
  history: historyCommand,
  keys: keysCommand,
  cost: costCommand,
  permissions: permissionsCommand,
  calibrate: calibrateCommand,
  'plan-check': planCheckCommand,
  review: reviewCommand,
  completion: completionCommand,
};

export const programOf = (start: Start, columns: number, output?: Output): Command =>
  programWith(ALL, start, columns, output);
