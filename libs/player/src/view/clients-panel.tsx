// The clients near one region, a mark each, ordered by recovery: the front of those who are back moves.
import { useMemo } from 'preact/hooks';
import { titled } from '../words/figures';
import type { ClientState, Home } from '../moment/moment';
import { Icon } from './icons';
import { useLabel } from './labels';

const COLUMNS = 20;
const CELL = 11;
/** Above that a mark stands for several clients, and the panel says for how many. */
const MOST_MARKS = 400;

/** Shapes differ, not colours alone: full, open, a point, a cross. */
const SHAPES: Readonly<Record<ClientState, (x: number, y: number) => string>> = {
  home: (x, y) => `M${x} ${y}h9v9h-9z`,
  elsewhere: (x, y) => `M${x + 1} ${y + 1}h7v7h-7z`,
  nothing: (x, y) => `M${x + 4.5} ${y + 4.5}h.01`,
  down: (x, y) => `M${x + 1} ${y + 1}l7 7M${x + 8} ${y + 1}l-7 7`,
};
const STATES = Object.keys(SHAPES) as ClientState[];

export function ClientsPanel({ home: { region, states, count, holding } }: { home: Home }) {
  const per = Math.ceil(states.length / MOST_MARKS);
  const marks = states.filter((_, index) => index % per === 0);
  const others = [...holding].filter(([held]) => held !== region);
  return (
    <section class="panel" data-home={region} aria-label={useLabel(`Clients near ${titled(region)}`)}>
      <header>
        <Icon of="clients" />
        <h2>Clients near {titled(region)}</h2>
        <span class={count.down > 0 ? 'end fail' : 'sub end'}>
          {count.down > 0 ? `${count.down} down` : states.length}
        </span>
      </header>
      {useMemo(
        () => (
          <Marks marks={marks} />
        ),
        [marks.join()],
      )}
      <p class="key">
        <Key state="home" text={`holds ${titled(region)} ${holding.get(region) ?? 0}`} />
        {others.map(([held, clients]) => (
          <Key key={held} state="elsewhere" text={`${titled(held)} ${clients}`} />
        ))}
        <Key state="nothing" text={`nothing ${count.nothing}`} />
        <Key state="down" text={`down ${count.down}`} />
        {per > 1 ? <span>a mark is {per} clients</span> : null}
      </p>
    </section>
  );
}

function Marks({ marks }: { marks: readonly ClientState[] }) {
  return (
    <svg class="marks" viewBox={`0 0 ${COLUMNS * CELL} ${Math.ceil(marks.length / COLUMNS) * CELL}`} aria-hidden="true">
      {STATES.map((state) => (
        <path key={state} class={`mark-${state}`} d={pathOf(marks, state)} />
      ))}
    </svg>
  );
}

const pathOf = (marks: readonly ClientState[], wanted: ClientState): string =>
  marks
    .map((state, index) =>
      state === wanted ? SHAPES[state]((index % COLUMNS) * CELL + 1, Math.floor(index / COLUMNS) * CELL + 1) : '',
    )
    .join('');

function Key({ state, text }: { state: ClientState; text: string }) {
  return (
    <span>
      <svg viewBox="0 0 11 11" aria-hidden="true">
        <path class={`mark-${state}`} d={SHAPES[state](1, 1)} />
      </svg>
      {text}
    </span>
  );
}
