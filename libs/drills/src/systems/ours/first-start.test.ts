// The first apply of the default stack, drilled; and that the drill sees what creation without an order would do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseStack, type Graph } from '@dr/terraform-json';
import { runFirstStart } from './first-start';
import { withSynthesizedStack } from '../../testing/synthesized-stack';
import { OURS } from '.';

/** The stack with the dependencies of all resources of some types taken away. */
function withoutOrder(graph: Graph, types: readonly string[]): Graph {
  const json = JSON.parse(readFileSync(join(graph.directory, 'cdk.tf.json'), 'utf8')) as {
    resource: Record<string, Record<string, object>>;
  };
  for (const body of types.flatMap((type) => Object.values(json.resource[type] ?? {}))) {
    Object.assign(body, { depends_on: [] });
  }
  return parseStack(json, graph.directory);
}

it.each([1, 2, 3])('pages nobody and records no incident, seed %i', async (seed) => {
  const start = await withSynthesizedStack([], (graph) => runFirstStart({ system: OURS, graph, seed }));
  expect(start).toMatchObject({ passed: true, pages: [], incidents: [], failures: 0 });
  expect(Object.values(start.servingSeconds)).not.toContain(null);
});

it('pages nobody where a single failed probe takes a region out', async () => {
  const start = await withSynthesizedStack(['--rto', '27'], (graph) => runFirstStart({ system: OURS, graph, seed: 1 }));
  expect(start).toMatchObject({ passed: true, pages: [], incidents: [] });
});

it('fails when health checks and alarms are as old as what they watch', async () => {
  const start = await withSynthesizedStack([], (graph) => {
    const early = withoutOrder(graph, ['aws_route53_health_check', 'aws_cloudwatch_metric_alarm']);
    return runFirstStart({ system: OURS, graph: early, seed: 1 });
  });
  expect(start.passed).toBe(false);
  expect(start.unhealthy).not.toEqual([]);
  expect(start.pages.map(({ subject }) => subject)).toContainEqual(expect.stringContaining('route53-unhealthy'));
});
