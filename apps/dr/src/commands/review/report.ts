// `dr review --report`: the review as one page, and its JSON beside it. Loaded where it is asked for alone.
import { reviewReportOf } from '@dr/player';
import type { Review } from '@dr/review';
import { MAX_TERRAFORM_JSON_BYTES } from '@dr/terraform-json';
import { createHash } from 'node:crypto';
import type { FilesContext } from '../../context';
import { CALL } from '../../packaged';
import { quoted } from '../drill/replay';
import { checkApart, reportPlaces, writeReport } from '../report/written';
import { verdictSentence } from './formats/text';

export interface Reviewed {
  readonly files: readonly string[];
  readonly base?: readonly string[];
  readonly waivers?: string;
  readonly rto?: number;
  readonly rpo?: number;
  readonly drill?: true;
}

/** What writes it. Throws InputError when it could not be written, or would take the place of what is read. */
export function reportAt(context: FilesContext, path: string, given: Reviewed): (review: Review) => void {
  const { files, base = [], waivers } = given;
  const places = reportPlaces(context, 'report', path);
  checkApart(context, 'report', places, [...files, ...base, ...(waivers === undefined ? [] : [waivers])]);
  return (review) => {
    const report = reviewReportOf(review, {
      headline: capitalised(verdictSentence(review)),
      program: `dr ${context.version}`,
      replay: commandOf(given),
      files: [...new Set([...files, ...base])].map((file) => ({ path: file, sha256: digestOf(context, file) })),
    });
    writeReport(context, places, report);
    context.err(`Written: ${places.join(', ')}\n`);
  };
}

const digestOf = ({ processes }: FilesContext, file: string): string =>
  createHash('sha256')
    .update(processes.readFile('file', file, MAX_TERRAFORM_JSON_BYTES))
    .digest('hex');

function commandOf({ files, base = [], waivers, rto, rpo, drill }: Reviewed): string {
  const numbers = Object.entries({ rto, rpo }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
  const compared = base.length === 0 ? [] : ['--base', ...base.map(quoted)];
  const accepted = waivers === undefined ? [] : ['--waivers', quoted(waivers)];
  const asked = [...compared, ...accepted, ...numbers, ...(drill ? ['--drill'] : [])];
  return [CALL, 'review', ...files.map(quoted), ...asked].join(' ');
}

const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
