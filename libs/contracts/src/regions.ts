// The AWS regions this system knows, and where they are: names are validated against it, distances are modelled from it.

export interface AwsRegion {
  readonly id: string;
  readonly city: string;
  /** ISO 3166-1, e.g. `DE`. */
  readonly country: string;
  /** As Route 53 names it: AF, AN, AS, EU, NA, OC or SA (API reference, GeoLocation). */
  readonly continent: string;
  /** Degrees, for the twin's distance model. */
  readonly latitude: number;
  readonly longitude: number;
  /** An account must enable it first; it came after 20 March 2019, and services treat it apart since. */
  readonly optIn: boolean;
}

/** `within`: continent and country, e.g. `EU/DE`. */
function region(
  id: string,
  city: string,
  within: string,
  latitude: number,
  longitude: number,
  optIn = false,
): AwsRegion {
  const [continent, country] = within.split('/') as [string, string];
  return { id, city, country, continent, latitude, longitude, optIn };
}
const optIn = (...place: [string, string, string, number, number]): AwsRegion => region(...place, true);

/**
 * Regions of the commercial partition (AWS General Reference; Route 53's API names the same ones, ResourceRecordSetRegion). For opt-in:
 * Account Management guide, whatever came after 20 March 2019. Osaka needs none: it was a local region.
 */
export const AWS_REGIONS: readonly AwsRegion[] = [
  region('us-east-1', 'N. Virginia', 'NA/US', 38.9, -77.4),
  region('us-east-2', 'Ohio', 'NA/US', 40.0, -83.0),
  region('us-west-1', 'N. California', 'NA/US', 37.4, -121.9),
  region('us-west-2', 'Oregon', 'NA/US', 45.8, -119.7),
  optIn('af-south-1', 'Cape Town', 'AF/ZA', -33.9, 18.4),
  optIn('ap-east-1', 'Hong Kong', 'AS/HK', 22.3, 114.2),
  optIn('ap-east-2', 'Taipei', 'AS/TW', 25.0, 121.6),
  region('ap-south-1', 'Mumbai', 'AS/IN', 19.1, 72.9),
  optIn('ap-south-2', 'Hyderabad', 'AS/IN', 17.4, 78.5),
  region('ap-southeast-1', 'Singapore', 'AS/SG', 1.3, 103.8),
  region('ap-southeast-2', 'Sydney', 'OC/AU', -33.9, 151.2),
  optIn('ap-southeast-3', 'Jakarta', 'AS/ID', -6.2, 106.8),
  optIn('ap-southeast-4', 'Melbourne', 'OC/AU', -37.8, 145.0),
  optIn('ap-southeast-5', 'Kuala Lumpur', 'AS/MY', 3.1, 101.7),
  optIn('ap-southeast-6', 'Auckland', 'OC/NZ', -36.8, 174.8),
  optIn('ap-southeast-7', 'Bangkok', 'AS/TH', 13.8, 100.5),
  region('ap-northeast-1', 'Tokyo', 'AS/JP', 35.7, 139.7),
  region('ap-northeast-2', 'Seoul', 'AS/KR', 37.6, 127.0),
  region('ap-northeast-3', 'Osaka', 'AS/JP', 34.7, 135.5),
  region('ca-central-1', 'Montreal', 'NA/CA', 45.5, -73.6),
  optIn('ca-west-1', 'Calgary', 'NA/CA', 51.0, -114.1),
  region('eu-central-1', 'Frankfurt', 'EU/DE', 50.1, 8.7),
  optIn('eu-central-2', 'Zurich', 'EU/CH', 47.4, 8.5),
  region('eu-west-1', 'Dublin', 'EU/IE', 53.3, -6.3),
  region('eu-west-2', 'London', 'EU/GB', 51.5, -0.1),
  region('eu-west-3', 'Paris', 'EU/FR', 48.9, 2.4),
  region('eu-north-1', 'Stockholm', 'EU/SE', 59.3, 18.1),
  optIn('eu-south-1', 'Milan', 'EU/IT', 45.5, 9.2),
  optIn('eu-south-2', 'Spain', 'EU/ES', 41.6, -0.9),
  optIn('il-central-1', 'Tel Aviv', 'AS/IL', 32.1, 34.8),
  optIn('me-central-1', 'UAE', 'AS/AE', 25.3, 55.3),
  optIn('me-south-1', 'Bahrain', 'AS/BH', 26.1, 50.6),
  optIn('mx-central-1', 'Queretaro', 'NA/MX', 20.6, -100.4),
  region('sa-east-1', 'Sao Paulo', 'SA/BR', -23.6, -46.6),
];

/** Regions of the other partitions: each has its own accounts and its own Route 53. Places of GovCloud and of the Sovereign Cloud: [A]. */
const OTHER_PARTITIONS: readonly AwsRegion[] = [
  region('us-gov-east-1', 'GovCloud East', 'NA/US', 40.0, -83.0),
  region('us-gov-west-1', 'GovCloud West', 'NA/US', 45.8, -119.7),
  region('cn-north-1', 'Beijing', 'AS/CN', 39.9, 116.4),
  region('cn-northwest-1', 'Ningxia', 'AS/CN', 37.5, 105.2),
  region('eusc-de-east-1', 'Brandenburg', 'EU/DE', 52.4, 12.5),
];

export const GLOBAL_REGION = 'us-east-1';

/** The city as a short name: `hongkong`. */
export const shortNameOf = ({ city }: AwsRegion): string => city.toLowerCase().replace(/[^a-z]/g, '');

/** Of the commercial partition: one that a stack of ours can be in. */
export const findAwsRegion = (id: string): AwsRegion | undefined => AWS_REGIONS.find((r) => r.id === id);

/** Of any partition. */
export const ALL_REGIONS: readonly AwsRegion[] = [...AWS_REGIONS, ...OTHER_PARTITIONS];

export const placeOf = (id: string): AwsRegion | undefined => ALL_REGIONS.find((r) => r.id === id);
