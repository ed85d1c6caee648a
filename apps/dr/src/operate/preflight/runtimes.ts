// When Lambda stops to mend a runtime. Source: AWS Lambda Developer Guide, "Lambda runtimes", as of November 2026.
import { judgeEnd } from './ends';
import { notKnown, row, type Finding, type Row } from './row';

const DEPRECATED_ON: Readonly<Record<string, string>> = {
  'nodejs18.x': '2025-09-01',
  'nodejs20.x': '2026-04-30',
  'nodejs22.x': '2027-04-30',
  'nodejs24.x': '2028-04-30',
};
const PAGE = 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html';

export const runtimeRow = (awsRegion: string, runtime: string, nowMs: number): Row =>
  row('Lambda runtime', awsRegion, ageOf(runtime, nowMs));

function ageOf(runtime: string, nowMs: number): Finding {
  const end = DEPRECATED_ON[runtime];
  if (end === undefined) {
    return notKnown(`${runtime}: its end is not in our table`, `Look it up at ${PAGE} and add it to the table`);
  }
  return judgeEnd(
    {
      found: `${runtime}, supported`,
      end,
      over: `${runtime} was deprecated on ${end}`,
      plan: `Plan the move to the next runtime (libs/constructs/src/function.ts): ${PAGE}`,
      move:
        `Move the functions to a supported runtime (libs/constructs/src/function.ts). A deprecated one gets no security fixes, ` +
        `and AWS stops to create and then to update its functions: ${PAGE}`,
    },
    nowMs,
  );
}
