// A schedule as a JSON file: every key is known, every value is checked, every error names its place.
import { GLOBAL_REGION, InputError, parsePopulations, type Fault, type Population } from '@dr/contracts';
import {
  checkFault,
  checkOrder,
  checkSchedule,
  MAX_SCHEDULE_SECONDS,
  type OrderAction,
  type Places,
  type Schedule,
} from './schedule';

const KEYS = {
  schedule: ['faults', 'orders', 'populations'],
  population: ['name', 'share', 'seconds'],
  fault: [
    'kind',
    'region',
    'startSeconds',
    'durationSeconds',
    'functionName',
    'intensity',
    'service',
    'zones',
    'neverHeals',
    'from',
    'to',
  ],
  order: ['order', 'region', 'via', 'atSeconds', 'expiresSeconds', 'force'],
} as const;

type Plain = Readonly<Record<string, unknown>>;

/** [A] Clients go on for so long after a region is gone for good: twice the promise, where the file does not say. */
const LOOKED_AT_SECONDS = 120;

/**
 * `{"faults": [{"kind", "region", "startSeconds", "durationSeconds", ...}], "orders": [{"order", "region", "via", "atSeconds"}],
 * "populations": [{"name", "share", "seconds"}]}`. `via` may be left out: then it is another region. A fault with `"neverHeals": true`
 * needs no duration. `name` is what errors call the text. Throws InputError.
 */
export function parseSchedule(text: string, name: string, places: Places): Schedule {
  const root = objectAt(parsed(text, name), name, KEYS.schedule);
  const faults = listAt(root, 'faults', name).map((entry, index) =>
    faultFrom(objectAt(entry, `${name}: faults[${index}]`, KEYS.fault)),
  );
  const orders = listAt(root, 'orders', name).map((entry, index) => {
    const at = `${name}: orders[${index}]`;
    return orderFrom(objectAt(entry, at, KEYS.order), places, at);
  });
  if (faults.length + orders.length === 0) {
    throw new InputError(name, 'schedules nothing', 'Give at least one entry in "faults" or "orders"');
  }
  const populations = populationsFrom(root, name);
  const schedule: Schedule = { faults, orders, ...(populations ? { populations } : {}) };
  checkSchedule(schedule, places, name);
  return schedule;
}

/** Of what begins now: it lasts until somebody ends it. */
const withoutTime = (keys: readonly string[]): string[] =>
  keys.filter((key) => !key.endsWith('Seconds') && key !== 'neverHeals');

/** A fault that begins now: as in a schedule, without its times, which are from now on. `seconds` undefined: as long as one may last. */
export function parseFaultNow(value: unknown, seconds: unknown, places: Places): Fault {
  const entry = objectAt(value, 'fault', withoutTime(KEYS.fault));
  const fault = { ...faultFrom(entry), startSeconds: 0, durationSeconds: (seconds ?? MAX_SCHEDULE_SECONDS) as number };
  checkFault(fault, places, 'fault');
  return fault;
}

/** An order that is given now: as in a schedule, without its time. `done`: what was done until now, in seconds from now. */
export function parseOrderNow(value: unknown, done: Schedule, places: Places): OrderAction {
  const order = {
    ...orderFrom(objectAt(value, 'order', [...withoutTime(KEYS.order), 'expiresSeconds']), places, 'order'),
    atSeconds: 0,
  };
  checkOrder(order, done, places.regions, 'order');
  return order;
}

/** As {@link parseSchedule} reads it. */
export const scheduleText = (schedule: Schedule): string => `${JSON.stringify(schedule, null, 2)}\n`;

function parsed(text: string, name: string): unknown {
  // Some editors begin every file with a byte order mark, which JSON.parse refuses and nobody sees.
  const json = text.replace(/^\ufeff/, '');
  if (json.trim() === '') throw new InputError(name, 'is empty', 'Give at least {"faults": [...]}');
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new InputError(name, `is not JSON: ${(cause as Error).message}`, 'Correct the file', { cause });
  }
}

function objectAt(value: unknown, at: string, keys: readonly string[]): Plain {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(at, 'is not an object', `Give one with the keys ${keys.join(', ')}`);
  }
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown === undefined) return value as Plain;
  throw new InputError(`${at}: unknown key "${unknown}"`, 'nothing has that name here', `Allowed: ${keys.join(', ')}`);
}

function listAt(root: Plain, key: string, name: string): readonly unknown[] {
  const value = root[key] ?? [];
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new InputError(`${name}: ${key}`, 'is not a list', 'Give a list, or leave it out');
}

/** A link and us-east-1 have no region of their own; everywhere else it must be there, which the check sees to. */
function faultFrom(entry: Plain): Fault {
  const isPlaceless = entry['kind'] === 'link-cut' || entry['kind'] === 'us-east-1-down';
  const usual = {
    ...(isPlaceless ? { region: GLOBAL_REGION } : {}),
    ...(entry['neverHeals'] === true ? { durationSeconds: LOOKED_AT_SECONDS } : {}),
  };
  return { ...usual, ...entry } as unknown as Fault;
}

/** Undefined: the file says nothing of other clients, and none run. */
function populationsFrom(root: Plain, name: string): readonly Population[] | undefined {
  if (root['populations'] === undefined) return undefined;
  const parts = listAt(root, 'populations', name).map((entry, index) => {
    const at = `${name}: populations[${index}]`;
    const population = objectAt(entry, at, KEYS.population);
    const { share, seconds } = population;
    for (const [key, value] of Object.entries({ share, seconds })) {
      if (typeof value === 'number' || (key === 'seconds' && value === undefined)) continue;
      throw new InputError(`${at}.${key} ${JSON.stringify(value)}`, 'is not a number', 'Give a number');
    }
    return `${String(population['name'])}=${String(share)}${seconds === undefined ? '' : `:${String(seconds)}`}`;
  });
  return parts.length === 0 ? [] : parsePopulations(parts.join(','), `${name}: populations`);
}

/** `via` may be left out: then it is another region. */
function orderFrom(entry: Plain, { regions }: Places, at: string): OrderAction {
  checkForce(entry, at);
  const via = regions.find((region) => region !== entry['region']);
  return { via, ...entry } as unknown as OrderAction;
}

function checkForce({ force }: Plain, at: string): void {
  if (force === undefined || force === true) return;
  throw new InputError(`${at}.force ${JSON.stringify(force)}`, 'is not true', 'Give true, or leave it out');
}
