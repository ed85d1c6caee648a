// Which items are the clients': those that a request names. Control records are in the same table, and count nowhere.
import type { EventOf } from '@dr/event-log';

type OfItem = EventOf<'item-written'> | EventOf<'item-replicated'>;

export class ClientItems {
  private readonly named = new Set<string>();
  /** A write is in the log before the request that made it, which is written when it ends. */
  private readonly waiting = new Map<string, OfItem[]>();

  /** Whether it is known to be a client's. If not, it is kept until a request names its item. */
  admits(event: OfItem): boolean {
    if (this.named.has(event.id)) return true;
    const waiting = this.waiting.get(event.id);
    if (waiting) waiting.push(event);
    else this.waiting.set(event.id, [event]);
    return false;
  }

  /** A request has named the item: what has waited for that, in order. */
  name(id: string): readonly OfItem[] {
    if (this.named.has(id)) return [];
    this.named.add(id);
    const waiting = this.waiting.get(id) ?? [];
    this.waiting.delete(id);
    return waiting;
  }
}
