// Signals that ask the process to end. While somebody holds them, they are told of and nothing else: there is a fault to undo.
import { asInputError } from '@dr/contracts';
import { isatty } from 'node:tty';
import { HeldInterruption, type Interruption } from '../operate/gameday/ports';

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** As the shell counts SIGPIPE: nobody reads the report any more. */
const NO_READER = 141;
const NOT_WRITTEN = 2;

export interface Holding {
  /** Whoever cannot be told where it is cannot use it: what cannot be written to standard output asks it to end as well. */
  readonly needsReader?: boolean;
}

export class Interruptions {
  private held: ((code: number) => void) | undefined;
  private readonly listeners = Object.entries(CODES).map(([signal, code]) => [signal, () => this.end(code)] as const);
  private needsReader = false;
  private hasTerminal = false;

  listen(): void {
    this.hasTerminal = [0, 1, 2].some((file) => isatty(file));
    for (const [signal, listener] of this.listeners) process.on(signal, listener);
    // Who started this process is gone, and with it whoever could still end it.
    process.on('disconnect', () => this.end(CODES.SIGTERM));
    process.channel?.unref();
    // A file that grows beyond `ulimit -f` is an error of that file.
    process.on('SIGXFSZ', () => undefined);
    process.stdout.on('error', (error) => this.endUnread(error));
    // Progress and warnings that nobody reads keep no report from anybody.
    process.stderr.on('error', () => undefined);
  }

  /** While `work` waits, as for a pipe, no listener can be called: a signal ends the process as it ends any other. */
  letThrough<Result>(work: () => Result): Result {
    for (const [signal, listener] of this.listeners) process.off(signal, listener);
    try {
      return work();
    } finally {
      for (const [signal, listener] of this.listeners) process.on(signal, listener);
    }
  }

  private end(code: number): void {
    // Before Node 22.16 a process that exits sets back a terminal that is gone, and aborts over it. One that dies of the signal does not.
    if (code === CODES.SIGHUP && this.hasTerminal) process.once('exit', dieOfHangup);
    if (this.held) this.held(code);
    else process.exit(code);
  }

  private endUnread(error: NodeJS.ErrnoException): void {
    if (this.held && !this.needsReader) return;
    if (error.code === 'EPIPE') return this.end(NO_READER);
    process.stderr.write(`${(asInputError(error, 'standard output') ?? error).message}\n`);
    this.end(NOT_WRITTEN);
  }

  hold({ needsReader = false }: Holding = {}): Interruption {
    const held = new HeldInterruption(() => (this.held = undefined));
    this.needsReader = needsReader;
    this.held = (code) => held.signal(code);
    return held;
  }
}

function dieOfHangup(): void {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}
