// The rules of the S3 user guide, "General purpose bucket naming rules", one row each.
import { bucketNameProblem } from './bucket-name';

test.each([
  'abc',
  'a'.repeat(63),
  'dr-state',
  'my.state.bucket',
  '3-states',
  '1.2.3',
  '1.2.3.4.5',
  'sthree',
  'my-xn--state',
  'state-111122223333-us-west-2-an',
])('S3 takes %s', (name) => {
  expect(bucketNameProblem(name)).toBeUndefined();
});

test.each([
  ['ab', /has 2 characters; S3 takes 3 to 63/],
  ['', /has 0 characters/],
  ['a'.repeat(64), /has 64 characters/],
  ['Dr-State', /lower-case letters, digits, dots and hyphens/],
  ['dr_state', /lower-case letters, digits, dots and hyphens/],
  ['dr/state', /lower-case letters/],
  ['zürich', /lower-case letters/],
  ['dr state', /lower-case letters/],
  ['-dr', /begin and end/],
  ['dr-', /begin and end/],
  ['.dr', /begin and end/],
  ['dr.', /begin and end/],
  ['dr..state', /two dots/],
  ['192.168.5.4', /IP address/],
  ['xn--state', /begins with "xn--"/],
  ['sthree-state', /begins with "sthree-"/],
  ['sthree-configurator', /begins with "sthree-"/],
  ['amzn-s3-demo-state', /begins with "amzn-s3-demo-"/],
  ['state-s3alias', /ends in "-s3alias"/],
  ['state--ol-s3', /ends in "--ol-s3"/],
  ['state.mrap', /ends in ".mrap"/],
  ['state--use1-az4--x-s3', /ends in "--x-s3"/],
  ['state--table-s3', /ends in "--table-s3"/],
  ['state-an', /ends in "-an"/],
])('fails on %j', (name, why) => {
  expect(bucketNameProblem(name)).toMatch(why);
});
