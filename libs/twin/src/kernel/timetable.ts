// Many timed calls of one kind, each with a number: they run as if each were asked of the scheduler, and take 24 bytes each.
import type { Scheduler, Timer, Turn } from './scheduler';

export class Timetable {
  /** A heap in three lists: a number in a list takes no object. */
  private readonly times: number[] = [];
  private readonly orders: number[] = [];
  private readonly ids: number[] = [];
  /** The scheduler knows of the first call only. */
  private armed: Timer | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly run: (id: number) => void,
  ) {}

  after(delayMs: number, id: number): void {
    const turn = this.scheduler.turnAfter(delayMs);
    if (this.insert(turn, id) > 0) return;
    this.armed?.cancel();
    this.arm(turn);
  }

  private arm(turn: Turn): void {
    this.armed = this.scheduler.atTurn(turn, () => this.runFirst());
  }

  private runFirst(): void {
    const id = this.ids[0] as number;
    this.removeFirst();
    if (this.ids.length > 0) this.arm({ atMs: this.times[0] as number, order: this.orders[0] as number });
    else this.armed = undefined;
    this.run(id);
  }

  /** Where it stands then. */
  private insert({ atMs, order }: Turn, id: number): number {
    let at = this.ids.length;
    this.set(at, atMs, order, id);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) break;
      this.swap(at, parent);
      at = parent;
    }
    return at;
  }

  private removeFirst(): void {
    const last = this.ids.length - 1;
    this.swap(0, last);
    for (const list of [this.times, this.orders, this.ids]) list.pop();
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      if (left >= last) return;
      const least = left + 1 < last && this.isBefore(left + 1, left) ? left + 1 : left;
      if (!this.isBefore(least, at)) return;
      this.swap(at, least);
      at = least;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const [timeA, timeB] = [this.times[a] as number, this.times[b] as number];
    return timeA < timeB || (timeA === timeB && (this.orders[a] as number) < (this.orders[b] as number));
  }

  private swap(a: number, b: number): void {
    const [atMs, order, id] = [this.times[a] as number, this.orders[a] as number, this.ids[a] as number];
    this.set(a, this.times[b] as number, this.orders[b] as number, this.ids[b] as number);
    this.set(b, atMs, order, id);
  }

  private set(at: number, atMs: number, order: number, id: number): void {
    this.times[at] = atMs;
    this.orders[at] = order;
    this.ids[at] = id;
  }
}
