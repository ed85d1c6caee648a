// Certificates: issued, of the load balancer's own region, and for every name that clients and peers call it by.
import { textOf, textsOf, type Graph, type Resource } from '@dr/terraform-json';
import { finding, normalName, type Finding, type Names } from '@dr/stack';

/** `names`: what the load balancer is called by. */
export function certificateFindings(
  graph: Graph,
  listener: Resource,
  names: readonly string[],
  { records }: Names,
): Finding[] {
  const arn = textOf(listener.values, 'certificate_arn');
  if (arn === undefined)
    return [
      finding(
        listener.address,
        'has no certificate_arn, and HTTPS needs a certificate',
        'Give it one of its own region',
      ),
    ];
  const more = graph
    .ofType('aws_lb_listener_certificate')
    .filter(({ values }) => textOf(values, 'listener_arn') === graph.attribute(listener, 'arn'))
    .map(({ values }) => textOf(values, 'certificate_arn') ?? '');
  const found = [arn, ...more].map((one) => certificateOf(graph, one));
  const missing = found.find((one) => typeof one === 'string');
  if (typeof missing === 'string')
    return [finding(listener.address, missing, 'Make the certificate in this stack, or look it up')];
  const certificates = found as readonly Resource[];
  const covered = certificates.flatMap((one) => namesOf(one));
  return [
    ...certificates.flatMap((one) => issued(graph, one, listener, records)),
    ...names
      .filter((name) => !covered.some((pattern) => covers(pattern, name)))
      .map((name) =>
        finding(
          certificates.map(({ address }) => address).join(', '),
          `(of ${listener.address}) is for ${covered.join(', ')}, and not for ${name}: clients refuse it`,
          `Add ${name} to its subject_alternative_names`,
        ),
      ),
  ];
}

function certificateOf(graph: Graph, arn: string): Resource | string {
  const own = graph.find('aws_acm_certificate', 'arn', arn);
  if (own) return own;
  const looked = graph.resources.find(
    (one) => one.mode === 'data' && one.type === 'aws_acm_certificate' && graph.attribute(one, 'arn') === arn,
  );
  return looked ?? `has the certificate "${arn}", which is not in the stack: the names that it is for are unknown`;
}

const namesOf = ({ mode, values }: Resource): string[] =>
  mode === 'data'
    ? [normalName(textOf(values, 'domain') ?? '')]
    : [textOf(values, 'domain_name') ?? '', ...textsOf(values, 'subject_alternative_names')].map(normalName);

/** `*` stands for one label (RFC 9525). */
const covers = (pattern: string, name: string): boolean =>
  pattern === name ||
  (pattern.startsWith('*.') && name.includes('.') && name.slice(name.indexOf('.')) === pattern.slice(1));

function issued(graph: Graph, certificate: Resource, listener: Resource, records: Names['records']): Finding[] {
  const { address, awsRegion, values, mode } = certificate;
  if (awsRegion !== listener.awsRegion) {
    return [
      finding(
        address,
        `is in ${awsRegion}, and ${listener.address} in ${listener.awsRegion} takes certificates of its own region only`,
        `Give the listener a certificate of ${listener.awsRegion}`,
      ),
    ];
  }
  if (mode === 'data') return [];
  if (textOf(values, 'certificate_authority_arn') !== undefined) {
    return [
      finding(
        address,
        'is issued by a private authority, which clients on the internet do not trust',
        'Take one that ACM issues itself',
      ),
    ];
  }
  if (textOf(values, 'certificate_body') !== undefined) {
    return [
      finding(
        address,
        'is imported: the names that it is for and its end are unknown',
        'Take one that ACM issues and renews itself',
      ),
    ];
  }
  const arn = graph.attribute(certificate, 'arn');
  const waits = graph
    .ofType('aws_acm_certificate_validation')
    .some((one) => textOf(one.values, 'certificate_arn') === arn);
  if (!waits)
    return [
      finding(
        address,
        `is validated by no aws_acm_certificate_validation: ${listener.address} cannot use it before it is issued`,
        'Add one, and take the certificate_arn of the validation',
      ),
    ];
  if (textOf(values, 'validation_method') === 'EMAIL') return [];
  return proofs(graph, certificate, records);
}

/** ACM issues nothing before each name is proved by a record. */
function proofs(graph: Graph, certificate: Resource, records: Names['records']): Finding[] {
  const options = graph.attribute(certificate, 'domain_validation_options');
  const wanted = Array.isArray(options) ? (options as readonly Readonly<Record<string, unknown>>[]) : [];
  const proved = new Set(records.map(({ name }) => name));
  return wanted
    .filter((option) => !proved.has(normalName(String(option['resource_record_name']))))
    .map((option) =>
      finding(
        certificate.address,
        `is never issued: no record proves that ${String(option['domain_name'])} is yours`,
        `Add the record ${String(option['resource_record_name'])}`,
      ),
    );
}
