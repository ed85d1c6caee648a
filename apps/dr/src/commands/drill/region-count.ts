// `dr drill --regions N`: the system of dr.config.ts in so many regions, to see what a third or a fourth one would do.
import { AWS_REGIONS, oneWayMs, shortNameOf } from '@dr/contracts';
import { parseConfig, type DrConfig, type RegionConfig } from '@dr/contracts/system/config';
import type { Context } from '../../context';
import { checkCount } from '../../terminal/options';

const LEAST = 2;
const MOST = 4;

/** The context in which the config, and the stack that is synthesized, have `count` regions. Throws InputError. */
export const inRegions = (context: Context, count: number): Context =>
  inConfig(context, withRegions(context.config(), count));

/** The context in which the config, and the stack that is synthesized, have the regions of that config, whatever those of `context` are. */
export function inConfig(context: Context, config: DrConfig): Context {
  const { regions, weights, release } = config;
  const changed = { regions, release, ...(weights === undefined ? {} : { weights }) };
  const settings = Object.entries(changed).flatMap(([key, value]) => ['--set', `${key}=${JSON.stringify(value)}`]);
  return {
    ...context,
    config: () => config,
    // The last setting of a key counts: what the context adds itself comes first.
    synthesize: (args, outDirectory) => context.synthesize([...settings, ...args], outDirectory),
  };
}

/**
 * The first `count` regions of the config. Where it has fewer, the nearest to its first region are added that need no opt-in,
 * each with the weight of the first one. Throws InputError for a count out of range.
 */
export function withRegions(config: DrConfig, count: number): DrConfig {
  checkCount('regions', count, MOST, LEAST);
  return withOnly(config, [...config.regions, ...nearestTo(config.regions)].slice(0, count));
}

/** The config with the nearest region to the lost one in its place, at the end; one that needs no opt-in. */
export function withReplaced(config: DrConfig, lost: string): DrConfig {
  const isLost = ({ name }: RegionConfig): boolean => name === lost;
  const left = config.regions.filter((region) => !isLost(region));
  return withOnly(config, [...left, ...nearestTo([...config.regions.filter(isLost), ...left]).slice(0, 1)]);
}

function withOnly(config: DrConfig, regions: readonly RegionConfig[]): DrConfig {
  const first = regions[0]?.name ?? '';
  const { weights } = config;
  const ofRegions = <T>(map: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(regions.flatMap(({ name }) => (Object.hasOwn(map, name) ? [[name, map[name] as T]] : [])));
  return parseConfig({
    ...config,
    regions,
    release: ofRegions(config.release),
    ...(weights === undefined
      ? {}
      : { weights: Object.fromEntries(regions.map(({ name }) => [name, weights[name] ?? weights[first]])) }),
  });
}

function nearestTo(regions: readonly RegionConfig[]): RegionConfig[] {
  const from = regions[0]?.awsRegion ?? '';
  return AWS_REGIONS.filter(({ id, optIn }) => !optIn && !regions.some(({ awsRegion }) => awsRegion === id))
    .map((region): RegionConfig => ({ name: shortNameOf(region), awsRegion: region.id }))
    .filter(({ name }) => !regions.some((region) => region.name === name))
    .sort((a, b) => oneWayMs(from, a.awsRegion) - oneWayMs(from, b.awsRegion));
}
