// Who asks: one for each way in which the stack's records and accelerators tell people apart.
import { AWS_REGIONS, oneWayMs } from '@dr/contracts';
import { askerNear, endpointGroupsOf, readEndpoints, type Asker } from '@dr/stack';
import type { Stack } from '../rules/rule';

/** Somebody near each AWS region and somebody in each place that a record names; of those who are treated alike, the first. */
export function askersOf(stack: Stack): readonly Asker[] {
  const regions = [...new Set(chosenRegions(stack))];
  const places = stack.names.records.flatMap(({ policy }) => (policy.kind === 'geolocation' ? [policy] : []));
  const near = AWS_REGIONS.map(({ id }) => askerNear(id));
  const placed = places.map(({ country, continent }): Asker => {
    const at = near.find((one) => one.country === country || one.continent === continent) ?? near[0];
    const where = { ...(country === undefined ? {} : { country }), ...(continent === undefined ? {} : { continent }) };
    return { awsRegion: at?.awsRegion ?? '', ...where };
  });
  const kindOf = ({ awsRegion, country, continent }: Asker): string => {
    const byDistance = [...regions].sort((a, b) => oneWayMs(awsRegion, a) - oneWayMs(awsRegion, b));
    const within = places.map((place) => [place.country === country, place.continent === continent]);
    return JSON.stringify([byDistance, within]);
  };
  return [...new Map([...placed, ...near].reverse().map((asker) => [kindOf(asker), asker])).values()];
}

/** Regions that somebody is sent to for being near. */
function chosenRegions({ graph, names }: Stack): string[] {
  const ofRecords = names.records.flatMap(({ policy }) => (policy.kind === 'latency' ? [policy.awsRegion] : []));
  const ofGroups = readEndpoints(graph)
    .filter(({ kind }) => kind === 'accelerator')
    .flatMap(({ resource }) => endpointGroupsOf(graph, resource).flatMap(({ awsRegion }) => awsRegion ?? []));
  return [...ofRecords, ...ofGroups];
}
