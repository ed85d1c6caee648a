// The program with every command: what its pages and its completion are made of.
import type { Command } from 'commander';
import { COMMANDS } from './commands';
import type { Start } from './context';
import { programWith, type Output } from './program';

export const programOf = (start: Start, columns: number, output?: Output): Command =>
  programWith(COMMANDS, start, columns, output);
