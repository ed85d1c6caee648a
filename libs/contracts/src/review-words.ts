// What a review says of a loss, in the same words on a terminal and on a page.

interface Told {
  readonly outcome: string;
  /** Best and worst, for clients that recover. */
  readonly seconds: readonly [number, number] | null;
}

export function outcomeText({ outcome, seconds }: Told): string {
  if (seconds === null) return outcome === 'recovers' ? 'recovers, time not published' : outcome;
  const [best, worst] = seconds;
  return worst === 0 ? 'nobody affected' : `${outcome} in ${best} to ${worst} s`;
}

interface Met {
  readonly outcome: string;
  /** Until the last client that recovers is served. */
  readonly seconds: number | null;
}

/** What clients of a drill have met. */
export function metText({ outcome, seconds }: Met): string {
  const met = seconds === 0 ? 'nobody affected' : seconds === null ? outcome : `${seconds.toFixed(1)} s`;
  return outcome === 'partly' && seconds !== null ? `partly, ${met}` : met;
}

interface Weighed {
  readonly severity: 'blocks' | 'warns' | 'note';
  /** It was accepted. */
  readonly waived?: object | undefined;
}

/** What `blocks`, `warns`, is a `note` or `waived`. */
export const weightOf = ({ waived, severity }: Weighed): Weighed['severity'] | 'waived' =>
  waived ? 'waived' : severity;
