// Ids, ARNs and DNS names that AWS gives: the same resource has others in another file, so its address stands for all of them.
import { knownOrAbsent, type Graph } from '@dr/terraform-json';

const ATTRIBUTES = ['arn', 'id', 'dns_name', 'fqdn', 'domain_name', 'zone_id'];
/** Their ids are the names that people gave them, which other texts may be. */
const NAMED = /^aws_(cloudwatch_|sns_topic_sub|s3_bucket|dynamodb_|lambda_|iam_)/;

const known = new WeakMap<Graph, ReadonlyMap<string, string>>();

/** Read once for each graph: text -> address. */
export function namesIn(graph: Graph): ReadonlyMap<string, string> {
  const found =
    known.get(graph) ??
    new Map(
      graph.resources
        .filter(({ mode }) => mode === 'managed')
        .flatMap((resource) =>
          ATTRIBUTES.filter((name) => name === 'arn' || !NAMED.test(resource.type)).flatMap(
            (name): [string, string][] => {
              // The zone of a balancer or a record is another resource.
              if (name === 'zone_id' && resource.type !== 'aws_route53_zone') return [];
              const value = knownOrAbsent(() => graph.attribute(resource, name));
              return typeof value === 'string' && value !== '' ? [[value, resource.address]] : [];
            },
          ),
        ),
    );
  known.set(graph, found);
  return found;
}
