// Regions are read from a state by alias and ARN; what is no state is refused.
import { appliedRegions } from './applied-regions';

const resource = (provider: string, attributes: object, mode = 'managed') => ({
  mode,
  type: 'aws_sns_topic',
  name: 'x',
  provider: `provider["registry.terraform.io/hashicorp/aws"]${provider}`,
  instances: [{ attributes }],
});
const state = (...resources: object[]): string => JSON.stringify({ version: 4, resources });
const arn = (region: string): { arn: string } => ({ arn: `arn:aws:sns:${region}:123456789012:x` });

test.each([
  ['nothing applied', '', {}],
  ['an empty state', state(), {}],
  [
    'two regions',
    state(resource('.mumbai', arn('ap-south-1')), resource('.paris', arn('eu-west-3'))),
    {
      mumbai: 'ap-south-1',
      paris: 'eu-west-3',
    },
  ],
  ['the default provider', state(resource('', arn('us-east-1'))), {}],
  [
    'an ARN without a region first',
    state(resource('.a', { arn: 'arn:aws:s3:::b' }), resource('.a', arn('eu-west-1'))),
    {
      a: 'eu-west-1',
    },
  ],
  ['a resource without an ARN', state(resource('.a', {})), {}],
  ['a data source', state(resource('.a', arn('eu-west-1'), 'data')), {}],
])('%s', (_, text, expected) => expect(Object.fromEntries(appliedRegions(text))).toEqual(expected));

test.each([['{'], ['[]'], ['{"version":3}']])('fails on %s', (text) =>
  expect(() => appliedRegions(text)).toThrow(/terraform state pull/),
);
