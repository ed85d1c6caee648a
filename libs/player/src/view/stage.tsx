// The stage: who is down, what they hold, what DNS answers, what each checker sees, what each region does; at one instant.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RunLog } from '../log/run-log';
import type { Moment } from '../moment/moment';
import { counted, listed, seconds, titled, whole } from '../words/figures';
import { isAccelerated } from '../words/front';
import { ClientsPanel } from './clients-panel';
import { Icon } from './icons';
import { useLabel } from './labels';
import { Paths, type Ends } from './paths';
import { RegionPanel } from './region-panel';

export function Stage({ log, moment, calm }: { log: RunLog; moment: Moment; calm: boolean }) {
  const [ref, ends] = useEnds();
  const many = moment.regions.length > 3;
  return (
    <section class="stage" ref={ref} aria-label={useLabel('The system at the cursor')}>
      <div class="column homes">
        {moment.homes.map((home, index) => (
          <>
            <ClientsPanel key={home.region} home={home} />
            {index === 0 ? <Answers log={log} moment={moment} /> : null}
          </>
        ))}
      </div>
      <Paths moment={moment} ends={ends} calm={calm} />
      <div class="column">
        {moment.regions.map((region, index) => (
          <>
            <RegionPanel key={region.region.name} moment={region} system={log.header} folded={many} />
            {index === 0 ? <Replication moment={moment} many={many} /> : null}
          </>
        ))}
      </div>
    </section>
  );
}

function Answers({ log, moment }: { log: RunLog; moment: Moment }) {
  return (
    <section class="panel" aria-label={useLabel('DNS answers')}>
      <header>
        <Icon of="dns" />
        <h2>{isAccelerated(log) ? 'The accelerator leads clients' : 'Route 53 answers'}</h2>
        {isAccelerated(log) ? null : <span class="sub end">TTL {log.header.settings.ttlSeconds} s</span>}
      </header>
      <dl class="answers">
        {moment.answers.map(({ from, regions, moved }) => (
          <div key={from}>
            <dt>near {titled(from)}</dt>
            <dd class={moved ? 'warn' : ''}>
              {listed(regions)}
              {moved ? ' (moved)' : ''}
            </dd>
          </div>
        ))}
      </dl>
      <Elsewhere log={log} atMs={moment.atMs} />
    </section>
  );
}

/** Alarms of what is no region of the system, e.g. of us-east-1. */
function Elsewhere({ log, atMs }: { log: RunLog; atMs: number }) {
  const others = log.regions.slice(log.header.regions.length).filter(({ alarms }) => alarms.size > 0);
  return (
    <>
      {others.map(({ name, alarms }) => {
        const on = [...alarms].filter(([, steps]) => steps.at(atMs) === 'ALARM').map(([alarm]) => alarm);
        return (
          <p key={name} class={on.length > 0 ? 'alarm on' : 'alarm'}>
            <Icon of="alarm" /> {name}: {on.join(', ') || 'no alarm on'}
          </p>
        );
      })}
    </>
  );
}

function Replication({ moment, many }: { moment: Moment; many: boolean }) {
  return (
    <section class="panel" aria-label={useLabel('Replication')}>
      <header>
        <Icon of="arrows" />
        <h2>Replication</h2>
        <span class="sub">
          {moment.replication.some(({ isCut }) => isCut) ? 'cut by the fault, waits' : 'in flight'}
        </span>
      </header>
      {many ? <LinkTable links={moment.replication} /> : <Links links={moment.replication} />}
    </section>
  );
}

type LinkMoments = Moment['replication'];
const MOST_DOTS = 40;

function Links({ links }: { links: LinkMoments }) {
  return (
    <div class="links">
      {links.map(({ from, to, count, oldestMs }) => (
        <div key={`${from} ${to}`}>
          <p class="row">
            <span>
              {titled(from)} to {titled(to)} <b>{whole(count)}</b>
              {count > 0 ? (
                <>
                  , oldest <b>{seconds(oldestMs)}</b>
                </>
              ) : null}
            </span>
          </p>
          <svg class="dots" viewBox="0 0 240 6" aria-hidden="true">
            <path
              d={Array.from({ length: Math.min(count, MOST_DOTS) }, (_, dot) => `M${3 + dot * 6} 3h.01`).join('')}
            />
          </svg>
        </div>
      ))}
    </div>
  );
}

/** Of many regions: a row for each that writes, a column for each that receives. */
function LinkTable({ links }: { links: LinkMoments }) {
  const names = [...new Set(links.map(({ to }) => to))];
  return (
    <table class="link-table">
      <thead>
        <tr>
          <td />
          {names.map((to) => (
            <th key={to} scope="col">
              to {titled(to)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((from) => (
          <tr key={from}>
            <th scope="row">{titled(from)}</th>
            {names.map((to) => (
              <td key={to}>
                <OneLink link={links.find((one) => one.from === from && one.to === to)} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OneLink({ link }: { link: LinkMoments[number] | undefined }) {
  if (!link) return null;
  return (
    <>
      <b class={link.isCut && link.count > 0 ? 'fail' : ''}>{whole(link.count)}</b>
      {link.count > 0 ? <span class="sub"> {seconds(link.oldestMs)}</span> : null}
    </>
  );
}

/** Where the panels are, so that paths end at them: asked for when the stage is laid out anew, and not at every instant. */
function useEnds(): [{ current: HTMLElement | null }, Ends] {
  const ref = useRef<HTMLElement>(null);
  const [ends, setEnds] = useState<Ends>({ homes: new Map(), regions: new Map() });
  useEffect(() => {
    const stage = ref.current;
    if (!stage) return;
    const measure = (): void => {
      const top = stage.getBoundingClientRect().top;
      const middles = (kind: string) =>
        new Map(
          [...stage.querySelectorAll<HTMLElement>(`[data-${kind}]`)].map((element) => {
            const box = element.getBoundingClientRect();
            return [element.dataset[kind] ?? '', box.top - top + Math.min(box.height / 2, 90)] as const;
          }),
        );
      setEnds({ homes: middles('home'), regions: middles('region') });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(stage);
    return () => observer.disconnect();
  }, []);
  return [ref, ends];
}

/** The instant in one sentence, for who listens. */
export function spoken(log: RunLog, moment: Moment): string {
  const down = moment.homes.reduce((sum, { count }) => sum + count.down, 0);
  const since =
    log.firstFaultMs === undefined || moment.atMs < log.firstFaultMs
      ? ''
      : `, ${seconds(moment.atMs - log.firstFaultMs)} after the fault`;
  const dns = moment.answers.map(({ from, regions }) => `DNS near ${titled(from)} answers ${listed(regions)}`);
  return `${seconds(moment.atMs)}${since}: ${counted(down, 'client')} down. ${dns.join(', ')}.`;
}
