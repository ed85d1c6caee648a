// How figures are written: each field of a run with its heading and its unit.

interface Field {
  readonly heading: string;
  readonly digits: number;
}

/** In the order of the tables. Every field of a run is one of these. */
const FIELDS: Readonly<Record<string, Field>> = {
  cpuMs: { heading: 'CPU, ms', digits: 0 },
  loadCpuMs: { heading: 'CPU to load, ms', digits: 1 },
  wallMs: { heading: 'wall, ms', digits: 0 },
  cpuUsPerCall: { heading: 'CPU of an invocation, us', digits: 1 },
  cpuMsPerThousand: { heading: 'CPU for 1,000 invocations, ms', digits: 0 },
  resources: { heading: 'resources', digits: 0 },
  invocations: { heading: 'invocations', digits: 0 },
  idlePercent: { heading: 'idle, %', digits: 1 },
  itemsPerCpuSecond: { heading: 'items in a second of CPU', digits: 0 },
  bundleKb: { heading: 'bundle, KB', digits: 0 },
  peakMb: { heading: 'memory at most, MB', digits: 0 },
};

export const FIELD_NAMES = Object.keys(FIELDS);
export const headingOf = (field: string): string => FIELDS[field]?.heading ?? field;

export const grouped = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Small figures keep a digit more. */
export const shown = (field: string, value: number): string => {
  const digits = FIELDS[field]?.digits ?? 2;
  return grouped(value, digits === 0 && value < 10 ? 1 : digits);
};

/** `0.58 x`, `1.2 %`, `209 KB`. */
export function withUnit(value: number, unit = 'x'): string {
  if (!Number.isFinite(value)) return '-';
  return `${grouped(value, unit === 'KB' || unit === 'MB' ? 0 : unit === '%' ? 1 : 2)} ${unit}`;
}
