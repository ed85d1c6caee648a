// Which schedules EventBridge takes for a rule.
import { whyNotScheduled } from './schedules';

test.each([
  'rate(1 minute)',
  'rate(5 minutes)',
  'rate(1 hour)',
  'rate(12 hours)',
  'rate(1 day)',
  'cron(0 10 * * ? *)',
  'cron(15 12 ? * MON-FRI *)',
  'cron(0/15 * L * ? *)',
  'cron(0 18 ? * 6#3 2026-2027)',
])('%s is taken', (expression) => {
  expect(whyNotScheduled(expression)).toBeUndefined();
});

test.each([
  ['rate(1 minutes)', /plural one for 1/],
  ['rate(5 minute)', /singular unit for more/],
  ['rate(0 minutes)', /no positive rate/],
  ['rate(1.5 hours)', /neither/],
  ['rate(1 fortnight)', /neither/],
  ['at(2026-01-01T00:00:00)', /neither/],
  ['every minute', /neither/],
  ['cron(0 9 * * ?)', /5 fields/],
  ['cron(0 9 * * * *)', /must have \?/],
  ['cron(0 9 ? * ? *)', /not for both/],
  ['cron(0 9 1 * MON *)', /must have \?/],
])('fails on %s', (expression, why) => {
  expect(whyNotScheduled(expression)).toMatch(why);
});
