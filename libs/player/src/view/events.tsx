// The list of events: the story first, every other kind by its chip.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { episodeAt } from '../log/episodes';
import type { RunLog } from '../log/run-log';
import { after, whole } from '../words/figures';
import type { Row } from '../words/rows';
import { CHIPS, type Chip } from '../words/story';
import { Icon } from './icons';

interface Props {
  readonly log: RunLog;
  readonly rows: Readonly<Record<Chip, readonly Row[]>>;
  readonly chip: Chip;
  readonly atMs: number;
  readonly calm: boolean;
  onChip(chip: Chip): void;
  onMoment(atMs: number): void;
}

export function Events({ log, rows, chip, atMs, calm, onChip, onMoment }: Props) {
  const shown = rows[chip];
  const first = Math.max(0, shown.length - MOST_ROWS);
  const current = rowsUpTo(shown, atMs) - 1 - first;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const box = list.current;
    box?.querySelector('[aria-current]')?.removeAttribute('aria-current');
    const row = box?.querySelectorAll('.event')[current]?.parentElement;
    if (!(row instanceof HTMLElement) || !box) return;
    row.setAttribute('aria-current', 'true');
    const top = row.offsetTop - box.offsetTop - box.clientHeight / 3;
    const isFar = Math.abs(top - box.scrollTop) > box.clientHeight;
    box.scrollTo({ top, behavior: calm || isFar ? 'auto' : 'smooth' });
  }, [current, shown, first]);
  const items = useMemo(
    () => <Rows {...{ log, first, onMoment }} rows={shown} />,
    [shown, shown.length, log.faults.length],
  );
  const head = useMemo(() => <Head {...{ log, rows, chip, onChip }} />, [log, rows, chip]);
  return (
    <section class="card events" aria-label="Events">
      {head}
      <ol ref={list} tabIndex={0} aria-label={`${chip}, in order of time`}>
        {items}
      </ol>
    </section>
  );
}

function Head({ log, rows, chip, onChip }: Pick<Props, 'log' | 'rows' | 'chip' | 'onChip'>) {
  return (
    <>
      <header>
        <h2>Events</h2>
        <span class="sub end">
          {whole(rows[chip].length)} of {whole(log.events.length)} in the log
        </span>
      </header>
      <div class="chips" role="group" aria-label="Kinds of event">
        {CHIPS.filter((one) => one === 'Story' || rows[one].length > 0).map((one) => (
          <button key={one} type="button" class="button" aria-pressed={one === chip} onClick={() => onChip(one)}>
            {one} <span class="sub">{whole(rows[one].length)}</span>
          </button>
        ))}
      </div>
    </>
  );
}

/** More than that nobody scrolls through; the log has them all. */
const MOST_ROWS = 2_000;
const CHUNK = 50;

/** How many are not after an instant. `rows` in order of time. */
function rowsUpTo(rows: readonly Row[], atMs: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as Row).atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface RowsProps {
  readonly log: RunLog;
  readonly rows: readonly Row[];
  /** Those before are not shown. */
  readonly first: number;
  onMoment(atMs: number): void;
}

/** Piece by piece: a row that is added makes one piece anew. */
function Rows({ log, rows, first, onMoment }: RowsProps) {
  const from = first - (first % CHUNK);
  const chunks = Array.from({ length: Math.ceil((rows.length - from) / CHUNK) }, (_, index) => from + index * CHUNK);
  return (
    <>
      {first > 0 ? <li class="quiet earlier">{whole(first)} earlier ones are not listed</li> : null}
      {chunks.map((start) => (
        <Chunk key={start} {...{ log, onMoment }} rows={rows.slice(Math.max(start, first), start + CHUNK)} />
      ))}
    </>
  );
}

function sinceFault(log: RunLog, atMs: number): string {
  const episode = episodeAt(log, atMs);
  return episode ? after(atMs - episode.startMs).replace('\u00a0s', '') : '';
}

function Chunk({ log, rows, onMoment }: Omit<RowsProps, 'first'>) {
  const [head, tail] = [rows[0], rows.at(-1)];
  return useMemo(
    () => (
      <>
        {rows.map(({ atMs, icon, tone, text }, index) => (
          <li key={index}>
            <button type="button" class={`event ${tone}`} onClick={() => onMoment(atMs)}>
              <span class="at">{(atMs / 1000).toFixed(1)}</span>
              <span class="since">{sinceFault(log, atMs)}</span>
              <Icon of={icon} />
              <span>{text}</span>
            </button>
          </li>
        ))}
      </>
    ),
    [head, tail, rows.length, log.faults.length],
  );
}
