// One region at one instant: its state, its checkers, its traffic, its replica, its alarms.
import type { LogHeader } from '@dr/event-log';
import { useMemo, useState } from 'preact/hooks';
import type { CheckerCell, RegionMoment, Tag } from '../moment/moment';
import { seconds, titled, whole } from '../words/figures';
import { Icon } from './icons';
import { useLabel } from './labels';
import { RegionActs } from './region-acts';

interface Props {
  readonly moment: RegionMoment;
  readonly system: LogHeader;
  /** Only its header until it is opened: with many regions. */
  readonly folded: boolean;
}

export function RegionPanel({ moment, system, folded }: Props) {
  const [open, setOpen] = useState(!folded);
  const { region, tag, heartbeatAgeMs } = moment;
  return (
    <section
      class={`panel region ${tag.kind}`}
      data-region={region.name}
      aria-label={useLabel(`Region ${titled(region.name)}`)}
    >
      <header>
        <Icon of="region" />
        <h2>{titled(region.name)}</h2>
        <span class="sub">{region.id.awsRegion}</span>
        <StateTag tag={tag} />
        {heartbeatAgeMs === undefined ? null : (
          <span class="sub end beat">heartbeat {seconds(heartbeatAgeMs)} ago</span>
        )}
        {folded ? (
          <button type="button" class="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Fold' : 'Open'}
          </button>
        ) : null}
      </header>
      <RegionActs name={region.name} waits={tag.kind === 'waiting'} />
      {open ? <Blocks moment={moment} threshold={system.settings.failureThreshold} /> : null}
    </section>
  );
}

function StateTag({ tag }: { tag: Tag }) {
  if (tag.kind === 'struck')
    return (
      <span class="tag fail">
        <Icon of="cross" /> {tag.faults.map(({ kind }) => kind).join(', ')}
      </span>
    );
  const [tone, icon] = (
    {
      serving: ['ok', 'tick'],
      dark: ['fail', 'cross'],
      recovering: ['warn', 'flag'],
      waiting: ['warn', 'flag'],
    } as const
  )[tag.kind];
  return (
    <span class={`tag ${tone}`}>
      <Icon of={icon} /> {tag.kind}
    </span>
  );
}

/** Each block is made anew only when what it says has changed. */
function Blocks({ moment, threshold }: { moment: RegionMoment; threshold: number }) {
  const { checkers, healthyCheckers, served, failed, invocations, held, written, alarmsOn, messages } = moment;
  const ageMs = moment.lastMessageAgeMs;
  const seen = checkers.map(({ healthy, against }) => `${healthy ? '' : '-'}${against}`).join();
  const ran = invocations.map(({ count }) => count).join();
  return (
    <div class="blocks">
      {useMemo(
        () => (
          <Seen {...{ checkers, healthyCheckers, threshold }} />
        ),
        [seen, threshold],
      )}
      {useMemo(
        () => (
          <Traffic {...{ served, failed, invocations }} />
        ),
        [served, failed, ran],
      )}
      {useMemo(
        () => (
          <Replica {...{ held, written }} />
        ),
        [held, written],
      )}
      <Alarms on={alarmsOn} messages={messages} age={ageMs === undefined ? '' : `, ${seconds(ageMs)} ago`} />
    </div>
  );
}

type SeenProps = Pick<RegionMoment, 'checkers' | 'healthyCheckers'> & { readonly threshold: number };

function Seen({ checkers, healthyCheckers, threshold }: SeenProps) {
  return (
    <div>
      <h3>
        <Icon of="checker" /> Checkers
      </h3>
      <Checkers cells={checkers} threshold={threshold} />
      <p>
        <b>
          {healthyCheckers} of {checkers.length}
        </b>{' '}
        find it healthy
      </p>
    </div>
  );
}

function Traffic({ served, failed, invocations }: Pick<RegionMoment, 'served' | 'failed' | 'invocations'>) {
  const dead = served + failed === 0;
  return (
    <div>
      <h3>
        <Icon of="balancer" /> Traffic, last 10 s
      </h3>
      <p class="row">
        ok / failed{' '}
        <b>
          {served} / <span class={failed > 0 ? 'fail' : ''}>{failed}</span>
        </b>
      </p>
      {invocations.map(({ name, count }) => (
        <p key={name} class={dead || count === 0 ? 'row off' : 'row'}>
          <span>{name}</span> <b>{count}</b>
        </p>
      ))}
    </div>
  );
}

function Replica({ held, written }: Pick<RegionMoment, 'held' | 'written'>) {
  return (
    <div>
      <h3>
        <Icon of="replica" /> Replica
      </h3>
      <p class="large">{whole(held)}</p>
      <p class="row">of {whole(written)} written</p>
      <p class="row">{held < written ? `${whole(written - held)} to come in` : 'all here'}</p>
    </div>
  );
}

interface AlarmsProps {
  readonly on: readonly string[];
  readonly messages: number;
  /** Of the last message. */
  readonly age: string;
}

function Alarms({ on, messages, age }: AlarmsProps) {
  return (
    <div>
      <h3>
        <Icon of="alarm" /> Alarms
      </h3>
      {on.length === 0 ? <p>none on</p> : null}
      {on.map((name) => (
        <p key={name} class="alarm on">
          <Icon of="alarm" /> {name}
        </p>
      ))}
      <p class="alarm">
        <Icon of="message" /> {messages === 1 ? '1 message' : `${messages} messages`}
        {age}
      </p>
    </div>
  );
}

const COLUMNS = 8;
const WIDTH = 16;
const HEIGHT = 14;

/**
 * A cell of bars for each checker, one bar for each probe that counts: full ones for healthy, open ones for probes that say the contrary.
 * A checker that finds the region unhealthy is a box with a cross.
 */
function Checkers({ cells, threshold }: { cells: readonly CheckerCell[]; threshold: number }) {
  const rows = Math.ceil(cells.length / COLUMNS);
  const place = (index: number): [number, number] => [
    (index % COLUMNS) * WIDTH + 1,
    Math.floor(index / COLUMNS) * HEIGHT + 1,
  ];
  const bar = (index: number, number: number): string => {
    const [x, y] = place(index);
    const height = 11 / threshold;
    return `M${x} ${y + number * height}h13v${Math.max(1, height - 1.2)}h-13z`;
  };
  const full: string[] = [];
  const open: string[] = [];
  const failing: string[] = [];
  cells.forEach(({ healthy, against }, index) => {
    const [x, y] = place(index);
    if (!healthy && against === 0)
      failing.push(`M${x} ${y}h13v11h-13zM${x + 3.5} ${y + 2.5}l6 6M${x + 9.5} ${y + 2.5}l-6 6`);
    else
      for (let number = 0; number < threshold; number += 1)
        (number < threshold - against === healthy ? full : open).push(bar(index, number));
  });
  return (
    <svg class="checkers" viewBox={`0 0 ${COLUMNS * WIDTH} ${Math.max(1, rows) * HEIGHT}`} aria-hidden="true">
      <path class="bar-full" d={full.join('')} />
      <path class="bar-open" d={open.join('')} />
      <path class="bar-failing" d={failing.join('')} />
    </svg>
  );
}
