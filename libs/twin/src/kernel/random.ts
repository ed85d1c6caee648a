// Seeded randomness: one stream a name, so that a new user of chance does not shift what the others draw.
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { entryOf } from './entry-of';

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Whole number in [0, below). */
  integer(below: number): number;
  /** Log-normal with the given median and 99th percentile. */
  logNormal(median: number, p99: number): number;
  /** `size` bytes. */
  bytes(size: number): Buffer;
}

export interface RandomSource {
  readonly seed: number;
  /** The stream of that name; the same object each time it is asked for. */
  stream(name: string): Random;
}

/** 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;

export function randomSource(seed: number): RandomSource {
  const streams = new Map<string, Random>();
  return { seed, stream: (name) => entryOf(streams, name, () => stream(seed, name)) };
}

function stream(seed: number, name: string): Random {
  const generator = xoroshiro128plus(fnv1a(`${seed}/${name}`));
  const next = (): number => uniformFloat64(generator);
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    integer: (below) => Math.floor(next() * below),
    logNormal(median, p99) {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp((Math.log(p99 / median) / Z99) * normal);
    },
    bytes(size) {
      const bytes = Buffer.allocUnsafe(size);
      for (let i = 0; i < size; i += 1) bytes[i] = Math.floor(next() * 256);
      return bytes;
    },
  };
}

/** FNV-1a, as a signed 32-bit number. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash | 0;
}
