// The verdict band: one sentence, four facts, the chart of the recovery time. Fixed for the run, but for the clock's hand.
import { useMemo } from 'preact/hooks';
import type { RunLog } from '../log/run-log';
import { SIMULATED, type Verdict } from '../words/verdict';
import { Icon } from './icons';
import { RtoChart } from './rto-chart';

export function VerdictTag({ verdict: { passed, tag } }: { verdict: Verdict }) {
  const tone = passed === undefined ? 'mute' : passed ? 'ok' : 'fail';
  return (
    <span class={`tag ${tone}`}>
      <Icon of={passed === undefined ? 'flag' : passed ? 'tick' : 'cross'} /> {tag}
    </span>
  );
}

export function VerdictBand({ log, verdict, atMs }: { log: RunLog; verdict: Verdict; atMs: number }) {
  const said = useMemo(() => <Said verdict={verdict} />, [verdict]);
  return (
    <div class="verdict">
      {said}
      <RtoChart log={log} atMs={atMs} />
    </div>
  );
}

function Said({ verdict }: { verdict: Verdict }) {
  return (
    <div class="said">
      <p class="tagline">
        <VerdictTag verdict={verdict} /> <span>{SIMULATED}</span>
      </p>
      <h1>{verdict.headline}</h1>
      {verdict.reasons.length > 0 ? (
        <ul class="reasons">
          {verdict.reasons.slice(0, 4).map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
          {verdict.reasons.length > 4 ? <li>and {verdict.reasons.length - 4} more, in the report</li> : null}
        </ul>
      ) : null}
      <dl class="facts">
        {verdict.facts.map(({ name, value, notes }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="value">{value}</dd>
            {notes.map(({ text, met }) => (
              <dd key={text} class="note">
                {met === undefined ? null : (
                  <span class={met ? 'ok' : 'fail'}>
                    <Icon of={met ? 'tick' : 'cross'} />
                    <span class="hidden">{met ? 'met:' : 'missed:'}</span>
                  </span>
                )}
                {text}
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </div>
  );
}
