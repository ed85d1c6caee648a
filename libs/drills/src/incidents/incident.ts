// A public incident as a schedule: which region stands for the one that was struck, and what of the incident is enacted when.
import { FAULT_KINDS, GLOBAL_REGION, InputError, type Fault } from '@dr/contracts';
import type { IncidentPhase, IncidentRecord } from '@dr/event-log';
import { WARM_UP_SECONDS } from '../schedule/scenario';
import { describeSchedule } from '../judge/judge-schedule';
import { checkSchedule, namesRegion, type OrderAction, type Places, type Schedule } from '../schedule/schedule';

/** Times and durations of a phase are those of its source. */
export interface Incident extends Pick<IncidentRecord, 'name' | 'title' | 'date' | 'happenedIn' | 'look' | 'sources'> {
  readonly phases: readonly Phase[];
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
  /** `struck`: the region that stands for the incident's. `others`: all but that. Without meaning for us-east-1. @default struck */
  readonly at?: 'struck' | 'others';
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
const NO_ORDERS = 'this system takes no orders';

/** With `struck` in the place of the incident's region. Throws InputError on what cannot happen to the system. */
export function mapIncident(incident: Incident, struck: string, places: Places): MappedIncident {
  const { phases, ...told } = incident;
  refuseWhatCannotHappen(incident, places);
  const mapped: { readonly phase: IncidentPhase; readonly part: Schedule }[] = [];
  let atSeconds = WARM_UP_SECONDS;
  for (const phase of phases) {
    const one = mapPhase(phase, atSeconds, struck, places);
    mapped.push(one);
    atSeconds = one.phase.toSeconds ?? atSeconds;
  }
  const schedule: Schedule = {
    faults: mapped.flatMap(({ part }) => part.faults),
    orders: mapped.flatMap(({ part }) => part.orders),
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

function mapPhase(
  phase: Phase,
  fromSeconds: number,
  struck: string,
  places: Places,
): { readonly phase: IncidentPhase; readonly part: Schedule } {
  if ('notEnacted' in phase) return { phase, part: NOTHING };
  const { enacted, ...told } = phase;
  const { seconds, faults = [], orders = [], assumed } = enacted;
  if (faults.length === 0 && orders.length > 0 && places.takesOrders === false)
    return { phase: { ...told, notEnacted: NO_ORDERS }, part: NOTHING };
  const part: Schedule = {
    faults: faults.flatMap((one) => faultsOf(one, fromSeconds, seconds, struck, places)),
    orders: orders.map(({ order, afterSeconds }) => ({
      ...{ order, region: struck, atSeconds: fromSeconds + afterSeconds },
      via: places.regions.find((region) => region !== struck) ?? struck,
    })),
  };
  const times = { fromSeconds, toSeconds: fromSeconds + seconds };
  const isEmpty = faults.length + orders.length === 0;
  const text = isEmpty ? GOES_ON : describeSchedule(part);
  const mapped = { ...told, ...times, enacted: text, ...(assumed === undefined ? {} : { assumed }) };
  return { phase: mapped, part };
}

function faultsOf(
  { at = 'struck', afterSeconds = 0, lastsSeconds, ...fault }: FaultAt,
  fromSeconds: number,
  phaseSeconds: number,
  struck: string,
  { regions }: Places,
): Fault[] {
  const times = {
    startSeconds: fromSeconds + afterSeconds,
    durationSeconds: lastsSeconds ?? phaseSeconds - afterSeconds,
  };
  const where = at === 'struck' || !namesRegion(fault.kind) ? [struck] : regions.filter((region) => region !== struck);
  return where.map((region) => ({ ...fault, ...times, region: namesRegion(fault.kind) ? region : GLOBAL_REGION }));
}
