// A review as JUnit XML: a failure is a finding, an error is what could not be judged, skipped is what was waived. It is valid by both
// schemas that are in use: that of Ant's reports (windyroad/JUnit-Schema) and that of Jenkins (junit-10.xsd of its xUnit plugin).
import type { Review, ReviewFinding } from '@dr/review';
import { drilledText, outcomeText, weightOf, type PrintedReview } from './printed';

interface Case {
  readonly suite: string;
  readonly name: string;
  /** Of a case that has not passed. */
  readonly result?: {
    readonly kind: 'failure' | 'error' | 'skipped';
    readonly type: string;
    readonly message: string;
    readonly text?: string;
  };
  /** What is said of a case that has. */
  readonly said?: string;
}

/** Ant's schema asks for a time and a machine; a review depends on its files alone. */
const WHEN_AND_WHERE = 'time="0" timestamp="1970-01-01T00:00:00" hostname="localhost"';

export function junitOf(review: PrintedReview): string {
  const suites = [
    { name: 'findings', cases: review.findings.map(findingCase) },
    { name: 'outcomes', cases: outcomeCases(review) },
    { name: 'files', cases: fileCases(review) },
  ].filter(({ cases }) => cases.length > 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...suites.flatMap(({ name, cases }, id) => [
      `  <testsuite id="${id}" package="dr.review" name="${name}" ${WHEN_AND_WHERE} ${counts(cases)}>`,
      '    <properties/>',
      ...cases.flatMap(caseLines),
      `    <system-out>${escaped(saidOf(cases))}</system-out>`,
      '    <system-err/>',
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

const counts = (cases: readonly Case[]): string =>
  `tests="${cases.length}" failures="${count(cases, 'failure')}" errors="${count(cases, 'error')}" skipped="${count(cases, 'skipped')}"`;

const count = (cases: readonly Case[], kind: string): number =>
  cases.filter(({ result }) => result?.kind === kind).length;

function caseLines({ suite, name, result }: Case): string[] {
  const open = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}" time="0"`;
  if (!result) return [`${open}/>`];
  const { kind, type, message, text = '' } = result;
  return [
    `${open}>`,
    `      <${kind} type="${attribute(type)}" message="${attribute(message)}">${escaped(text)}</${kind}>`,
    '    </testcase>',
  ];
}

/** A case itself has no place for it in Ant's schema. */
const saidOf = (cases: readonly Case[]): string =>
  cases.flatMap(({ suite, name, said }) => (said === undefined ? [] : [`${suite}: ${name}\n${said}\n`])).join('\n');

function findingCase(finding: ReviewFinding): Case {
  const { rule, address, message, atFailover, fix, source, file, line, waived } = finding;
  const place = file === undefined ? [] : [`${file}${line === undefined ? '' : `:${line}`}`];
  const text = [...place, ...(atFailover === '' ? [] : [`${atFailover}.`]), `Fix: ${fix}.`, source].join('\n');
  const of = { suite: rule, name: address };
  const weight = weightOf(finding);
  if (waived) {
    const until = `waived until ${waived.expires}: ${waived.reason}`;
    return { ...of, result: { kind: 'skipped', type: 'waived', message: until, text } };
  }
  if (weight === 'note') return { ...of, said: `${message}.\n${text}` };
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
            return { suite: name, name: lost, said: `${outcomeText(one)}${drilledText(one)}: ${one.why}` };
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
