// Versions on their way from one region to another.
import { countUpTo, insertTime } from './steps';

interface Flight {
  readonly writtenMs: number;
  /** Infinity: it never came. */
  arrivedMs: number;
}

interface Link {
  readonly all: Flight[];
  readonly written: number[];
  /** Of every whole second the position below which everything has come by then, as far as it was asked for. */
  readonly first: number[];
}

export interface InFlight {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** Age of the oldest one, ms; 0 when there is none. */
  readonly oldestMs: number;
}

export class Replication {
  /** By `from to`, in order of the writes. */
  private readonly flights = new Map<string, Link>();
  private readonly waiting = new Map<string, Flight>();

  constructor(private readonly regions: readonly string[]) {}

  written(region: string, version: string, atMs: number): void {
    for (const to of this.regions) {
      if (to === region) continue;
      const link = this.link(region, to);
      const flight = { writtenMs: atMs, arrivedMs: Infinity };
      link.all.splice(insertTime(link.written, atMs), 0, flight);
      this.forget(link, atMs);
      this.waiting.set(`${to}\n${version}`, flight);
    }
  }

  arrived(region: string, version: string, atMs: number): void {
    const key = `${region}\n${version}`;
    const flight = this.waiting.get(key);
    if (flight) flight.arrivedMs = atMs;
    this.waiting.delete(key);
  }

  /** A write that comes late moves the positions that were kept of the time from then on. */
  private forget({ first }: Link, fromMs: number): void {
    const second = Math.max(0, Math.ceil(fromMs / 1000));
    if (second < first.length) first.length = second;
  }

  at(from: string, to: string, atMs: number): InFlight {
    const { all, written } = this.link(from, to);
    const end = countUpTo(written, atMs);
    let count = 0;
    let oldestMs = 0;
    for (let index = this.firstOpen(from, to, atMs); index < end; index += 1) {
      const { writtenMs, arrivedMs } = all[index] as Flight;
      if (arrivedMs <= atMs) continue;
      if (count === 0) oldestMs = atMs - writtenMs;
      count += 1;
    }
    return { from, to, count, oldestMs };
  }

  /** Below this position everything has come by then. Asked for whole seconds once, and kept. */
  private firstOpen(from: string, to: string, atMs: number): number {
    const { all, first } = this.link(from, to);
    const second = Math.floor(atMs / 1000);
    for (let next = first.length; next <= second; next += 1) {
      let index = first[next - 1] ?? 0;
      while (index < all.length && (all[index] as Flight).arrivedMs <= next * 1000) index += 1;
      first.push(index);
    }
    return first[second] ?? 0;
  }

  private link(from: string, to: string): Link {
    const key = `${from} ${to}`;
    let link = this.flights.get(key);
    if (!link) this.flights.set(key, (link = { all: [], written: [], first: [] }));
    return link;
  }
}
