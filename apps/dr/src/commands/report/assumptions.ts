// What a report rests on: the assumptions of the twin that move its figures most. Each one is a rule of docs/twin.md marked [A].

/** `[rule, what is assumed]`. */
export const ASSUMPTIONS: readonly (readonly [string, string])[] = [
  ['HC-08', '16 checkers in eight regions, two in each.'],
  ['DDB-06', 'Replication lag is log-normal, median 0.8 s, p99 2.5 s; AWS states no bound.'],
  ['DDB-01', 'Of two writes with equal times, a fixed order of the regions decides.'],
];

/** What no rule covers, and the figures leave out. */
export const NOT_IN_THE_BOUND =
  "Not in the bound: Route 53's own propagation, which AWS does not publish; connections that a client keeps open and resolvers that stretch a TTL, whose clients are counted apart.";
const CLIENT_WAIT = 'A client waits 3 s for an answer, pauses for 1 s, and is served within 1 s.';

export const assumptionLines = (): string[] => [
  CLIENT_WAIT,
  ...ASSUMPTIONS.map(([rule, text]) => `${text} (${rule})`),
  NOT_IN_THE_BOUND,
];
