// Where everything of a console is: for its page, for --json, and as lines to paste into a shell.
import { FAULTS, FAULT_KINDS, traitsOf } from '@dr/contracts';
import { linesOfRegion } from '@dr/player';
import { SPEEDS } from './session';

export interface Endpoints {
  readonly page: string;
  /** Of this run alone; null: the API asks for none. */
  readonly apiKey: string | null;
  readonly dns: {
    readonly address: string;
    /** Of the first vantage. */
    readonly port: number;
    readonly name: string;
    readonly vantages: readonly { readonly region: string; readonly port: number }[];
  };
  readonly regions: readonly RegionEndpoints[];
}

interface RegionEndpoints {
  readonly name: string;
  readonly awsRegion: string;
  readonly loadBalancer: string;
  /** The address that DNS answers for it. */
  readonly answersAs: string;
  readonly dynamodb: string;
  readonly table: string | null;
}

/** What the page offers to do. */
export const choicesFor = (functions: readonly string[]) => ({
  faults: FAULT_KINDS.map((kind) => ({ kind, title: FAULTS[kind].meaning, needs: needsOf(traitsOf(kind).strikes) })),
  functions,
  orders: ['evacuate', 'readmit'],
  minSpeed: SPEEDS.least,
  maxSpeed: SPEEDS.most,
});

const NEEDS = {
  region: ['region'],
  'region-or-us-east-1': ['region'],
  function: ['region', 'functionName'],
  link: ['from', 'to'],
  'us-east-1': [],
} as const;
const needsOf = (strikes: keyof typeof NEEDS): readonly string[] => NEEDS[strikes];

/** For a terminal. */
export function addressText(endpoints: Endpoints, speed: number): string {
  const { page, dns, regions } = endpoints;
  const lines = regions.flatMap((region) => [
    '',
    `${region.name}, ${region.awsRegion}: DNS answers ${region.answersAs}`,
    ...linesOfRegion(endpoints, region).map(({ line }) => `  ${line}`),
  ]);
  return [
    `${dns.name} lives on this machine, at ${speed} x.`,
    '',
    `  ${page}/`,
    ...lines,
    '',
    'Break something on the page. Ctrl-C ends it all.',
    '',
  ].join('\n');
}
