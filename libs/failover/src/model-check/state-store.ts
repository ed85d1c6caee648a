// A set of states of equal length: bytes in an arena, found through an open-addressing hash table.
import { grown, type Store } from './engine';

export class StateStore implements Store<Uint8Array> {
  private arena: Uint8Array;
  private slots: Int32Array;
  private used = 0;

  constructor(
    private readonly stride: number,
    capacity = 1 << 14,
  ) {
    this.arena = new Uint8Array(stride * capacity);
    this.slots = new Int32Array(capacity * 2);
  }

  get size(): number {
    return this.used;
  }

  /** A view of the state's bytes, valid until the next insertion. */
  bytesOf(id: number): Uint8Array {
    return this.arena.subarray(id * this.stride, (id + 1) * this.stride);
  }

  /** The state's id, new or known. */
  intern(bytes: Uint8Array): number {
    if (this.used * 2 >= this.slots.length) this.grow();
    const mask = this.slots.length - 1;
    let slot = hash(bytes, this.stride) & mask;
    // Ends: the table is never more than half full.
    for (;;) {
      const entry = this.slots[slot] ?? 0;
      if (entry === 0) break;
      if (this.equals(entry - 1, bytes)) return entry - 1;
      slot = (slot + 1) & mask;
    }
    const id = this.used++;
    this.slots[slot] = id + 1;
    this.arena.set(bytes, id * this.stride);
    return id;
  }

  private equals(id: number, bytes: Uint8Array): boolean {
    const offset = id * this.stride;
    for (let i = 0; i < this.stride; i++) {
      if (this.arena[offset + i] !== bytes[i]) return false;
    }
    return true;
  }

  private grow(): void {
    this.arena = grown(this.arena, this.arena.length * 2);
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let id = 0; id < this.used; id++) {
      let slot = hash(this.bytesOf(id), this.stride) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = id + 1;
    }
  }
}

/** FNV-1a with a final mix; states differ in few bytes, so the mix matters. */
function hash(bytes: Uint8Array, length: number): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < length; i++) h = Math.imul(h ^ (bytes[i] ?? 0), 0x01000193);
  h ^= h >>> 15;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  return h >>> 0;
}
