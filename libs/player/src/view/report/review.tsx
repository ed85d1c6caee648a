// The report of a review: each public name with each region lost, what is wrong, what changes, what it costs, and what nobody can tell.
import { PROMISED_CLIENT, metText, outcomeText, weightOf } from '@dr/contracts';
import type {
  CostResult,
  FindingResult,
  LossResult,
  ReviewReport as Document,
  ReviewResult,
} from '../../report/review';
import { counted } from '../../words/figures';
import { Icon } from '../icons';
import { Section, Table } from './section';
import { Sheet, type Fact } from './sheet';

const LEAD = `Worked out from the Terraform files alone, whose SHA-256 stand below: nothing was applied, and no account was asked. Times are from the loss of the region until the last ${PROMISED_CLIENT} is served again.`;

export function ReviewReport({ report }: { report: Document }) {
  const { review, files } = report;
  const values = review.unknown.filter(({ address }) => address !== '');
  return (
    <Sheet
      report={report}
      what="Review of Terraform before it is applied"
      lead={LEAD}
      settings={objectiveFacts(review)}
      origin={[
        ['Program', report.provenance.program ?? ''],
        ...files.map(({ path, sha256 }): Fact => [`${path}, SHA-256`, sha256]),
      ]}
      noReplay=""
      replayNote="The same files and version give the same review to the byte."
    >
      {review.unknown
        .filter(({ address }) => address === '')
        .map(({ why }) => (
          <p key={why}>Note: {why}.</p>
        ))}
      <Losses review={review} />
      <Findings findings={review.findings} />
      <Changes review={review} />
      <Cost cost={review.cost} />
      <Unknown values={values} />
      <Waivers review={review} />
    </Sheet>
  );
}

const objectiveFacts = ({ objective: { rtoSeconds, rpoSeconds } }: ReviewResult): Fact[] => [
  ['Recovery time, objective', rtoSeconds === null ? 'none given' : `${rtoSeconds} s`],
  ['Data loss, objective', rpoSeconds === null ? 'none given' : `${rpoSeconds} s`],
];

function Losses({ review: { names, objective } }: { review: ReviewResult }) {
  if (names.length === 0)
    return (
      <Section title="When a region is lost">
        <p>No public name of these files leads to an endpoint of AWS that can be judged.</p>
      </Section>
    );
  const isCompared = names.some(({ faults }) => faults.some(({ before }) => before !== null));
  const head = ['Public name', 'Region', 'Fault', 'Outcome', ...(isCompared ? ['Before'] : []), 'Why'];
  return (
    <Table title="When a region is lost" head={head}>
      {names.map(({ name, policy, faults }) =>
        faults.length === 0 ? (
          <tr key={name}>
            <NameCell name={name} policy={policy} />
            <td colSpan={head.length - 1}>leads to no region that these files tell</td>
          </tr>
        ) : (
          faults.map((loss, at) => (
            <tr key={`${name} ${loss.fault} ${loss.region}`}>
              {at === 0 ? <NameCell name={name} policy={policy} rows={faults.length} /> : null}
              <td class="met">{loss.region}</td>
              <td class="met">{loss.fault}</td>
              <td>
                <OutcomeWord loss={loss} rtoSeconds={objective.rtoSeconds} />
              </td>
              {isCompared ? <td class="quiet">{loss.before ? outcomeText(loss.before) : 'the same'}</td> : null}
              <td class="why">
                {loss.why}
                {loss.drilled ? (
                  <small>
                    drilled: {metText(loss.drilled)}. {loss.drilled.why}
                  </small>
                ) : null}
                {loss.causes.map((cause) => (
                  <small key={cause}>
                    because of <code>{cause}</code>
                  </small>
                ))}
              </td>
            </tr>
          ))
        ),
      )}
    </Table>
  );
}

const NameCell = ({ name, policy, rows = 1 }: { name: string; policy: string; rows?: number }) => (
  <th scope="rowgroup" rowSpan={rows}>
    {name}
    <small>{policy}</small>
  </th>
);

/** Never by colour alone: each has its sign and its words. */
function OutcomeWord({ loss, rtoSeconds }: { loss: LossResult; rtoSeconds: number | null }) {
  const { outcome, seconds } = loss;
  const isLate = outcome === 'recovers' && rtoSeconds !== null && (seconds?.[1] ?? 0) > rtoSeconds;
  const tone = outcome === 'unknown' ? 'quiet' : outcome === 'recovers' && !isLate ? 'ok' : 'fail';
  const icon = { quiet: 'flag', ok: 'tick', fail: 'cross' } as const;
  return (
    <span class={tone}>
      <Icon of={icon[tone]} /> {outcomeText(loss)}
      {isLate ? ', too late' : ''}
    </span>
  );
}

function Findings({ findings }: { findings: readonly FindingResult[] }) {
  if (findings.length === 0)
    return (
      <Section title="Findings">
        <p>None.</p>
      </Section>
    );
  return (
    <Section title="Findings">
      {findings.map((finding) => (
        <Finding key={`${finding.rule} ${finding.address}`} finding={finding} />
      ))}
    </Section>
  );
}

const TONES = { blocks: 'fail', warns: 'warn', note: 'mute', waived: 'mute' } as const;

function Finding({ finding }: { finding: FindingResult }) {
  const { rule, address, message, atFailover, fix, source, file, line, waived } = finding;
  // A message may begin with the address, which stands there already.
  const rest = message.startsWith(address) ? message.slice(address.length) : '';
  const weight = weightOf(finding);
  return (
    <article class="broken finding">
      <h3>
        <span class={`tag ${TONES[weight]}`}>{weight}</span> {rule}
      </h3>
      <p>
        <code>{address}</code>
        {/^[ :]/.test(rest) ? rest : ` ${message}`}.
      </p>
      {waived ? (
        <p>
          Waived until {waived.expires}: {waived.reason}
        </p>
      ) : null}
      {atFailover === '' ? null : <p>{atFailover}.</p>}
      <p>
        <b>Fix:</b> {fix}.
      </p>
      {file === undefined ? null : (
        <p>
          <code>
            {file}
            {line === undefined ? '' : `:${line}`}
          </code>
        </p>
      )}
      <p>
        <a href={source} rel="noreferrer">
          {source}
        </a>
      </p>
    </article>
  );
}

function Changes({ review: { changes } }: { review: ReviewResult }) {
  if (changes.length === 0) return null;
  return (
    <Table title="Changes" head={['Resource', 'Does', 'What that means']}>
      {changes.map(({ address, actions, meaning }) => (
        <tr key={address}>
          <th scope="row">
            <code>{address}</code>
          </th>
          <td>{actions.join(', ')}</td>
          <td>{meaning}</td>
        </tr>
      ))}
    </Table>
  );
}

const usd = (amount: number | null): string => (amount === null ? 'unknown' : `${amount.toFixed(2)}\u00a0USD`);

function Cost({ cost: { beforeUsd, afterUsd, unpriced, lines } }: { cost: CostResult }) {
  const isCompared = beforeUsd !== null;
  return (
    <Table
      title="Fixed cost of a month"
      head={['Charge', ...(isCompared ? ['Before'] : []), isCompared ? 'After' : 'A month']}
      note={`Before the first request, at list prices.${unpriced === 0 ? '' : ` ${counted(unpriced, 'charge')} of unknown price, in no total.`}`}
    >
      <tr>
        <th scope="row">
          <b>In all</b>
        </th>
        {isCompared ? <td>{usd(beforeUsd)}</td> : null}
        <td>
          <b>{usd(afterUsd)}</b>
        </td>
      </tr>
      {lines.map((line) => (
        <tr key={line.what}>
          <th scope="row">{line.what}</th>
          {isCompared ? <td>{usd(line.beforeUsd)}</td> : null}
          <td class={isCompared && line.beforeUsd === line.afterUsd ? 'quiet' : undefined}>{usd(line.afterUsd)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Unknown({ values }: { values: ReviewResult['unknown'] }) {
  if (values.length === 0) return null;
  return (
    <Table
      title="What cannot be told before an apply"
      head={['Resource', 'What, and why']}
      note={`${counted(values.length, 'value')}. None was taken for absent, or for a default.`}
    >
      {values.map(({ address, why, rule }, at) => (
        <tr key={at}>
          <th scope="row">
            <code>{address}</code>
          </th>
          <td>
            {why}
            {rule === undefined ? null : <small>not judged: {rule}</small>}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Waivers({ review: { waivers = [] } }: { review: ReviewResult }) {
  if (waivers.length === 0) return null;
  return (
    <Table title="Waivers" head={['Rule', 'Resource', 'Reason', 'Until', 'Findings']}>
      {waivers.map(({ rule, address, reason, expires, findings }) => (
        <tr key={`${rule} ${address}`}>
          <th scope="row">{rule}</th>
          <td>
            <code>{address}</code>
          </td>
          <td>{reason}</td>
          <td class="met">{expires}</td>
          <td>{findings === 0 ? '0: remove it' : findings}</td>
        </tr>
      ))}
    </Table>
  );
}
