// What `dr objectives` does: the arithmetic of dr.config.ts, or of another objective, as text or as JSON.
import type { Context } from '../../context';
import { checkRto } from '../../terminal/options';
import { objectivesOf } from './report';
import { renderObjectives } from './text';

export interface ObjectivesFlags {
  readonly rto?: number;
  readonly json?: true;
}

export async function objectives(context: Context, { rto, json }: ObjectivesFlags): Promise<number> {
  checkRto(rto);
  const report = objectivesOf(context.config(), rto);
  const look = { color: context.outColor, asked: rto === undefined ? 'objectives.rtoSeconds' : '--rto' };
  context.out(json ? `${JSON.stringify(report)}\n` : renderObjectives(report, look));
  return report.met ? 0 : 1;
}
