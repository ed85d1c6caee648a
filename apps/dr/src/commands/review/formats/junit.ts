// A review as JUnit XML: a failure is a finding, an error is what could not be judged, skipped is what was waived.
import type { Review, ReviewFinding } from '@dr/review';
import { drilledText, outcomeText, weightOf, type PrintedReview } from './printed';

interface Case {
  readonly suite: string;
  readonly name: string;
  readonly result?: {
    readonly kind: 'failure' | 'error' | 'skipped' | 'system-out';
    readonly type?: string;
    readonly message: string;
    readonly text?: string;
  };
}

export function junitOf(review: PrintedReview): string {
  const suites = [
    { name: 'findings', cases: review.findings.map(findingCase) },
    { name: 'outcomes', cases: outcomeCases(review) },
    { name: 'files', cases: fileCases(review) },
  ].filter(({ cases }) => cases.length > 0);
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="dr review" tests="${all.length}" failures="${count(all, 'failure')}" errors="${count(all, 'error')}">`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${name}" tests="${cases.length}" failures="${count(cases, 'failure')}" errors="${count(cases, 'error')}" skipped="${count(cases, 'skipped')}">`,
      ...cases.flatMap(caseLines),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

const count = (cases: readonly Case[], kind: string): number =>
  cases.filter(({ result }) => result?.kind === kind).length;

function caseLines({ suite, name, result }: Case): string[] {
  const open = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}"`;
  if (!result) return [`${open}/>`];
  const { kind, type, message, text = '' } = result;
  if (kind === 'system-out')
    return [`${open}>`, `      <system-out>${escaped(message)}</system-out>`, '    </testcase>'];
  const typed = type === undefined ? '' : ` type="${attribute(type)}"`;
  return [
    `${open}>`,
    `      <${kind}${typed} message="${attribute(message)}">${escaped(text)}</${kind}>`,
    '    </testcase>',
  ];
}

function findingCase(finding: ReviewFinding): Case {
  const { rule, address, message, atFailover, fix, source, file, line, waived } = finding;
  const place = file === undefined ? [] : [`${file}${line === undefined ? '' : `:${line}`}`];
  const text = [...place, ...(atFailover === '' ? [] : [`${atFailover}.`]), `Fix: ${fix}.`, source].join('\n');
  const of = { suite: rule, name: address };
  const weight = weightOf(finding);
  if (waived)
    return { ...of, result: { kind: 'skipped', message: `waived until ${waived.expires}: ${waived.reason}`, text } };
  if (weight === 'note') return { ...of, result: { kind: 'system-out', message: `${message}.\n${text}` } };
  return { ...of, result: { kind: 'failure', type: weight, message: `${message}.`, text } };
}

/** What keeps clients down is a finding; here stands who recovers, and what nobody could tell. */
const outcomeCases = ({ names }: Review): Case[] =>
  names.flatMap(({ name, faults }) =>
    faults.length === 0
      ? [error(name, 'any region', 'leads to no region that these files tell')]
      : faults
          .filter(({ outcome, causes }) => outcome === 'unknown' || outcome === 'recovers' || causes.length === 0)
          .map((one) => {
            const lost = `${one.fault} in ${one.region}`;
            if (one.outcome === 'unknown') return error(name, lost, one.why);
            return {
              suite: name,
              name: lost,
              result: { kind: 'system-out', message: `${outcomeText(one)}${drilledText(one)}: ${one.why}` },
            };
          }),
  );

const fileCases = ({ unknown }: Review): Case[] =>
  unknown
    .filter(({ address, rule }) => address === '' || rule !== undefined)
    .map(({ address, rule = 'files', why }, at) => error(rule, address || `note ${at + 1}`, why));

const error = (suite: string, name: string, message: string): Case => ({
  suite,
  name,
  result: { kind: 'error', type: 'unknown', message: `${message}.` },
});

/** What XML 1.0 may not hold, however it is written. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Cs}/gu;

const escaped = (text: string): string =>
  text
    .replace(FORBIDDEN, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/\r/g, '&#13;');

const attribute = (text: string): string =>
  escaped(text).replace(/"/g, '&quot;').replace(/\t/g, '&#9;').replace(/\n/g, '&#10;');
