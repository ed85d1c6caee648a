// The one file you edit: what this system is called, where it runs, and what it must achieve.
import type { DrConfigInput } from '@dr/contracts/system/config';

const config: DrConfigInput = {
  system: 'dr',
  zone: 'example.com',
  domain: 'app.example.com',
  regions: [
    { name: 'mumbai', awsRegion: 'ap-south-1' },
    { name: 'singapore', awsRegion: 'ap-southeast-1' },
  ],
  objectives: {
    rtoSeconds: 60,
    rpoSeconds: 5,
    requestsPerSecond: 100,
    monthlyBudgetUsd: 100,
  },
  routing: 'latency',
  alerts: { emails: ['platform-team@example.com'] },
};

export default config;
