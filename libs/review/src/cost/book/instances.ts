// What an hour of an instance costs on demand, with Linux: one size of each family as read, the others in proportion to it.
// Read 2026-11 from the `instances` of SOURCES, which has no sa-east-1.
import { REGIONS, type Row } from './regional';

interface Family {
  /** The size that the row is of. */
  readonly size: string;
  readonly usd: Row;
}

/** Null where the family is not offered, or where nobody has read its price. */
const FAMILIES: Readonly<Record<string, Family>> = {
  t2: {
    size: 'large',
    usd: [
      0.0928,
      0.0928,
      0.1104,
      0.0928,
      0.1024,
      null,
      0.1008,
      0.1056,
      0.1056,
      0.1072,
      null,
      null,
      0.0992,
      0.1168,
      0.1168,
      0.1216,
      0.1152,
      0.1216,
      null,
      null,
      null,
    ],
  },
  t3: {
    size: 'medium',
    usd: [
      0.0416,
      0.0416,
      0.0496,
      0.0416,
      0.0464,
      null,
      0.0456,
      0.0472,
      0.0472,
      0.048,
      0.0432,
      0.0479,
      0.0448,
      0.0528,
      0.0528,
      0.0544,
      0.052,
      0.0544,
      0.0584,
      0.0542,
      0.0502,
    ],
  },
  t4g: {
    size: 'medium',
    usd: [
      0.0336,
      0.0336,
      0.04,
      0.0336,
      0.0368,
      null,
      0.0368,
      0.0376,
      0.0376,
      0.0384,
      0.0344,
      0.0384,
      0.0224,
      0.0424,
      0.0424,
      0.0432,
      0.0416,
      0.0435,
      0.0464,
      0.0434,
      0.0402,
    ],
  },
  c7i: {
    size: 'xlarge',
    usd: [
      0.1785,
      0.1785,
      0.2226,
      0.1785,
      0.1953,
      null,
      0.19152,
      0.2121,
      0.2121,
      0.2037,
      0.1911,
      null,
      0.1785,
      0.2058,
      0.2331,
      0.2247,
      0.2016,
      0.2247,
      0.2268,
      null,
      null,
    ],
  },
  c7g: {
    size: '8xlarge',
    usd: [
      1.16,
      1.1562,
      1.4416,
      1.16,
      1.265,
      null,
      1.2403,
      1.3738,
      1.3738,
      1.3192,
      1.2378,
      1.3704,
      0.7853,
      1.3328,
      1.5098,
      1.4554,
      1.3056,
      1.4552,
      1.456,
      1.5504,
      1.4362,
    ],
  },
  r6i: {
    size: '2xlarge',
    usd: [
      0.504,
      0.504,
      0.56,
      0.504,
      0.552,
      null,
      0.564,
      0.592,
      0.592,
      0.608,
      0.536,
      0.592,
      0.52,
      0.608,
      0.604,
      0.608,
      0.608,
      0.608,
      0.668,
      0.672,
      0.6204,
    ],
  },
  r7g: {
    size: 'xlarge',
    usd: [
      0.2142,
      0.2142,
      0.238,
      0.2142,
      0.2346,
      null,
      0.2397,
      0.2516,
      0.2516,
      0.2584,
      0.2278,
      0.251,
      0.1502,
      0.2584,
      0.2567,
      0.2584,
      0.2584,
      0.2584,
      0.284,
      0.2856,
      0.2637,
    ],
  },
};

/** AWS's normalization factors (docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html); that prices follow them is assumed, and holds where several sizes were read. */
const FACTORS: Readonly<Record<string, number>> = { nano: 0.25, micro: 0.5, small: 1, medium: 2, large: 4, xlarge: 8 };

const factorOf = (size: string): number | undefined => {
  const many = /^(\d+)xlarge$/.exec(size)?.[1];
  return many === undefined ? FACTORS[size] : Number(many) * 8;
};

/** USD an hour; null when the price is not known. */
export function instanceHourUsd(instanceType: string, awsRegion: string): number | null {
  const [family = '', size = ''] = instanceType.split('.');
  const known = FAMILIES[family];
  const usd = known?.usd[(REGIONS as readonly string[]).indexOf(awsRegion)] ?? null;
  const [factor, readFactor] = [factorOf(size), factorOf(known?.size ?? '')];
  return usd === null || factor === undefined || readFactor === undefined ? null : (usd * factor) / readFactor;
}
