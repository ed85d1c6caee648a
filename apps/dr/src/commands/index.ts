// All commands, in the order of --help. A new one is a file here, a line below and one in whole-program.ts; nothing of it is loaded before it is asked.
import type { AddCommand } from '../context';

interface Entry {
  /** What --help says of it. */
  readonly description: string;
  /** Its options, its manual page and what it does. */
  load(): Promise<AddCommand>;
  /** Over in a moment: asked in every pipeline, of files alone. */
  readonly isShort?: true;
}

export const COMMANDS = {
  init: {
    description: 'ask what the system is called, where it runs and what it must achieve, and write dr.config.ts',
    load: async () => (await import('./init')).initCommand,
  },
  objectives: {
    description: 'show the arithmetic of the objective, every choice of settings with its cost, and which is selected',
    load: async () => (await import('./objectives')).objectivesCommand,
  },
  drill: {
    description:
      'simulate the loss of a region of the synthesized stack in virtual time: RTO, RPO and every transition',
    load: async () => (await import('./drill')).drillCommand,
  },
  merge: {
    description: 'put the shards of a search together: the result is that of one search of all its seeds',
    load: async () => (await import('./merge')).mergeCommand,
  },
  console: {
    description: 'let the regions live on this machine: a page to break them, and sockets for curl, dig and aws',
    load: async () => (await import('./console')).consoleCommand,
  },
  report: {
    description:
      'make one file, to look at and to hand to an auditor, of an event log, two logs, a search or a game day',
    load: async () => (await import('./report')).reportCommand,
  },
  preflight: {
    description: 'check whether the stack can be applied in this AWS account, and what to do if not (reads only)',
    load: async () => (await import('./preflight')).preflightCommand,
  },
  gameday: {
    description: 'take a region of the applied system out of service, measure what clients lose, put it back',
    load: async () => (await import('./gameday')).gamedayCommand,
  },
  chaos: {
    description: 'lose a region: on the twin (a drill) or on AWS (a game day)',
    load: async () => (await import('./chaos')).chaosCommand,
  },
  evacuate: {
    description: 'ask a region of the applied system to leave service; it leaves if another one serves',
    load: async () => (await import('./evacuate')).evacuateCommand,
  },
  readmit: {
    description: 'ask a region that was ordered out, or waits, to come back; it serves once it has caught up',
    load: async () => (await import('./readmit')).readmitCommand,
  },
  status: {
    description:
      'show which regions of the applied system answer, beat and serve (takes up to 20 s), and what AWS reports',
    load: async () => (await import('./status')).statusCommand,
  },
  validate: {
    description: 'compare whole replicas of the table and print what differs',
    load: async () => (await import('./validate')).validateCommand,
  },
  restore: {
    description:
      'after a bad write: compare the table with its state of an earlier time, and write back what items showed then',
    load: async () => (await import('./restore')).restoreCommand,
  },
  history: {
    description:
      'list incidents of the applied system: every transition, its evidence, who recorded it, time to rerouted',
    load: async () => (await import('./history')).historyCommand,
  },
  keys: {
    description: 'manage the keys of the item API',
    load: async () => (await import('./keys')).keysCommand,
  },
  cost: {
    description:
      'show what a stack costs a month, before anyone uses it and by use, line by line; our own against the budget',
    load: async () => (await import('./cost')).costCommand,
    isShort: true,
  },
  permissions: {
    description: 'list every role of a stack: who may take it on, what it may do, and where a wildcard allows more',
    load: async () => (await import('./permissions')).permissionsCommand,
    isShort: true,
  },
  calibrate: {
    description: 'hold the twin against times of a failover that were measured on AWS',
    load: async () => (await import('./calibrate')).calibrateCommand,
  },
  'plan-check': {
    description:
      'check whether a Terraform plan may be applied; exits with 1 if it takes what is protected without being allowed to',
    load: async () => (await import('./plan-check')).planCheckCommand,
    isShort: true,
  },
  review: {
    description: 'judge whether a stack of any team fails over, how fast, and what stops it, before it is applied',
    load: async () => (await import('./review')).reviewCommand,
    isShort: true,
  },
  completion: {
    description: 'print the completion of commands, options and values for a shell; it completes the word dr',
    load: async () => (await import('./completion')).completionCommand,
  },
} satisfies Readonly<Record<string, Entry>>;

export type CommandName = keyof typeof COMMANDS;
export const ENTRIES = Object.entries<Entry>(COMMANDS) as readonly (readonly [CommandName, Entry])[];
export const isCommand = (word: string): word is CommandName => Object.hasOwn(COMMANDS, word);
export const isShort = (word: string): boolean => ENTRIES.some(([name, { isShort: short }]) => name === word && short);
