// The gate of one execution environment: what comes from outside (a timer, an answer) passes while it runs, waits while it
// is frozen, and is lost once it is killed.

/** Things that can be waiting when an environment thaws; a frozen environment cannot start new ones. */
const MAX_WAITING = 10_000;

export class Gate {
  private state: 'running' | 'frozen' | 'killed' = 'running';
  private waiting: (() => void)[] = [];

  /** `onCrash` hears of an error that nothing in the environment caught. */
  constructor(private readonly onCrash: (error: unknown) => void) {}

  get killed(): boolean {
    return this.state === 'killed';
  }

  /** Runs now, at the thaw, or never. */
  pass(run: () => void): void {
    if (this.state === 'killed') return;
    if (this.state === 'running') return this.guarded(run);
    if (this.waiting.length >= MAX_WAITING) throw new Error('a frozen environment has too much waiting for it');
    this.waiting.push(run);
  }

  /** Runs now whatever the state is; a thrown error is a crash of the environment, as in Lambda. */
  guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.onCrash(error);
    }
  }

  freeze(): void {
    if (this.state === 'running') this.state = 'frozen';
  }

  /** What fell due while frozen runs first, in the order it fell due. */
  thaw(): void {
    if (this.state !== 'frozen') return;
    this.state = 'running';
    const due = this.waiting;
    this.waiting = [];
    for (const run of due) this.pass(run);
  }

  kill(): void {
    this.state = 'killed';
    this.waiting = [];
  }
}
