// Records of a set of which nobody can tell before an apply whose set it is.
import { knownOrAbsent, textOf, type Graph, type Resource } from '@dr/terraform-json';

/** With a set_identifier, and without a known name, type or zone: any name may have them among its records. */
export const openRecords = (graph: Graph): readonly Resource[] =>
  graph.ofType('aws_route53_record').filter(({ values }) => {
    const isTold = (key: string): boolean => knownOrAbsent(() => [textOf(values, key)]) !== undefined;
    const isAlone = isTold('set_identifier') && textOf(values, 'set_identifier') === undefined;
    return !isAlone && !['name', 'type', 'zone_id'].every(isTold);
  });
