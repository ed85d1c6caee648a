// A config of two regions in which nothing is out of the ordinary. For tests.
import { parseConfig, type DrConfig, type DrConfigInput } from '@dr/contracts/system/config';

export const REGIONS = [
  { name: 'mumbai', awsRegion: 'ap-south-1' },
  { name: 'singapore', awsRegion: 'ap-southeast-1' },
] as const;

export const configWith = (overrides: Partial<DrConfigInput> = {}): DrConfig =>
  parseConfig({
    system: 'dr',
    zone: 'example.com',
    domain: 'app.example.com',
    regions: REGIONS,
    objectives: { rtoSeconds: 60 },
    ...overrides,
  });
