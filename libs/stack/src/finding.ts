// What is wrong with a stack: one resource, one sentence, one remedy.

export interface Finding {
  /** The resource to look at; several are joined by commas. */
  readonly address: string;
  /** What is wrong with it, as the rest of a sentence that begins with the address. */
  readonly sentence: string;
  /** What to do, in the imperative. */
  readonly fix: string;
}

/** The finding where that holds, and none where it does not. */
export const when = (holds: boolean, ...found: Parameters<typeof finding>): Finding[] =>
  holds ? [finding(...found)] : [];

export const finding = (address: string, sentence: string, fix: string): Finding => ({ address, sentence, fix });
