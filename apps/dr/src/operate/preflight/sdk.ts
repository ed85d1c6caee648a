// Until when the AWS SDK in the functions' bundles gets its fixes, and on which Node.js.
import { judgeEnd } from './ends';
import { notKnown, ok, row, type Finding, type Row } from './row';

/** Function -> `name@version` of each package that its bundle was made from; undefined: nobody recorded them. */
export type Bundled = ReadonlyMap<string, readonly string[] | undefined>;

/**
 * Major version -> its last day; null: it is in general availability, and AWS has published no end. Sources: AWS SDKs and Tools Reference
 * Guide, "Version lifecycle", and the AWS Developer Tools Blog on the end of v2, as of November 2026.
 */
const ENDS: Readonly<Record<string, string | null>> = { '2': '2025-09-07', '3': null };
const LIFECYCLE = 'https://docs.aws.amazon.com/sdkref/latest/guide/version-support-matrix.html';

/**
 * Node.js -> the last day on which a new release of v3 runs on it: 8 months after the end of life of Node.js (AWS Developer Tools Blog,
 * "AWS SDK for JavaScript aligns with Node.js release schedule"), as of November 2026. 18 went on 13 January 2026 (aws-sdk-js-v3, issue
 * 7558). 20 goes in the first week of January 2027 (issue 7983).
 */
const NODE_ENDS: Readonly<Record<string, string>> = {
  '18': '2026-01-12',
  '20': '2026-12-31',
  '22': '2027-12-30',
  '24': '2028-12-30',
};
const NODE_PAGE = 'https://aws.amazon.com/blogs/developer/aws-sdk-for-javascript-aligns-with-node-js-release-schedule/';

/** Only clients carry the version of the SDK's release. */
const CLIENT = /^(?:aws-sdk|@aws-sdk\/client-[a-z0-9-]+)@((\d+)\..*)$/;

/** One row for each major version that some bundle holds. */
export function sdkRows(bundled: Bundled, nowMs: number): Row[] {
  const unrecorded = [...bundled].filter(([, packages]) => !packages).map(([name]) => name);
  if (unrecorded.length > 0) {
    const found = `what the bundles of ${unrecorded.join(', ')} hold was not recorded`;
    return [sdkRow(notKnown(found, 'Build them anew: npm run build'))];
  }
  const clients = [...bundled.values()].flatMap((packages = []) => packages.map((one) => CLIENT.exec(one) ?? []));
  const majors = [...new Set(clients.map(([, , major]) => major))].filter((major) => major !== undefined).sort();
  if (majors.length === 0) return [sdkRow(ok('no bundle holds it'))];
  return majors.map((major) => {
    const versions = clients.filter(([, , one]) => one === major).map(([, version]) => version);
    return sdkRow(versionOf(major, [...new Set(versions)].sort().join(', '), nowMs));
  });
}

const sdkRow = (finding: Finding): Row => row('AWS SDK', null, finding);

function versionOf(major: string, versions: string, nowMs: number): Finding {
  const name = `for JavaScript ${versions}`;
  const end = ENDS[major];
  if (end === undefined) {
    return notKnown(`${name}: the end of v${major} is not in our table`, `Look it up at ${LIFECYCLE} and add it`);
  }
  if (end === null) return ok(`${name}: no end of v${major} is published; it runs on Node.js ${nodesOn(nowMs)}`);
  const move = `Move to the next major version: ${LIFECYCLE}`;
  return judgeEnd(
    { found: `${name}, supported`, end, over: `${name}: v${major} ended on ${end}`, plan: move, move },
    nowMs,
  );
}

const nodesOn = (nowMs: number): string =>
  Object.entries(NODE_ENDS)
    .filter(([, end]) => Date.parse(end) >= nowMs)
    .map(([node, end]) => `${node} until ${end}`)
    .join(', ');

/** A row for each runtime of Node.js; the SDK must go on running on it. */
export const sdkNodeRows = (runtimes: readonly string[], nowMs: number): Row[] =>
  [...new Set(runtimes)].sort().flatMap((runtime) => {
    const [, node] = /^nodejs(\d+)\.x$/.exec(runtime) ?? [];
    return node === undefined ? [] : [row('AWS SDK on Node.js', null, nodeOf(node, runtime, nowMs))];
  });

function nodeOf(node: string, runtime: string, nowMs: number): Finding {
  const end = NODE_ENDS[node];
  if (end === undefined) {
    return notKnown(`${runtime}: the SDK's end for it is not in our table`, `Look it up at ${NODE_PAGE} and add it`);
  }
  const found = `new releases run on Node.js ${node}, of ${runtime},`;
  const over = `no release after ${end} runs on Node.js ${node}, of ${runtime}`;
  const plan = `Plan the move to the next runtime (libs/constructs/src/function.ts): ${NODE_PAGE}`;
  const move = `Move the functions to the next runtime (libs/constructs/src/function.ts): until then, no fix of the SDK reaches them. ${NODE_PAGE}`;
  return judgeEnd({ found, end, over, plan, move }, nowMs);
}
