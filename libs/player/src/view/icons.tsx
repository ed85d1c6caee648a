// Small drawings, 14 px, in the colour of the text beside them. Each has a word beside it as well, so none has a name of its own.
import type { Icon as Of } from '../words/rows';

const PATHS: Readonly<
  Record<Of | 'region' | 'clients' | 'balancer' | 'replica' | 'arrows' | 'tick' | 'cross' | 'flag', string>
> = {
  fault: 'M3 3l8 8M11 3l-8 8',
  cross: 'M3 3l8 8M11 3l-8 8',
  tick: 'M2.5 7.5l3 3 6-7',
  flag: 'M3.5 13V1.5h7l-1.5 2.7 1.5 2.8h-7',
  region: 'M2 2h10v10H2z',
  clients: 'M2 2h4v4H2zM8 2h4v4H8zM2 8h4v4H2zM8 8h4v4H8z',
  client: 'M2 2h4v4H2zM8 2h4v4H8zM2 8h4v4H2zM8 8h4v4H8z',
  checker: 'M7 2a5 5 0 1 0 0 10A5 5 0 0 0 7 2zM7 6a1 1 0 1 0 0 2 1 1 0 0 0 0-2z',
  dns: 'M7 1.5L12.5 7 7 12.5 1.5 7z',
  alarm: 'M7 2l5.5 10h-11zM7 6v3M7 10.4v.4',
  message: 'M1.5 3h11v8h-11zM1.5 3.5L7 8l5.5-4.5',
  state: 'M3.5 13V1.5h7l-1.5 2.7 1.5 2.8h-7',
  request: 'M1.5 7h10M8 3.5L11.5 7 8 10.5',
  balancer: 'M1.5 7H6M6 7l5-4M6 7h6M6 7l5 4',
  replica: 'M2 3.5c0-1 2-2 5-2s5 1 5 2v7c0 1-2 2-5 2s-5-1-5-2zM2 3.5c0 1 2 2 5 2s5-1 5-2',
  arrows: 'M4 12V2M1.8 4.5L4 2l2.2 2.5M10 2v10M7.8 9.5L10 12l2.2-2.5',
  other: 'M6.5 6.5h1v1h-1z',
};

export function Icon({ of }: { of: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 14 14" aria-hidden="true">
      <path d={PATHS[of]} />
    </svg>
  );
}
