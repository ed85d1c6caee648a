// A review for a terminal: the verdict, each name's outcomes, then what to mend.
import type { Review, ReviewedFaultOutcome, ReviewedName, ReviewFinding } from '../review';

/** Ends with a line break. */
export function reviewAsText(review: Review): string {
  const { findings, names, unknown } = review;
  const values = unknown.filter(({ address }) => address !== '');
  return [
    headline(review),
    ...names.map(nameText),
    ...(findings.length > 0 ? [`${counted(findings.length, 'finding')}:`, ...findings.map(findingText)] : []),
    ...unknown.filter(({ address }) => address === '').map(({ why }) => `Note: ${why}.`),
    ...(values.length > 0 ? [`${counted(values.length, 'value')} cannot be told before an apply.`] : []),
  ]
    .map((part) => `${part}\n`)
    .join('');
}

function headline({ verdict, objective, findings, names }: Review): string {
  const { rtoSeconds } = objective;
  const asked = rtoSeconds === null ? '' : `, objective ${rtoSeconds} s`;
  const blocking = findings.filter(({ severity }) => severity === 'blocks').length;
  const of = `${counted(names.length, 'public name')}${asked}`;
  switch (verdict) {
    case 'passes':
      return `PASSES: ${of}. Nothing found keeps clients down.`;
    case 'unknown':
      if (names.length === 0) return 'UNKNOWN: these files have no public name that leads to an endpoint of AWS.';
      return `UNKNOWN: ${of}. Nothing found keeps clients down, but not everything could be told.`;
    case 'fails':
      return `FAILS: ${of}. ${counted(blocking, 'finding')} ${blocking === 1 ? 'blocks' : 'block'}.`;
  }
}

function nameText({ name, policy, faults }: ReviewedName): string {
  const width = (of: (fault: ReviewedFaultOutcome) => string): number =>
    Math.max(...faults.map((one) => of(one).length));
  const [faultWidth, regionWidth] = [width(({ fault }) => fault), width(({ region }) => region)];
  const outcomeWidth = width(outcomeText);
  const rows = faults.map(
    (one) =>
      `  ${one.fault.padEnd(faultWidth)}  ${one.region.padEnd(regionWidth)}  ${outcomeText(one).padEnd(outcomeWidth)}  ${one.why}`,
  );
  return [`\n${name} (${policy})`, ...rows, ''].join('\n');
}

function outcomeText({ outcome, seconds }: ReviewedFaultOutcome): string {
  if (seconds === null) return outcome === 'recovers' ? 'recovers, time unknown' : outcome;
  const [best, worst] = seconds;
  return worst === 0 ? 'nobody affected' : `${outcome} in ${best} to ${worst} s`;
}

const findingText = ({ severity, rule, message, atFailover, fix, source }: ReviewFinding): string =>
  [
    `  ${severity} ${rule}`,
    `    ${message}.`,
    ...(atFailover === '' ? [] : [`    ${atFailover}.`]),
    `    Fix: ${fix}. ${source}`,
  ].join('\n');

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
