// The corpus of edits that break disaster recovery and of those that do not, over our own stack and over those of other teams.
import { ROUTINGS } from '@dr/contracts';
import { BASES, type Edit } from '@dr/review/testing';
import { BREAKING } from './foreign-breaking';
import type { ForeignEdit } from './foreign-edit';
import { HARMLESS } from './foreign-harmless';
import { REFUSED, SHOWN, SOUND, type Plant, type Shown } from './ours';

export interface CorpusEdit {
  /** One of `OUR_STACKS` or of another team. */
  readonly stack: string;
  readonly name: string;
  readonly isBreaking: boolean;
  readonly plant: Plant | Edit;
  /** Of our own stack: the fault that shows it. */
  readonly shown?: Shown;
  /** Nothing is edited: whatever is found is a false alarm. */
  readonly isAsItStands?: true;
}

/** Our stack, with each routing that it can have. */
export const OUR_STACKS: Readonly<Record<string, (typeof ROUTINGS)[number]>> = Object.fromEntries(
  ROUTINGS.map((routing) => [`ours, ${routing}`, routing]),
);
const OURS = 'ours, latency';

const unchanged = (): void => undefined;
const asItStands = (stack: string): CorpusEdit => ({
  ...{ stack, name: 'as it stands', isBreaking: false, plant: unchanged, isAsItStands: true },
});
const foreign =
  (isBreaking: boolean) =>
  ({ edit, ...one }: ForeignEdit): CorpusEdit => ({ ...one, isBreaking, plant: edit });

export const CORPUS_EDITS: readonly CorpusEdit[] = [
  ...Object.keys(OUR_STACKS).map(asItStands),
  ...REFUSED.map(([name, plant]) => ({ stack: OURS, name, isBreaking: true, plant })),
  ...SHOWN.map(([name, plant, , shown]) => ({ stack: OURS, name, isBreaking: true, plant, shown })),
  ...SOUND.map(([name, plant]) => ({ stack: OURS, name, isBreaking: false, plant })),
  // A global database waits for a person: this one is found as it stands.
  ...Object.keys(BASES)
    .filter((stack) => stack !== 'ledger')
    .map(asItStands),
  ...BREAKING.map(foreign(true)),
  ...HARMLESS.map(foreign(false)),
];
