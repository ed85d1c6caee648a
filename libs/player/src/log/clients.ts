// What the log says of the clients: where each is at home, what its resolver has cached, when it was down.
import type { EventOf } from '@dr/event-log';
import { DownCurve } from './down-curve';
import { countUpTo, Steps } from './steps';

/** Requests of these clients carry no key: they test the lock, and count nowhere. */
const OUTSIDERS = 'unauthenticated';

export type Request = EventOf<'request'>;

export const isOutsider = ({ client }: Request): boolean => client.startsWith(OUTSIDERS);

export interface Down {
  /** When the client sent the first of its requests in a row that failed. */
  readonly fromMs: number;
  /** When it next got what it asked for; Infinity: it never did. */
  toMs: number;
}

/** A client goes down, or is served again. */
export interface Turn {
  readonly client: Client;
  /** The request that showed it. */
  readonly request: Request;
  readonly fromMs: number;
  /** undefined: it goes down. */
  readonly backMs?: number;
}

/** Requests that ended within one second: served at home, served elsewhere, failed. */
export type SecondCount = readonly [home: number, elsewhere: number, failed: number];

export interface Client {
  readonly id: string;
  readonly home: string;
  readonly downs: Down[];
  /** Region that it was last told, and until when its resolver keeps that. */
  readonly told: Steps<{ readonly region: string; readonly untilMs: number }>;
}

export class Clients {
  /** In order of their first request. */
  readonly all: Client[] = [];
  /** In order of their ends. */
  readonly requests: Request[] = [];
  private readonly ends: number[] = [];
  private longestMs = 0;
  /** In order of the log. */
  readonly turns: Turn[] = [];
  readonly downCurve = new DownCurve();
  /** By the second in which they ended; holes where there was none. */
  readonly perSecond: (SecondCount | undefined)[] = [];
  failures = 0;
  /** Requests without a key, and how many of them were let in. */
  readonly outsiders = { requests: 0, letIn: 0 };
  /** Clients that the promise is not about, by population: counted here and nowhere else. */
  readonly apart = new Map<string, Clients>();
  private readonly apartById = new Map<string, Clients>();
  private readonly byId = new Map<string, Client>();
  private readonly asked = new Map<string, EventOf<'dns-query'>[]>();

  query(event: EventOf<'dns-query'>): void {
    const apart = this.apartById.get(event.client);
    if (apart) return apart.query(event);
    const client = this.byId.get(event.client);
    if (client) this.tell(client, event);
    // Its home is known with its first request.
    else this.asked.set(event.client, [...(this.asked.get(event.client) ?? []), event]);
  }

  /** Whether a client goes down with it, or is back. */
  request(event: Request): boolean {
    if (isOutsider(event)) {
      this.outsiders.requests += 1;
      if (event.outcome === 'ok') this.outsiders.letIn += 1;
      return false;
    }
    return event.population === undefined ? this.add(event) : this.clientsApart(event, event.population).add(event);
  }

  private clientsApart({ client }: Request, population: string): Clients {
    const clients = this.apart.get(population) ?? new Clients();
    this.apart.set(population, clients);
    if (this.apartById.has(client)) return clients;
    this.apartById.set(client, clients);
    for (const query of this.asked.get(client) ?? []) clients.query(query);
    this.asked.delete(client);
    return clients;
  }

  private add(event: Request): boolean {
    this.requests.push(event);
    this.ends.push(event.atMs);
    this.longestMs = Math.max(this.longestMs, event.atMs - event.startedMs);
    this.count(event);
    return this.turn(this.client(event), event);
  }

  private count({ atMs, outcome, home, region }: Request): void {
    const second = Math.floor(atMs / 1000);
    const [here, elsewhere, failed] = this.perSecond[second] ?? [0, 0, 0];
    if (outcome !== 'ok') this.failures += 1;
    this.perSecond[second] =
      outcome !== 'ok'
        ? [here, elsewhere, failed + 1]
        : home === region
          ? [here + 1, elsewhere, failed]
          : [here, elsewhere + 1, failed];
  }

  private turn(client: Client, request: Request): boolean {
    const { atMs, startedMs, outcome } = request;
    const last = client.downs.at(-1);
    const isDown = last?.toMs === Infinity;
    if ((outcome === 'ok') !== isDown) return false;
    if (isDown) {
      last.toMs = atMs;
      this.turns.push({ client, request, fromMs: last.fromMs, backMs: atMs });
      this.downCurve.ended(atMs);
    } else {
      client.downs.push({ fromMs: startedMs, toMs: Infinity });
      this.turns.push({ client, request, fromMs: startedMs });
      this.downCurve.began(startedMs);
    }
    return true;
  }

  /** Sent and not yet answered at that instant. */
  waiting(atMs: number): Request[] {
    const found: Request[] = [];
    for (let index = countUpTo(this.ends, atMs); index < this.requests.length; index += 1) {
      const request = this.requests[index] as Request;
      if (request.atMs > atMs + this.longestMs) break;
      if (request.startedMs <= atMs) found.push(request);
    }
    return found;
  }

  private client({ client: id, home }: Request): Client {
    const known = this.byId.get(id);
    if (known) return known;
    const client: Client = { id, home, downs: [], told: new Steps() };
    this.byId.set(id, client);
    this.all.push(client);
    for (const query of this.asked.get(id) ?? []) this.tell(client, query);
    this.asked.delete(id);
    return client;
  }

  private tell(client: Client, { atMs, region, ttlSeconds }: EventOf<'dns-query'>): void {
    client.told.add(atMs, { region, untilMs: atMs + ttlSeconds * 1000 });
  }
}

/** Asked for the end of a log as a rule, so from the last one on. */
export function isDownAt({ downs }: Client, atMs: number): boolean {
  for (let index = downs.length - 1; index >= 0; index -= 1) {
    const { fromMs, toMs } = downs[index] as Down;
    // They ascend by their ends.
    if (toMs <= atMs) return false;
    if (fromMs <= atMs) return true;
  }
  return false;
}

/** undefined: its resolver has nothing that is still good. */
export function heldAt({ told }: Client, atMs: number): string | undefined {
  const last = told.at(atMs);
  return last && atMs < last.untilMs ? last.region : undefined;
}
