// `dr drill --sweep`: what it refuses before anything runs.
import { systemOf } from '../../testing/run-on';

test.each([
  [
    ['--fault', 'region-dark'],
    /--sweep with --fault region-dark: that fault strikes all or nothing\. Use one of alb-dark, gray, lambda-errors, /,
  ],
  [['--fault', 'meteor'], /--fault "meteor": no fault has that name\. Use one of /],
  [['--region', 'pune'], /--region "pune": the stack has no such region\. Use one of mumbai, singapore/],
  [['--intensity', '0.5'], /--intensity with --sweep: .*\. Leave --intensity out/],
  [['--rto', '60'], /--rto with --sweep: .*\. Leave --rto out/],
  [['--jobs', '2'], /--jobs with --sweep: .*\. Leave --jobs out/],
  [['--seeds', '3'], /with --s(weep|eeds): each says what is to break, so only one can be meant/],
])('fails with 2 and one paragraph for %j', async (argv, message) => {
  const { code, out, err } = await systemOf().dr('drill', '--sweep', ...argv);
  expect(err).toMatch(message);
  expect({ code, out }).toEqual({ code: 2, out: '' });
});

test.each([
  [
    ['--intensity', '0.5'],
    /--intensity with --fault region-dark: that fault strikes all or nothing\. .* it is for alb-dark, gray,/,
  ],
  [['--fault', 'gray', '--intensity', '0'], /--intensity 0: is no share\. Give a number above 0, up to 1/],
  [['--fault', 'gray', '--intensity', '1.5'], /--intensity 1\.5: is no share/],
  [['--fault', 'gray', '--intensity', 'half'], /--intensity "half": is not a number/],
])('fails: the share of one fault, %j', async (argv, message) => {
  const { code, out, err } = await systemOf().dr('drill', ...argv);
  expect(err).toMatch(message);
  expect({ code, out }).toEqual({ code: 2, out: '' });
});
