// What a command is given of the outside world; main.ts is the only file that makes one.
import type { DrConfig } from '@dr/contracts/system/config';
import type { RunningStack, SeedPool, StartOptions } from '@dr/drills';
import type { PlayerAssets } from '@dr/player';
import type { Keep } from '@dr/twin';
import type { Command } from 'commander';
import type { ConsoleWorld } from './commands/console/ports';
import type { GivenSubject } from './drilled';
import type { GameDayWorld } from './operate/gameday/ports';
import type { Operator } from './operate/operator';
import type { PreflightReader, PublicDns } from './operate/preflight/reader';
import type { OpenRecovery } from './operate/restore/ports';
import type { AskHealth, StatusReader } from './operate/status/reader';

/** What a command is given that works on files which it names: nothing of it asks for a project, an account or the network. */
export interface FilesContext {
  /** The project's directory: bundles are in its dist/. */
  readonly root: string;
  /** Of this tool. */
  readonly version: string;
  /** Milliseconds of a monotonic clock. */
  wallMs(): number;
  /** The date of what is written, and the day on which a waiver ends; nothing else. */
  now(): Date;
  /** Calls `tick` every so many ms until what it returns is called. @default never */
  every?(ms: number, tick: () => void): () => void;
  /** Results. */
  out(text: string): void;
  /** Progress, warnings and errors. */
  err(text: string): void;
  /** The terminal itself, for the live line alone. @default `err` */
  live?(text: string): void;
  readonly outColor: boolean;
  /** stdout is a terminal. */
  readonly outTerminal: boolean;
  /** Width of the terminal; 80 where there is none. */
  readonly columns: number;
  /** stderr is a terminal: a line may be written over. */
  readonly errTerminal: boolean;
  /** A directory that is gone when the process ends, however it ends. */
  temporaryDirectory(): string;
  /** Writes the whole file or nothing. Throws InputError when its directory is missing. */
  writeFile(path: string, lines: Iterable<string>): void;
  /** Throws InputError when `path` cannot be written later. `option` gave it; default `events`. */
  checkWritable(path: string, option?: string): void;
  /**
   * Where the JSON beside a report goes; undefined when the report goes to a device or a pipe. Throws InputError when either cannot be
   * written, or when something else stands there.
   */
  besideReport(path: string, option: string): string | undefined;
  /** Both names lead to one file, there or not. */
  samePlace(one: string, other: string): boolean;
  readonly processes: Pick<Processes, 'readFile'>;
  /** Files in which the lines of findings are looked for. */
  readonly sources: SourceReader;
  /** The page that draws event logs, as it was built. */
  player(): PlayerAssets;
}

/** What the other commands are given besides; it takes time to load. */
export interface ProjectContext {
  /** The parsed dr.config.ts. Throws InputError when it is not valid. */
  config(): DrConfig;
  /** Runs the bundled infra app; resolves to the path of the stack's JSON. Throws SynthesisError. */
  synthesize(args: readonly string[], outDirectory: string): Promise<string>;
  /** `name@version` of each package that the bundle of `app` was made from; undefined where that was not recorded. */
  packagesIn(app: string): readonly string[] | undefined;
  /** The applied system; nothing is loaded before its first use. */
  readonly operator: Operator;
  /** A table of the applied system and its earlier states; nothing is loaded before its first use. */
  readonly recovery: OpenRecovery;
  /** The AWS account, of which this only reads. */
  readonly account: PreflightReader & StatusReader;
  /** Public DNS, through `server` or the resolvers of this machine. Throws InputError when `server` is no address. */
  publicDns(server: string | undefined): PublicDns;
  /** GET https://HOST/health. */
  readonly askHealth: AskHealth;
  /** What a game day does to the applied system, and how it is seen from outside; nothing is loaded before its first use. */
  readonly gameDay: GameDayWorld;
  readonly processes: Processes;
  /** Sockets on this machine's loopback. */
  readonly console: ConsoleWorld;
  readonly configFile: ConfigFile;
  readonly questions: Questions;
  startTwin(options: Omit<StartOptions, 'system'>): Promise<RunningStack>;
  /** Of what a long run seldom reads. */
  readonly keep: Keep;
  /** This process will keep much for long: memory is to be spared, and may cost CPU. */
  expectLongRun(): void;
}

export interface Context extends Omit<FilesContext, 'processes'>, ProjectContext {}

/** The user's dr.config.ts. */
export interface ConfigFile {
  exists(): boolean;
  /** SHA-256 of its bytes, hex; undefined where it cannot be read, as where only bundles were handed over. */
  sha256(): string | undefined;
  /** Writes all of it or nothing; resolves to where the former one is kept, if one is replaced. Throws InputError, also where one is there already. */
  write(text: string, options: { readonly replace: boolean }): string | null;
}

/** Questions to whoever started this process. */
export interface Questions {
  /** Somebody is at a terminal, and may answer again. */
  readonly atTerminal: boolean;
  /** The next line of standard input. */
  ask(prompt: string): Promise<string | NoAnswer>;
  /** No more is asked. Until then, a signal is an answer that did not come. */
  end(): void;
}

export class NoAnswer {
  constructor(
    readonly why: 'standard input ended before every question was answered' | 'interrupted',
    /** Exit code to end with. */
    readonly code: number,
  ) {}
}

export type Checkout = 'clean' | 'changed' | 'unknown';

export interface SourceReader {
  /**
   * The files of `directory` and below whose name is wanted, in the order of their paths, which are from the working directory; not
   * those behind links, in node_modules or in a directory whose name begins with a dot. Throws InputError when it is none, or holds too
   * much. `unread`: how many may not be read, or are too large to be source.
   */
  read(
    directory: string,
    isWanted: (name: string) => boolean,
  ): { readonly files: readonly { readonly path: string; readonly text: string }[]; readonly unread: number };
  /** Is it a file of the working directory or below? */
  isFile(path: string): boolean;
}

/** A file of lines that outlives the process. */
export interface LineFile {
  /** Those that are whole. */
  readonly lines: readonly string[];
  /** What follows them: of a process that was killed while it wrote. */
  readonly torn: string;
  /** In the place of what is torn. The line is on the disk when this returns. Throws InputError, from then on always. */
  append(line: string): void;
}

/** Other processes and other people's files. */
export interface Processes {
  /** Processes of this tool that run seeds of what is drilled, as many as there are cores or as asked. They end with this one. */
  seedPool(subject: GivenSubject, size?: number): SeedPool;
  /** Short id of the commit in the project's directory, or `unknown`. */
  commit(): string;
  /** Hex SHA-256 of this program and of `files`, whose code it runs. Throws InputError. */
  codeSha256(files: readonly string[]): string;
  /** Variables that say which of many equal jobs this process is, counted from 0; those that are not set are left out. */
  arrayIndexes(): Readonly<Record<string, string>>;
  /** The file `name` in `path` where that is a directory; `path` itself otherwise. */
  placeIn(path: string, name: string): string;
  /** Writes nothing before a line is appended. `given`: what named it. Throws InputError. */
  lineFile(given: string, path: string): LineFile;
  /** Whether the files that git knows are as in that commit. */
  checkout(): Checkout;
  /** The text of a file, of 1 MB at most unless told otherwise. `given`: what named it, e.g. `--schedule`. Throws InputError that says so. */
  readFile(given: string, path: string, maxBytes?: number): string;
  /** Writes a schedule where it can be found again; returns its path from the project's directory. */
  keepSchedule(name: string, text: string): string;
}

/** A command ends with the exit code to give: 0 passed, 1 not passed. */
export type Run = (context: Context) => Promise<number>;
export type FilesRun = (context: FilesContext) => Promise<number>;

/** Takes what is to run, and what that needs to be given. @default the project */
export interface Start {
  (run: Run): void;
  (run: FilesRun, needs: 'files'): void;
}

/** Gives a command its options, its manual page and what it does. */
export type AddCommand = (command: Command, start: Start) => void;

/** The infra app refused; its own paragraph says why. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}
