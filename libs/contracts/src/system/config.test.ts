// The config schema: every error names the key, the value and what is allowed.
import { parseConfig, type DrConfigInput } from './config';
import { InputError } from '../input-error';

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
    frontDoor: 'dns',
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

const state = (overrides: object) => ({
  state: { backend: 's3', bucket: 'dr-state', region: 'us-east-1', ...overrides },
});
const objectives = (overrides: object) => ({ objectives: { rtoSeconds: 60, ...overrides } });
const warm = (overrides: object) => ({
  options: { warmThroughput: { readUnitsPerSecond: 24_000, writeUnitsPerSecond: 16_000, ...overrides } },
});
const weighted = (weights: object) => ({ routing: 'weighted', weights });
const accelerated = (overrides: object) => ({ frontDoor: 'global-accelerator', ...overrides });
const named = (name: string) => ({ regions: [mumbai, { name, awsRegion: 'eu-west-1' }] });

// What a config may say that no key can be taken at its word for: every key, wrong in each way that its type allows.
it.each<[object, RegExp]>([
  [{ system: 'Dr' }, /system = "Dr".*lower-case/],
  [{ system: '' }, /system = "": must be 2-15/],
  [{ system: 'dr-a' }, /system = "dr-a"/],
  [{ system: 'sixteencharacter' }, /system = "sixteencharacter"/],
  [{ system: 10n }, /system = 10: /],
  [{ zone: 'example.com.' }, /zone = "example\.com\.".*no final dot/],
  [{ zone: 'Example.com' }, /zone = "Example\.com": must be a lower-case DNS name/],
  [{ zone: 'münchen.example' }, /xn--/],
  [{ zone: 'com' }, /zone = "com"/],
  [{ zone: `${'a.'.repeat(126)}com` }, /zone = "a\.a\..*\.\.\.: .*/],
  [{ domain: 'notexample.com' }, /"notexample\.com": is not in the zone/],
  [{ domain: '192.168.5.4' }, /domain = "192\.168\.5\.4"/],
  [named('Dublin'), /regions\.1\.name = "Dublin"/],
  [named('constructor'), /regions\.1\.name = "constructor": is a word of JavaScript/],
  [named('__proto__'), /regions\.1\.name = "__proto__"/],
  [named('toString'), /regions\.1\.name = "toString"/],
  [named('clients'), /regions\.1\.name = "clients": means something else in reports/],
  [named('checkers'), /means something else/],
  [named('none'), /means something else/],
  [{ regions: [mumbai, mumbai, mumbai, mumbai, mumbai] }, /regions/],
  [{ regions: { mumbai: 'ap-south-1' } }, /regions = \{"mumbai"/],
  [objectives({ rtoSeconds: 0 }), /objectives\.rtoSeconds = 0/],
  [objectives({ rtoSeconds: Number.NaN }), /objectives\.rtoSeconds = NaN/],
  [objectives({ rtoSeconds: Number.POSITIVE_INFINITY }), /objectives\.rtoSeconds = Infinity/],
  [objectives({ rtoSeconds: 1e100 }), /objectives\.rtoSeconds = 1e\+100/],
  [objectives({ rtoSeconds: '60' }), /objectives\.rtoSeconds = "60"/],
  [objectives({ rpoSeconds: 0 }), /objectives\.rpoSeconds = 0/],
  [objectives({ requestsPerSecond: 1e100 }), /objectives\.requestsPerSecond/],
  [objectives({ monthlyBudgetUsd: 1e100 }), /objectives\.monthlyBudgetUsd = 1e\+100/],
  [objectives({ monthlyBudgetUsd: -1 }), /objectives\.monthlyBudgetUsd = -1/],
  [{ routing: 'Latency' }, /routing = "Latency"/],
  [{ weights: { mumbai: 1, singapore: 1 } }, /weights with routing "latency": would be ignored/],
  [{ routing: 'failover', weights: { mumbai: 1, singapore: 1 } }, /weights with routing "failover"/],
  [weighted({ singapore: 30 }), /weights has no mumbai/],
  [weighted({ mumbai: 1, singapore: 1, tokyo: 1 }), /weights\.tokyo: names no region/],
  [weighted({ mumbai: 0, singapore: 0 }), /weights are all 0/],
  [weighted({ mumbai: 256, singapore: 1 }), /weights\.mumbai = 256/],
  [weighted({ mumbai: 0.5, singapore: 1 }), /weights\.mumbai = 0\.5/],
  [weighted(JSON.parse('{"mumbai":1,"singapore":1,"__proto__":7}') as object), /weights\.__proto__: names no region/],
  [{ frontDoor: 'cloudfront' }, /frontDoor = "cloudfront".*dns.*global-accelerator/],
  [accelerated({ routing: 'failover' }), /routing "failover" with frontDoor "global-accelerator": are two fronts/],
  [
    accelerated({ routing: 'weighted' }),
    /routing "weighted" with frontDoor .*Leave routing out, or set frontDoor: 'dns'/,
  ],
  [
    accelerated({ routing: 'weighted', weights: { mumbai: 1, singapore: 1 } }),
    /routing "weighted" with frontDoor "global-accelerator"/,
  ],
  [accelerated({ weights: { mumbai: 1, singapore: 1 } }), /weights \{"mumbai":1,"singapore":1\} with frontDoor/],
  [accelerated({ recovery: { ttlSeconds: 10 } }), /recovery\.ttlSeconds 10 with frontDoor .*two fronts at once/],
  [accelerated({ recovery: { intervalSeconds: 30 } }), /recovery\.intervalSeconds 30 with frontDoor/],
  [accelerated({ recovery: { failureThreshold: 2 } }), /recovery\.failureThreshold 2 with frontDoor/],
  [{ alerts: { emails: ['a@b.example', 'A@b.example'] } }, /alerts\.emails "a@b\.example": is listed twice/],
  [{ alerts: { sms: ['+919812345678', '+919812345678'] } }, /alerts\.sms "\+919812345678": is listed twice/],
  [{ alerts: { emails: [''] } }, /alerts\.emails\.0 = ""/],
  [{ alerts: { sms: ['00919812345678'] } }, /alerts\.sms\.0/],
  [{ recovery: { ttlSeconds: 0 } }, /recovery\.ttlSeconds = 0/],
  [{ recovery: { intervalSeconds: 20 } }, /recovery\.intervalSeconds = 20.*10\|30/],
  [{ recovery: { failback: 'by hand' } }, /recovery\.failback = "by hand".*automatic.*manual/],
  [{ recovery: { failback: true } }, /recovery\.failback = true/],
  [{ recovery: { failback: 'manual', waitingPageMinutes: 0 } }, /recovery\.waitingPageMinutes = 0/],
  [{ recovery: { failback: 'manual', waitingPageMinutes: -5 } }, /recovery\.waitingPageMinutes = -5/],
  [{ recovery: { failback: 'manual', waitingPageMinutes: 2.5 } }, /recovery\.waitingPageMinutes = 2\.5/],
  [{ recovery: { failback: 'manual', waitingPageMinutes: 10_081 } }, /recovery\.waitingPageMinutes = 10081/],
  [{ recovery: { failback: 'manual', waitingPageMinutes: '30' } }, /recovery\.waitingPageMinutes = "30"/],
  [{ recovery: { failback: 'manual', waitingPageMinutes: NaN } }, /recovery\.waitingPageMinutes = NaN/],
  [
    { recovery: { waitingPageMinutes: 30 } },
    /recovery\.waitingPageMinutes = 30: would page nobody: with automatic failback no region waits.*Leave it out, or set/,
  ],
  [{ recovery: { pageMinutes: 3 } }, /unknown key "pageMinutes" in recovery.*failback, waitingPageMinutes/],
  [{ failback: { manual: true } }, /unknown key "manual" in failback/],
  [{ recovery: { failureThreshold: 1.5 } }, /recovery\.failureThreshold = 1\.5/],
  [{ options: { accountId: 210987654321 } }, /options\.accountId = 210987654321/],
  [{ options: { logRetentionDays: 2 } }, /options\.logRetentionDays = 2.*1\|3\|5/],
  [{ options: { resolvers: 1e100 } }, /options\.resolvers = 1e\+100/],
  [{ options: { lambdaConcurrencyQuota: 1e12 } }, /options\.lambdaConcurrencyQuota/],
  [
    warm({ readUnitsPerSecond: 11_999 }),
    /warmThroughput\.readUnitsPerSecond = 11999: must be 12000 or more, the read units/,
  ],
  [
    warm({ writeUnitsPerSecond: 3_999 }),
    /warmThroughput\.writeUnitsPerSecond = 3999: must be 4000 or more, the write units/,
  ],
  [warm({ readUnitsPerSecond: 12_000.5 }), /warmThroughput\.readUnitsPerSecond = 12000\.5/],
  [warm({ readUnitsPerSecond: 1e12 }), /warmThroughput\.readUnitsPerSecond = 1000000000000/],
  [warm({ writeUnitsPerSecond: '8000' }), /warmThroughput\.writeUnitsPerSecond = "8000"/],
  [warm({ writeUnitsPerSecond: undefined }), /warmThroughput\.writeUnitsPerSecond/],
  [warm({ reads: 24_000 }), /unknown key "reads" in options\.warmThroughput.*readUnitsPerSecond, writeUnitsPerSecond/],
  [{ options: { warmThroughput: 24_000 } }, /options\.warmThroughput = 24000/],
  [
    warm({ readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4_000 }),
    /warmThroughput of 12000 reads and 4000 writes a second: is what a new table has by itself\. Ask for more/,
  ],
  [{ release: { mumbai: '' } }, /release\.mumbai = ""/],
  [{ state: {} }, /state(\.backend)? = .*needs a backend: "local" or "s3"/],
  [{ state: { backend: 'gcs' } }, /needs a backend: "local" or "s3"/],
  [state({ buckets: 'x' }), /unknown key "buckets" in state.*Allowed here: backend, bucket, region, key/],
  [state({ region: 'mars-1' }), /state\.region = "mars-1": is no AWS region/],
  [state({ bucket: 'Dr-State' }), /state\.bucket = "Dr-State": may hold lower-case letters/],
  [state({ key: '/dr' }), /state\.key = "\/dr": must not begin or end with a slash/],
  [state({ key: 'dr/' }), /must not begin or end/],
  [state({ key: 'ü'.repeat(513) }), /longer than the 1,024 bytes/],
  [JSON.parse('{"__proto__":{"x":1}}') as object, /unknown key "__proto__"/],
])('fails on %j', (overrides, message) => {
  const given = Object.defineProperties(config(), Object.getOwnPropertyDescriptors(overrides));
  expect(() => parseConfig(given)).toThrow(InputError);
  expect(() => parseConfig(given)).toThrow(message);
});

it('fails on what refers to itself, without a crash of its own', () => {
  const circle: Record<string, unknown> = {};
  circle['zone'] = circle;
  expect(() => parseConfig(config({ zone: circle }))).toThrow(InputError);
});

it.each<[object]>([
  [weighted({ mumbai: 0, singapore: 1 })],
  [accelerated({})],
  // What the accelerator does by itself, and what a config has that names no routing.
  [accelerated({ routing: 'latency' })],
  [accelerated({ domain: 'example.com' })],
  [{ frontDoor: 'dns', routing: 'failover' }],
  [warm({})],
  [warm({ readUnitsPerSecond: 12_000 })],
  [{ zone: 'xn--mnchen-3ya.example', domain: 'app.xn--mnchen-3ya.example' }],
  [{ zone: 'example.xn--p1ai', domain: 'example.xn--p1ai' }],
  [{ recovery: { failback: 'manual' } }],
  [{ recovery: { failback: 'manual', waitingPageMinutes: 10_080, ttlSeconds: 10 } }],
  [{ recovery: { failback: 'automatic' } }],
  [state({ key: 'a/b.tfstate' })],
])('takes %j', (overrides) => {
  expect(() => parseConfig(config(overrides))).not.toThrow();
});
