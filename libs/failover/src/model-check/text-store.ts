// A set of states that are texts, as JSON makes them: for worlds that are no row of bytes. A text is kept until it is expanded.
import type { Store } from './engine';

export class TextStore implements Store<string> {
  private readonly ids = new Map<string, number>();
  private readonly texts = new Map<number, string>();

  get size(): number {
    return this.ids.size;
  }

  intern(text: string): number {
    const key = `${hash(text, 0x9e3779b9)} ${hash(text, 0x85ebca6b)}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.ids.size;
    this.ids.set(key, id);
    this.texts.set(id, text);
    return id;
  }

  /** Once: a state is expanded a single time, at its least cost. */
  takeText(id: number): string {
    const text = this.texts.get(id) ?? '';
    this.texts.delete(id);
    return text;
  }
}

/** Two of them together are 128 bits: among a million states two share them once in 10^26. */
function hash(text: string, seed: number): string {
  let a = seed;
  let b = ~seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 15);
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}`;
}
