// Signals that ask the process to end. While somebody holds them, they are told of and nothing else: there is a fault to undo.
import { HeldInterruption, type Interruption } from '../gameday/ports';

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export class Interruptions {
  private held: ((code: number) => void) | undefined;

  listen(): void {
    for (const [signal, code] of Object.entries(CODES)) {
      process.on(signal, () => (this.held ? this.held(code) : process.exit(code)));
    }
  }

  hold(): Interruption {
    // A terminal that is gone takes no text any more, and that must not end us either.
    const ignore = (): void => undefined;
    const streams = [process.stdout, process.stderr];
    for (const stream of streams) stream.on('error', ignore);
    const held = new HeldInterruption(() => {
      this.held = undefined;
      for (const stream of streams) stream.off('error', ignore);
    });
    this.held = (code) => held.signal(code);
    return held;
  }
}
