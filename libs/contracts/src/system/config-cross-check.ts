// What the keys of a config must be to each other: each is right by itself, and together they would not say what was meant.
import type { DrConfig } from './config-schema';
import { InputError } from '../input-error';
import { NEW_TABLE_UNITS } from '../table-units';
import { checkFrontDoor } from './front-door';
import { checkRegionNames } from './reserved-names';

/** Throws InputError for the first of them. */
export function crossCheck(config: DrConfig): void {
  checkDomain(config);
  checkRepeats(config);
  checkRegionNames(config);
  checkRegionKeys(config);
  checkFrontDoor(config);
  checkWeights(config);
  checkWarmThroughput(config);
  checkFailback(config);
}

function checkDomain({ domain, zone }: DrConfig): void {
  if (domain !== zone && !domain.endsWith(`.${zone}`)) {
    const fix = `Use a name that ends in .${zone}, or the zone it belongs to`;
    throw new InputError(`dr.config.ts: domain "${domain}"`, `is not in the zone "${zone}"`, fix);
  }
}

function checkRepeats({ regions, alerts }: DrConfig): void {
  const again = 'Give each region once: a replica in the same region is no second region';
  const once = 'Give each address once: it would be told everything twice';
  const lists: readonly (readonly [key: string, values: readonly string[], fix: string])[] = [
    ['regions[].name', regions.map(({ name }) => name), again],
    ['regions[].awsRegion', regions.map(({ awsRegion }) => awsRegion), again],
    ['alerts.emails', alerts.emails.map((address) => address.toLowerCase()), once],
    ['alerts.sms', alerts.sms, once],
  ];
  for (const [key, values, fix] of lists) {
    const twice = values.find((value, at) => values.indexOf(value) !== at);
    if (twice !== undefined) throw new InputError(`dr.config.ts: ${key} "${twice}"`, 'is listed twice', fix);
  }
}

function checkRegionKeys(config: DrConfig): void {
  const names = config.regions.map((r) => r.name);
  for (const key of ['weights', 'release'] as const) {
    const unknown = Object.keys(config[key] ?? {}).find((name) => !names.includes(name));
    if (unknown)
      throw new InputError(
        `dr.config.ts: ${key}.${unknown}`,
        'names no region of this config',
        `Use one of ${names.join(', ')}`,
      );
  }
}

function checkWeights({ weights, routing, regions }: DrConfig): void {
  if (weights === undefined) return;
  if (routing !== 'weighted') {
    throw new InputError(
      `dr.config.ts: weights with routing "${routing}"`,
      'would be ignored: that routing knows no shares',
      "Leave weights out, or set routing: 'weighted'",
    );
  }
  const without = regions.find(({ name }) => !Object.hasOwn(weights, name));
  if (without) {
    const fix = 'Give every region a weight, 0 for none, or leave weights out for equal ones';
    throw new InputError(`dr.config.ts: weights has no ${without.name}`, "so its share would be somebody's guess", fix);
  }
  if (Object.values(weights).some((weight) => weight > 0)) return;
  const fix = 'Give a region a weight above 0, or leave weights out';
  throw new InputError('dr.config.ts: weights are all 0', 'and Route 53 then answers as if they were equal', fix);
}

function checkFailback({ recovery: { failback, waitingPageMinutes } }: DrConfig): void {
  if (waitingPageMinutes === undefined || failback === 'manual') return;
  throw new InputError(
    `dr.config.ts: recovery.waitingPageMinutes = ${waitingPageMinutes}`,
    'would page nobody: with automatic failback no region waits for an order',
    "Leave it out, or set recovery.failback: 'manual'",
  );
}

/** The provider takes what a new table has for no setting at all, and would plan it again and again. */
function checkWarmThroughput({ options: { warmThroughput } }: DrConfig): void {
  if (warmThroughput === undefined) return;
  const { readUnitsPerSecond: reads, writeUnitsPerSecond: writes } = warmThroughput;
  if (reads > NEW_TABLE_UNITS.read || writes > NEW_TABLE_UNITS.write) return;
  throw new InputError(
    `dr.config.ts: options.warmThroughput of ${reads} reads and ${writes} writes a second`,
    'is what a new table has by itself',
    'Ask for more of one of them, or leave it out',
  );
}
