// The JSON of what a region leaves that is gone for good, with each field explained.
import type { JsonShape } from '../../terminal/manual';

export const AFTERMATH: JsonShape = {
  'lost.writes': 'number: acknowledged writes that no region has that is left',
  'lost.versions[].id': 'string: each of them',
  'lost.versions[].timestamp': 'string: its version',
  'lost.versions[].ageSeconds': 'number: at the loss',
  'lost.apart': 'number: acknowledged writes that some of the regions that are left have, and others never get',
  'degraded[].what': 'string: addresses in the stack, or what people call it',
  'degraded[].state': 'string: lost, read-only or degraded',
  'degraded[].why': 'string: in words',
  'degraded[].remedy': 'string: what to do about it',
  'degraded[].source': 'string | null: page that says so; null: it follows from the stack',
  'plan.region.name': 'string: where the stack is to be applied',
  'plan.region.awsRegion': 'string: AWS id',
  'plan.tableGb': 'number: as --table-gb says',
  'plan.servingMeanwhile[]': 'string: regions that are left',
  'plan.promisedPerSecond': 'number: requests that each region is to serve alone, as dr.config.ts says',
  'plan.steps[].step': 'string: what is to be done',
  'plan.steps[].command': 'string | null: lines of a shell that do it',
  'plan.steps[].seconds': 'number | null: what it takes; null: it had no end on the twin',
  'plan.steps[].alongside': 'boolean: it begins with the one before',
  'plan.steps[].basis': 'string: simulated or assumed',
  'plan.steps[].source': 'string: page that it rests on, or what is assumed',
  'plan.redundantAfterSeconds': 'number | null: from the loss until the new region serves; null: it never did',
  'plan.withoutRedundancySeconds': 'number | null: so long one more loss was an outage; null: without end',
};
