// Why a stack cannot serve: one resource, one sentence.

export interface Finding {
  /** The resource to look at. */
  readonly address: string;
  /** What is wrong with it, as the rest of a sentence that begins with the address. */
  readonly sentence: string;
}

export const finding = (address: string, sentence: string): Finding => ({ address, sentence });

/** Each finding once, in the order of the way in. */
export const distinct = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((one) => [`${one.address} ${one.sentence}`, one])).values(),
];
