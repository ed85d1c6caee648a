// Every ordered pair of the 34 regions has exactly one way for an alarm, by what AWS documents.
import { alarmRoute } from './alarm-route';
import { AWS_REGIONS, findAwsRegion, GLOBAL_REGION } from './regions';

/** Account Management guide: what has to be enabled, of the regions known here. */
const OPT_IN = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
];
const IDS = AWS_REGIONS.map(({ id }) => id);
const DEFAULTS = IDS.filter((id) => !OPT_IN.includes(id));
const pairs = (from: readonly string[], to: readonly string[]): (readonly [string, string])[] =>
  from.flatMap((one) => to.filter((other) => other !== one).map((other) => [one, other] as const));

test('seventeen of the 34 regions are opt-in, us-east-1 is not', () => {
  expect(AWS_REGIONS.filter(({ optIn }) => optIn).map(({ id }) => id)).toEqual(OPT_IN);
  expect(IDS).toHaveLength(34);
  expect(findAwsRegion(GLOBAL_REGION)?.optIn).toBe(false);
});

test.each([
  ['between default regions', pairs(DEFAULTS, DEFAULTS), 272, () => ({ way: 'sns', principal: 'sns.amazonaws.com' })],
  [
    'from an opt-in region to a default one',
    pairs(OPT_IN, DEFAULTS),
    289,
    (from: string) => ({ way: 'sns', principal: `sns.${from}.amazonaws.com` }),
  ],
  [
    'from a default region to an opt-in one',
    pairs(DEFAULTS, OPT_IN),
    289,
    () => ({ way: 'eventbridge', because: expect.stringContaining('enabled by default to an opt-in region') }),
  ],
  [
    'between opt-in regions',
    pairs(OPT_IN, OPT_IN),
    272,
    () => ({ way: 'eventbridge', because: expect.stringContaining('opt-in regions to other opt-in regions') }),
  ],
])('%s', (_name, all, count, expected) => {
  expect(all).toHaveLength(count);
  for (const [from, to] of all) expect({ from, to, ...alarmRoute(from, to) }).toEqual({ from, to, ...expected(from) });
});

test('within a region, opt-in or not, it is SNS under its own name', () => {
  for (const id of IDS) expect(alarmRoute(id, id)).toEqual({ way: 'sns', principal: 'sns.amazonaws.com' });
});
