// How long a packet takes between AWS regions: a distance model [A]. The twin lives by it, deadlines are set from it.
import { InputError } from './input-error';
import { placeOf, type AwsRegion } from './regions';

/** [A] Light in fibre takes 1 ms for 200 km; real paths are about 1.4 times as long; 1 ms for the last mile. */
const KM_PER_MS = 200;
const PATH_STRETCH = 1.4;
const LAST_MILE_MS = 1;
const EARTH_RADIUS_KM = 6371;

/** From -> to -> milliseconds: a twin asks for each packet, and there are few pairs. */
const known = new Map<string, Map<string, number>>();

/** One-way milliseconds between two AWS regions (or between someone near them). Throws InputError for an unknown id. */
export function oneWayMs(from: string, to: string): number {
  if (from === to) return LAST_MILE_MS;
  const found = known.get(from)?.get(to);
  if (found !== undefined) return found;
  const ms = LAST_MILE_MS + (distanceKm(locate(from), locate(to)) * PATH_STRETCH) / KM_PER_MS;
  known.set(from, (known.get(from) ?? new Map<string, number>()).set(to, ms));
  return ms;
}

export const roundTripMs = (a: string, b: string): number => 2 * oneWayMs(a, b);

function locate(id: string): AwsRegion {
  const found = placeOf(id);
  if (!found) throw new InputError(`region "${id}"`, 'is not an AWS region', 'Use an id such as ap-south-1');
  return found;
}

/** Great-circle distance (haversine). */
function distanceKm(a: AwsRegion, b: AwsRegion): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const h =
    Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(radians(a.latitude)) *
      Math.cos(radians(b.latitude)) *
      Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(h));
}
