// The config schema: every error names the key, the value and what is allowed.
import { parseConfig, type DrConfigInput } from './config';
import { InputError } from './input-error';

const config = (overrides: object = {}): DrConfigInput =>
  ({
    system: 'dr',
    zone: 'example.com',
    domain: 'app.example.com',
    regions: [
      { name: 'mumbai', awsRegion: 'ap-south-1' },
      { name: 'singapore', awsRegion: 'ap-southeast-1' },
    ],
    objectives: { rtoSeconds: 60 },
    ...overrides,
  }) as DrConfigInput;

const mumbai = { name: 'mumbai', awsRegion: 'ap-south-1' };

it('fills in what is left out', () => {
  expect(parseConfig(config())).toMatchObject({
    objectives: { rtoSeconds: 60, rpoSeconds: 5, requestsPerSecond: 100 },
    routing: 'latency',
    options: { protect: true, createZone: false, auth: 'key', logRetentionDays: 7 },
    failback: { waitForValidation: false },
    state: { backend: 'local' },
  });
});

it.each([
  ['an unknown key', { colour: 'red' }, /unknown key "colour".*Allowed here: system, zone, domain/],
  [
    'an unknown key below',
    { objectives: { rtoSeconds: 60, rto: 1 } },
    /unknown key "rto" in objectives.*rtoSeconds, rpoSeconds/,
  ],
  [
    'an unknown key in a region',
    { regions: [mumbai, { ...mumbai, zone: 'a' }] },
    /unknown key "zone" in regions\.1.*name, awsRegion/,
  ],
  ['an unknown option', { options: { protected: true } }, /unknown key "protected" in options.*protect/],
  ['one region', { regions: [mumbai] }, /regions.*two regions or more/],
  [
    'a region name twice',
    { regions: [mumbai, { ...mumbai, awsRegion: 'eu-west-1' }] },
    /name "mumbai": is listed twice/,
  ],
  [
    'an AWS region twice',
    { regions: [mumbai, { name: 'other', awsRegion: 'ap-south-1' }] },
    /awsRegion "ap-south-1": is listed twice/,
  ],
  [
    'a region AWS does not have',
    { regions: [mumbai, { name: 'pune', awsRegion: 'ap-south-9' }] },
    /regions\.1\.awsRegion = "ap-south-9".*ap-southeast-1/,
  ],
  [
    'a domain outside its zone',
    { domain: 'app.example.org' },
    /"app\.example\.org": is not in the zone "example\.com"/,
  ],
  [
    'an e-mail that is not one',
    { alerts: { emails: ['nobody'] } },
    /alerts\.emails\.0 = "nobody": must be an e-mail address/,
  ],
  ['a negative objective', { objectives: { rtoSeconds: -1 } }, /objectives\.rtoSeconds = -1/],
  ['an unknown routing', { routing: 'geo' }, /routing = "geo".*latency/],
  [
    'a release of an unknown region',
    { release: { tokyo: 'dist' } },
    /release\.tokyo: names no region.*mumbai, singapore/,
  ],
])('fails on %s', (_name, overrides, message) => {
  expect(() => parseConfig(config(overrides))).toThrow(InputError);
  expect(() => parseConfig(config(overrides))).toThrow(message);
});
