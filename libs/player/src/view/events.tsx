// The list of events: the story first, every other kind by its chip.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { RunLog } from '../log/run-log';
import { countUpTo } from '../log/steps';
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
  const current =
    countUpTo(
      useMemo(() => shown.map((row) => row.atMs), [shown]),
      atMs,
    ) - 1;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const box = list.current;
    box?.querySelector('[aria-current]')?.removeAttribute('aria-current');
    const row = box?.children[current];
    if (!(row instanceof HTMLElement) || !box) return;
    row.setAttribute('aria-current', 'true');
    const top = row.offsetTop - box.offsetTop - box.clientHeight / 3;
    box.scrollTo({ top, behavior: calm ? 'auto' : 'smooth' });
  }, [current, shown]);
  const items = useMemo(() => <Rows rows={shown} startMs={log.firstFaultMs} onMoment={onMoment} />, [shown]);
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

function Rows({
  rows,
  startMs,
  onMoment,
}: {
  rows: readonly Row[];
  startMs: number | undefined;
  onMoment(atMs: number): void;
}) {
  return (
    <>
      {rows.map(({ atMs, icon, tone, text }, index) => (
        <li key={index}>
          <button type="button" class={`event ${tone}`} onClick={() => onMoment(atMs)}>
            <span class="at">{(atMs / 1000).toFixed(1)}</span>
            <span class="since">{startMs === undefined ? '' : after(atMs - startMs).replace('\u00a0s', '')}</span>
            <Icon of={icon} />
            <span>{text}</span>
          </button>
        </li>
      ))}
    </>
  );
}
