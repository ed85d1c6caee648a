// What can be done to one region of a run that goes on: lose it, bring it back, take its traffic away, give it back.
import { LOSS_KINDS } from '@dr/contracts';
import { outWords, WAITS } from '../words/acts';
import { titled } from '../words/figures';
import { Icon } from './icons';
import { useAct } from './act';
import { useConsole } from './of-console';

/** `waits`: it has caught up, and serves again by an order only. */
export function RegionActs({ name, waits }: { name: string; waits: boolean }) {
  const console = useConsole();
  const act = useAct();
  if (!console || console.run.isOver) return null;
  const { given } = console.run;
  const loss = given.faults.find(({ fault }) => fault.region === name && LOSS_KINDS.includes(fault.kind));
  const last = given.orders.findLast(({ region }) => region === name);
  const isOut = last?.order === 'evacuate';
  return (
    <p class="acts" role="group" aria-label={`Do to ${titled(name)}`}>
      {loss ? (
        <button type="button" class="button strong" onClick={() => act({ do: 'end', id: loss.id })}>
          <Icon of="tick" /> Bring {titled(name)} back
        </button>
      ) : (
        <button
          type="button"
          class="button lose"
          onClick={() => act({ do: 'begin', fault: { kind: 'region-dark', region: name } })}
        >
          <Icon of="cross" /> Lose {titled(name)}
        </button>
      )}
      {isOut || waits ? (
        <>
          <button type="button" class="button" onClick={() => act({ do: 'order', order: 'readmit', region: name })}>
            Readmit
            <span class="hidden"> {titled(name)}</span>
          </button>
          <span class="sub">{isOut ? outWords(last) : WAITS}</span>
        </>
      ) : (
        <button type="button" class="button" onClick={() => act({ do: 'order', order: 'evacuate', region: name })}>
          Evacuate
          <span class="hidden"> {titled(name)}</span>
        </button>
      )}
    </p>
  );
}
