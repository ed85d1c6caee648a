// Schedules of EventBridge rules as AWS takes them. Source: EventBridge user guide, eb-scheduled-rule-pattern.

const CRON_FIELDS = 6;
const DAY_OF_MONTH = 2;
const DAY_OF_WEEK = 4;

/** Why EventBridge refuses the expression of a rule; undefined where it is of a form that it takes. The fields' own values are not judged. */
export function whyNotScheduled(expression: string): string | undefined {
  const rate = /^rate\((\d+) (?:minute|hour|day)(s?)\)$/.exec(expression);
  if (rate) {
    const value = Number(rate[1]);
    if (value < 1) return 'is no positive rate';
    if ((value === 1) === (rate[2] === '')) return undefined;
    return 'has a singular unit for more than 1, or a plural one for 1';
  }
  const cron = /^cron\((.*)\)$/.exec(expression);
  if (!cron) return 'is neither rate(value unit) nor cron(fields)';
  const fields = (cron[1] ?? '').trim().split(/\s+/);
  if (fields.length !== CRON_FIELDS) return `has ${fields.length} fields, and cron takes ${CRON_FIELDS}`;
  const isOpen = (index: number): boolean => fields[index] === '?';
  if (isOpen(DAY_OF_MONTH) !== isOpen(DAY_OF_WEEK)) return undefined;
  return 'must have ? for the day of the month or for that of the week, and not for both';
}
