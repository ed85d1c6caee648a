// Certificates: issued, of the load balancer's own region, and for every name that clients and peers call it by.
import { textOf, textsOf, type Graph, type Resource } from '@dr/terraform-json';
import { finding, normalName, type Finding, type Names } from '@dr/stack';

/** `names`: what the load balancer is called by. */
export function* certificateFindings(
  graph: Graph,
  listener: Resource,
  names: readonly string[],
  { records }: Names,
): Iterable<Finding> {
  const { address } = listener;
  const own = textOf(listener.values, 'certificate_arn');
  if (own === undefined) {
    const sentence = 'has no certificate_arn, and HTTPS needs a certificate';
    return yield finding(address, sentence, 'Give it one of its own region');
  }
  const more = graph
    .ofType('aws_lb_listener_certificate')
    .filter(({ values }) => textOf(values, 'listener_arn') === graph.attribute(listener, 'arn'))
    .map(({ values }) => textOf(values, 'certificate_arn') ?? '');
  const certificates: Resource[] = [];
  for (const arn of [own, ...more]) {
    const certificate = certificateOf(graph, arn);
    if (!certificate) {
      const sentence = `has the certificate "${arn}", which is not in the stack: the names that it is for are unknown`;
      return yield finding(address, sentence, 'Make the certificate in this stack, or look it up');
    }
    certificates.push(certificate);
  }
  for (const one of certificates) yield* issued(graph, one, listener, records);
  const covered = certificates.flatMap(namesOf);
  for (const name of names.filter((one) => !covered.some((pattern) => covers(pattern, one))))
    yield finding(
      certificates.map((one) => one.address).join(', '),
      `(of ${address}) is for ${covered.join(', ')}, and not for ${name}: clients refuse it`,
      `Add ${name} to its subject_alternative_names`,
    );
}

/** Made in the stack, or looked up. */
const certificateOf = (graph: Graph, arn: string): Resource | undefined =>
  graph.find('aws_acm_certificate', 'arn', arn) ??
  graph.resources.find(
    (one) => one.mode === 'data' && one.type === 'aws_acm_certificate' && graph.attribute(one, 'arn') === arn,
  );

const namesOf = ({ mode, values }: Resource): string[] =>
  mode === 'data'
    ? [normalName(textOf(values, 'domain') ?? '')]
    : [textOf(values, 'domain_name') ?? '', ...textsOf(values, 'subject_alternative_names')].map(normalName);

/** `*` stands for one label (RFC 9525). */
const covers = (pattern: string, name: string): boolean =>
  pattern === name ||
  (pattern.startsWith('*.') && name.includes('.') && name.slice(name.indexOf('.')) === pattern.slice(1));

function* issued(
  graph: Graph,
  certificate: Resource,
  listener: Resource,
  records: Names['records'],
): Iterable<Finding> {
  const { address, awsRegion, values, mode } = certificate;
  if (awsRegion !== listener.awsRegion) {
    const sentence = `is in ${awsRegion}, and ${listener.address} in ${listener.awsRegion} takes certificates of its own region only`;
    return yield finding(address, sentence, `Give the listener a certificate of ${listener.awsRegion}`);
  }
  if (mode === 'data') return;
  if (textOf(values, 'certificate_authority_arn') !== undefined) {
    const sentence = 'is issued by a private authority, which clients on the internet do not trust';
    return yield finding(address, sentence, 'Take one that ACM issues itself');
  }
  if (textOf(values, 'certificate_body') !== undefined) {
    const sentence = 'is imported: the names that it is for and its end are unknown';
    return yield finding(address, sentence, 'Take one that ACM issues and renews itself');
  }
  const arn = graph.attribute(certificate, 'arn');
  const waits = graph
    .ofType('aws_acm_certificate_validation')
    .some((one) => textOf(one.values, 'certificate_arn') === arn);
  if (!waits) {
    const sentence = `is validated by no aws_acm_certificate_validation: ${listener.address} cannot use it before it is issued`;
    return yield finding(address, sentence, 'Add one, and take the certificate_arn of the validation');
  }
  if (textOf(values, 'validation_method') === 'EMAIL') return;
  // ACM issues nothing before each name is proved by a record.
  const options = graph.attribute(certificate, 'domain_validation_options');
  const wanted = Array.isArray(options) ? (options as readonly Readonly<Record<string, unknown>>[]) : [];
  const proved = new Set(records.map(({ name }) => name));
  for (const { domain_name: domain, resource_record_name: record } of wanted)
    if (!proved.has(normalName(String(record))))
      yield finding(
        address,
        `is never issued: no record proves that ${String(domain)} is yours`,
        `Add the record ${String(record)}`,
      );
}
