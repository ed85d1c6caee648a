// The console's panel: how fast time passes, every fault that can be struck, what is in force, and how the system is reached from outside.
import { useMemo } from 'preact/hooks';
import type { Console } from '../adapters/console';
import type { InForce } from '../live/messages';
import { faultName, untilWords } from '../words/acts';
import { useAct } from './act';
import { Icon } from './icons';
import { EndpointsOf } from './endpoints';
import { Strike } from './strike';

/** `settings`: changes with what is drawn here. */
export function ConsolePanel({ console, settings }: { console: Console; settings: number }) {
  return useMemo(() => <Panel console={console} />, [console, settings]);
}

function Panel({ console }: { console: Console }) {
  const { run, endpoints } = console;
  return (
    <section class="card console" aria-label="Console">
      <div class="console-parts">
        <Speed console={console} />
        <Strike endpoints={endpoints} />
        <Force faults={run.given.faults} />
      </div>
      <p class="outcome" role="status">
        {run.outcome && !run.outcome.isRefused ? run.outcome.text : ''}
      </p>
      <p class="outcome fail" role="alert">
        {run.outcome?.isRefused ? run.outcome.text : ''}
      </p>
      <EndpointsOf endpoints={endpoints} />
    </section>
  );
}

const SPEEDS = [1, 2, 5, 10, 20, 50, 100];

function Speed({ console: { run, endpoints } }: { console: Console }) {
  const act = useAct();
  const clock = run.clock;
  if (!clock) return null;
  return (
    <div>
      <h2>
        Speed <span class="sub">virtual seconds a second</span>
      </h2>
      <div class="buttons speeds" role="group" aria-label="Speed">
        <button
          type="button"
          class={clock.paused ? 'button strong' : 'button'}
          onClick={() => act({ do: clock.paused ? 'resume' : 'pause' })}
        >
          {clock.paused ? 'Resume' : 'Pause'}
        </button>
        {SPEEDS.filter((one) => one <= endpoints.choices.maxSpeed).map((asked) => (
          <button
            key={asked}
            type="button"
            class="button"
            aria-pressed={clock.asked === asked}
            onClick={() => act({ do: 'speed', asked })}
          >
            {asked} x
          </button>
        ))}
      </div>
    </div>
  );
}

function Force({ faults }: { faults: readonly InForce[] }) {
  const act = useAct();
  return (
    <div>
      <h2>
        In force <span class="sub">{faults.length === 0 ? 'no fault' : faults.length}</span>
        {faults.length > 1 ? (
          <button type="button" class="button end" onClick={() => act({ do: 'end-all' })}>
            End all
          </button>
        ) : null}
      </h2>
      <ul class="force">
        {faults.map((one) => (
          <li key={one.id}>
            <Icon of="fault" />
            <span>
              {faultName(one.fault)} <span class="sub">{untilWords(one)}</span>
            </span>
            <button type="button" class="button" onClick={() => act({ do: 'end', id: one.id })}>
              End<span class="hidden"> {faultName(one.fault)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
