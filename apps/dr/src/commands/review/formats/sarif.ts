// A review as SARIF 2.1.0, as code scanning shows it: each finding at its line, under its rule.
import type { ReviewFinding } from '@dr/review';
import { createHash } from 'node:crypto';
import { weightOf, type PrintedReview } from './printed';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** What is waived is shown, and does not fail a check. */
const LEVEL = { blocks: 'error', warns: 'warning', note: 'note', waived: 'note' } as const;
const PROBLEM = { blocks: 'error', warns: 'warning', note: 'recommendation' } as const;
const WEIGHTS = ['blocks', 'warns', 'note'] as const;

/** `version` of this tool. */
export function sarifOf(review: PrintedReview, version: string): string {
  const { findings, unknown } = review;
  const ids = [...new Set(findings.map(({ rule }) => rule))].sort();
  const shown = findings.filter(({ file }) => file !== undefined);
  const run = {
    tool: {
      driver: {
        name: 'dr review',
        semanticVersion: version,
        rules: ids.map((id) =>
          ruleOf(
            id,
            findings.filter(({ rule }) => rule === id),
          ),
        ),
      },
    },
    automationDetails: { id: 'dr-review/' },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          // A result without a file makes code scanning refuse the whole.
          ...findings
            .filter(({ file }) => file === undefined)
            .map((one) => ({ descriptor: { id: one.rule }, level: LEVEL[weightOf(one)], message: messageOf(one) })),
          ...unknown
            .filter(({ address }) => address === '')
            .map(({ why }) => ({ level: 'warning', message: plain(`${why}.`) })),
        ],
      },
    ],
    results: resultsOf(shown, ids),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

function ruleOf(id: string, findings: readonly ReviewFinding[]) {
  const weight = WEIGHTS.find((one) => findings.some(({ severity }) => severity === one)) ?? 'note';
  const fixes = [...new Set(findings.map(({ fix }) => fix))].sort();
  const source = findings[0]?.source ?? '';
  const words = id.replace(/-/g, ' ');
  return {
    id,
    shortDescription: plain(words),
    fullDescription: plain(`${words[0]?.toUpperCase()}${words.slice(1)}.`),
    help: plain([...fixes.map((fix) => `${fix}.`), ...(source === '' ? [] : [source])].join('\n')),
    ...(source === '' ? {} : { helpUri: encodeURI(source) }),
    defaultConfiguration: { level: LEVEL[weight] },
    properties: { precision: 'high', 'problem.severity': PROBLEM[weight], tags: ['failover'] },
  };
}

/** A rule finds a thing once; should it find it again, that is another result. */
function resultsOf(findings: readonly ReviewFinding[], ids: readonly string[]) {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const { rule, address, file = '', line = 1, waived } = finding;
    const hash = createHash('sha256')
      .update(JSON.stringify([rule, address]))
      .digest('hex')
      .slice(0, 16);
    const times = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, times);
    return {
      ruleId: rule,
      ruleIndex: ids.indexOf(rule),
      level: LEVEL[weightOf(finding)],
      message: messageOf(finding),
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
            region: { startLine: line, startColumn: 1, endLine: line, endColumn: 2 },
          },
          logicalLocations: [{ fullyQualifiedName: address, kind: 'resource' }],
        },
      ],
      // By what is found where in the stack: it is the same finding when lines move.
      partialFingerprints: { primaryLocationLineHash: `${hash}:${times}` },
      ...(waived
        ? {
            suppressions: [
              { kind: 'external', status: 'accepted', justification: `${waived.reason} (until ${waived.expires})` },
            ],
          }
        : {}),
    };
  });
}

const messageOf = ({ message, atFailover, fix }: ReviewFinding) =>
  plain([`${message}.`, ...(atFailover === '' ? [] : [`${atFailover}.`]), `Fix: ${fix}.`].join(' '));

/** In SARIF `[text](target)` is a link, in plain text too. */
const plain = (text: string) => ({ text: text.replace(/\]\(/g, '] (') });
