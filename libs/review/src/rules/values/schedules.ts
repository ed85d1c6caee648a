// Schedules that EventBridge does not take.
import { finding, whyNotScheduled } from '@dr/stack';
import { textOf } from '@dr/terraform-json';
import { takenRule } from './taken';

export const scheduleValues = takenRule({
  kind: 'schedule',
  type: 'aws_cloudwatch_event_rule',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html',
  statement:
    'A rule with a schedule is on the default bus. Its rate has a unit that agrees with its number, its cron has one ? for the day.',
  *judge({ address, values }) {
    const expression = textOf(values, 'schedule_expression') ?? '';
    if (expression === '') return;
    const refused = whyNotScheduled(expression);
    const fix = 'Write rate(1 minute), rate(5 minutes) or cron(minutes hours day-of-month month ? year)';
    if (refused !== undefined) yield finding(address, `has the schedule ${expression}, which ${refused}`, fix);
    const bus = textOf(values, 'event_bus_name') ?? '';
    if (/^(|default|arn:.*:event-bus\/default)$/.test(bus)) return;
    yield finding(
      address,
      `has a schedule on the bus ${bus}, and EventBridge runs schedules on the default one alone`,
      'Remove event_bus_name',
    );
  },
});
