// Populations of clients: who they are, how many of each a drill runs, and how an option names them. Drills, logs and reports go by this table.
import { InputError } from './input-error';

interface PopulationTraits {
  /** For people: which clients they are. */
  readonly who: string;
  /** [A] How many of them run by default, as a share of the clients that the promise is about. */
  readonly share: number;
  /** What the seconds after the share mean; absent: the population takes none. */
  readonly seconds?: { readonly meaning: string; readonly least: number; readonly most: number };
}

/** Clients outside the promise. */
export const POPULATIONS = {
  keeps: {
    who: 'keep their connections (keep-alive, HTTP/2), and ask DNS when one has ended',
    share: 0.05,
    seconds: {
      meaning: 'a client gives a connection up at that age (default: the load balancer ends it)',
      least: 1,
      most: 604_800,
    },
  },
  stretches: {
    who: 'are behind resolvers that stretch a TTL',
    share: 0.09,
    seconds: {
      meaning: 'the least TTL of their resolvers (default: 60 for one half, 300 for the other)',
      least: 1,
      most: 86_400,
    },
  },
  far: { who: "are sent to a farther region by their resolver's location", share: 0.03 },
} as const satisfies Readonly<Record<string, PopulationTraits>>;

export type PopulationName = keyof typeof POPULATIONS;
const POPULATION_NAMES = Object.keys(POPULATIONS) as readonly PopulationName[];
/** [A] The least TTL of a resolver that stretches: one value for every other client. 8.74 % of 8,524 open resolvers stretch (PAM 2023). */
export const STRETCHED_SECONDS = [60, 300] as const;
/** The clients that the promise is about. */
export const PROMISED_CLIENTS = 'clients that honour the TTL and open a new connection';
/** One of them. */
export const PROMISED_CLIENT = 'client that honours the TTL and opens a new connection';
/** The one whose time is held against the promise. Never `worst client` alone: clients of other populations may be worse off. */
export const WORST_CLIENT = `worst ${PROMISED_CLIENT}`;

export interface Population {
  readonly name: PopulationName;
  /** How many run, as a share of the clients that the promise is about: above 0, up to 1. */
  readonly share: number;
  /** As the table says. */
  readonly seconds?: number;
}

export const traitsOfPopulation = (name: PopulationName): PopulationTraits => POPULATIONS[name];

export const DEFAULT_POPULATIONS: readonly Population[] = POPULATION_NAMES.map((name) => ({
  name,
  share: POPULATIONS[name].share,
}));

/** The option's value for no populations. */
const NONE = 'none';
const OPTION = '--populations';
const FIX = `Give shares such as keeps=0.2,stretches=0.09:300,far=0.05, or ${NONE}`;

/**
 * `keeps=0.2:900,stretches=0.09,far=0.05`, or `none`: those that are named, and no others. `where`: what errors call the text. Throws
 * InputError.
 */
export function parsePopulations(text: string, where = OPTION): readonly Population[] {
  if (text.trim() === NONE) return [];
  const what = `${where} "${text}"`;
  const found = text.split(',').map((part) => parsePopulation(part.trim(), what));
  const twice = found.find(({ name }, at) => found.findIndex((other) => other.name === name) !== at);
  if (twice) throw new InputError(what, `names ${twice.name} twice`, 'Name each population once');
  return found.filter(({ share }) => share > 0);
}

/** As `parsePopulations` reads it. */
export const populationsText = (populations: readonly Population[]): string =>
  populations.length === 0
    ? NONE
    : populations
        .map(({ name, share, seconds }) => `${name}=${share}${seconds === undefined ? '' : `:${seconds}`}`)
        .join(',');

function parsePopulation(part: string, what: string): Population {
  const refuse = (why: string, fix = FIX): never => {
    throw new InputError(what, why, fix);
  };
  const [, given = '', amount = '', more] = /^([^=]*)=([^:]*)(?::(.*))?$/.exec(part) ?? [];
  if (given === '') return refuse(`"${part}" is no NAME=SHARE`);
  const name = POPULATION_NAMES.find((one) => one === given.trim());
  if (name === undefined) {
    const isPromised = given.trim() === 'honours';
    return refuse(
      isPromised ? 'those that honour the TTL are the other clients' : `nothing is known of clients called "${given}"`,
      isPromised ? 'Say with --clients how many they are' : `Use ${POPULATION_NAMES.join(', ')}`,
    );
  }
  const share = numberIn(amount);
  if (share === undefined || share < 0 || share > 1)
    return refuse(`the share "${amount}" of ${name} is none`, 'Give a number from 0 to 1');
  if (more === undefined) return { name, share };
  const { seconds: range } = traitsOfPopulation(name);
  if (!range) return refuse(`${name} takes no seconds`, `Leave ":${more}" out`);
  const seconds = numberIn(more);
  if (seconds === undefined || seconds < range.least || seconds > range.most)
    return refuse(
      `"${more}" after the share of ${name} is out of range`,
      `Give seconds from ${range.least} to ${range.most}: ${range.meaning}`,
    );
  return { name, share, seconds };
}

const numberIn = (text: string): number | undefined =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
