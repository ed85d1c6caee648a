// A public incident as a schedule: which region stands for the one that was struck, and what of the incident is enacted when.
import { FAULT_KINDS, GLOBAL_REGION, InputError, type Fault, type Population } from '@dr/contracts';
import type { IncidentPhase, IncidentRecord } from '@dr/event-log';
import { WARM_UP_SECONDS } from '../schedule/scenario';
import { describeSchedule } from '../judge/judge-schedule';
import {
  checkSchedule,
  endSeconds,
  namesRegion,
  type OrderAction,
  type Places,
  type Schedule,
} from '../schedule/schedule';

/** Times and durations of a phase are those of its source. */
export interface Incident extends Pick<IncidentRecord, 'name' | 'title' | 'date' | 'happenedIn' | 'look' | 'sources'> {
  readonly phases: readonly Phase[];
  /** Clients beside the ordinary ones, without whom it would show nothing. */
  readonly populations?: readonly Population[];
}

export type Phase = Pick<IncidentPhase, 'when' | 'what' | 'by' | 'lastedSeconds' | 'unconfirmed'> &
  ({ readonly enacted: Enacted } | { readonly notEnacted: string });

export interface Enacted {
  /** Length of the phase on the twin: hours are shortened to what the machinery needs to come to rest. */
  readonly seconds: number;
  readonly faults?: readonly FaultAt[];
  readonly orders?: readonly OrderAt[];
  /** What of it is an assumption. */
  readonly assumed?: string;
}

/** A fault from the start of its phase on. */
export interface FaultAt extends Omit<Fault, 'region' | 'startSeconds' | 'durationSeconds' | 'from' | 'to'> {
  /** `struck`: the region that stands for the incident's. `next`: another one. `others`: all others. Without meaning for us-east-1. @default struck */
  readonly at?: 'struck' | 'next' | 'others';
  /** @default 0: seconds after the start of the phase */
  readonly afterSeconds?: number;
  /** @default to the end of the phase */
  readonly lastsSeconds?: number;
}

/** An order about the struck region, through another one. */
export interface OrderAt extends Pick<OrderAction, 'order'> {
  /** After the start of the phase. */
  readonly afterSeconds: number;
}

export interface MappedIncident {
  readonly record: IncidentRecord;
  readonly schedule: Schedule;
}

const GOES_ON = 'what began before goes on';
const ALL_WELL = 'nothing is broken any more';
const NO_ORDERS = 'this system takes no orders';

/** With `struck` in the place of the incident's region. Throws InputError on what cannot happen to the system. */
export function mapIncident(incident: Incident, struck: string, places: Places): MappedIncident {
  const { phases, populations, ...told } = incident;
  refuseWhatCannotHappen(incident, places);
  const mapped: { readonly phase: IncidentPhase; readonly part: Schedule }[] = [];
  let atSeconds = WARM_UP_SECONDS;
  for (const phase of phases) {
    const goesOn = mapped.some(({ part }) => part.faults.some((fault) => endSeconds(fault) > atSeconds));
    const one = mapPhase(phase, { atSeconds, struck, goesOn, places });
    mapped.push(one);
    atSeconds = one.phase.toSeconds ?? atSeconds;
  }
  const schedule: Schedule = {
    faults: mapped.flatMap(({ part }) => part.faults),
    orders: mapped.flatMap(({ part }) => part.orders),
    ...(populations ? { populations } : {}),
  };
  checkSchedule(schedule, places, `--incident ${incident.name}`);
  return { record: { ...told, region: struck, phases: mapped.map(({ phase }) => phase) }, schedule };
}

function refuseWhatCannotHappen({ name, phases }: Incident, { kinds = FAULT_KINDS }: Places): void {
  const faults = phases.flatMap((phase) => ('enacted' in phase ? (phase.enacted.faults ?? []) : []));
  const missing = faults.find(({ kind }) => !kinds.includes(kind));
  if (!missing) return;
  const why = `enacts ${missing.kind}, which cannot happen to this system`;
  throw new InputError(`--incident ${name}`, why, 'Name another incident; --incident list shows what each enacts');
}

const NOTHING: Schedule = { faults: [], orders: [] };

interface At {
  readonly atSeconds: number;
  readonly struck: string;
  readonly places: Places;
  /** Something that began in an earlier phase. */
  readonly goesOn: boolean;
}

function mapPhase(phase: Phase, at: At): { readonly phase: IncidentPhase; readonly part: Schedule } {
  if ('notEnacted' in phase) return { phase, part: NOTHING };
  const { atSeconds, struck, places, goesOn } = at;
  const { enacted, ...told } = phase;
  const { seconds, faults = [], orders = [], assumed } = enacted;
  if (faults.length === 0 && orders.length > 0 && places.takesOrders === false)
    return { phase: { ...told, notEnacted: NO_ORDERS }, part: NOTHING };
  const part: Schedule = {
    faults: faults.flatMap((one) => faultsOf(one, seconds, at)),
    orders: orders.map(({ order, afterSeconds }) => ({
      ...{ order, region: struck, atSeconds: atSeconds + afterSeconds },
      via: otherThan(struck, places)[0] ?? struck,
    })),
  };
  const isEmpty = faults.length + orders.length === 0;
  const mapped = {
    ...told,
    ...{ fromSeconds: atSeconds, toSeconds: atSeconds + seconds },
    enacted: isEmpty ? (goesOn ? GOES_ON : ALL_WELL) : describeSchedule(part),
    ...(assumed === undefined ? {} : { assumed }),
  };
  return { phase: mapped, part };
}

const otherThan = (struck: string, { regions }: Places): string[] => regions.filter((region) => region !== struck);

function faultsOf(
  { at = 'struck', afterSeconds = 0, lastsSeconds, ...fault }: FaultAt,
  phaseSeconds: number,
  { atSeconds, struck, places }: At,
): Fault[] {
  const times = {
    startSeconds: atSeconds + afterSeconds,
    durationSeconds: lastsSeconds ?? phaseSeconds - afterSeconds,
  };
  if (!namesRegion(fault.kind)) return [{ ...fault, ...times, region: GLOBAL_REGION }];
  const others = otherThan(struck, places);
  const where = { struck: [struck], next: others.slice(0, 1), others }[at];
  return where.map((region) => ({ ...fault, ...times, region }));
}
