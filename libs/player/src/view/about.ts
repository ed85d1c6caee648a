/** What is known of a run beside its log. */
export interface About {
  /** Of the twin, in the order of their weight. */
  readonly assumptions: readonly string[];
}
