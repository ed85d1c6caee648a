// Certificates: issued, of the load balancer's own region, and for every name that clients and peers call it by.
import { textOf, textsOf, type Graph, type Resource } from '@dr/terraform-json';
import { finding, isPrivateZone, normalName, type Finding, type Names } from '@dr/stack';

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
  yield* forbidden(graph, certificate);
  if (textOf(values, 'validation_method') === 'EMAIL') return;
  // ACM issues nothing before each name is proved by a record.
  const options = graph.attribute(certificate, 'domain_validation_options');
  for (const option of Array.isArray(options) ? (options as readonly Option[]) : []) {
    const why = notProved(graph, option, records);
    const fix = `Add the record ${option.resource_record_name}, with the type and the value that ACM gives`;
    if (why !== undefined) yield finding(address, `is never issued: ${why}`, fix);
  }
}

/** What ACM wants to find before it issues a certificate for a name. */
interface Option {
  readonly domain_name: string;
  readonly resource_record_name: string;
  readonly resource_record_value: string;
}

function notProved(graph: Graph, option: Option, records: Names['records']): string | undefined {
  const { domain_name: domain, resource_record_name: name, resource_record_value: value } = option;
  const named = records.filter((record) => record.name === normalName(String(name)));
  if (named.length === 0) return `no record proves that ${domain} is yours`;
  const right = named.filter(({ type, target }) => type === 'CNAME' && target === normalName(String(value)));
  const [wrong] = named;
  if (right.length === 0)
    return `${wrong?.address} does not prove that ${domain} is yours: it has another type or value`;
  const isOpen = right.some(({ zoneId }) => !zonesWith(graph, zoneId).some(isPrivateZone));
  return isOpen ? undefined : `${right[0]?.address} is in a private zone, where ACM does not find it`;
}

const zonesWith = (graph: Graph, zoneId: string): readonly Resource[] =>
  graph.resources.filter(
    (one) => one.type === 'aws_route53_zone' && String(graph.attribute(one, 'zone_id')) === zoneId,
  );

/** ACM user guide, setup-caa. */
const AUTHORITY = /^(amazon|amazontrust|awstrust|amazonaws)\.com$/i;
const CAA = /^\d+\s+(issue|issuewild)\s+"?([^";\s]*)/i;

/** CAA records of a name, or of the nearest name above it that has some, say who may issue for it. */
function* forbidden(graph: Graph, certificate: Resource): Iterable<Finding> {
  const said = graph.ofType('aws_route53_record').filter(({ values }) => textOf(values, 'type') === 'CAA');
  const nameOf = (record: Resource): string => normalName(String(graph.attribute(record, 'fqdn')));
  for (const domain of said.length > 0 ? namesOf(certificate) : []) {
    const labels = domain.replace(/^\*\./, '').split('.');
    const nearest = labels
      .map((_, at) => said.find((record) => nameOf(record) === labels.slice(at).join('.')))
      .find((record) => record !== undefined);
    const sentence = `is never issued: ${nearest?.address} does not let ACM issue certificates for ${domain}`;
    if (nearest && !letsAcm(textsOf(nearest.values, 'records'), domain.startsWith('*.')))
      yield finding(certificate.address, sentence, 'Let amazon.com issue in its records');
  }
}

/** For wildcards `issuewild` decides where there is one. */
function letsAcm(records: readonly string[], isWildcard: boolean): boolean {
  const said = records.flatMap((record) => {
    const [, tag = '', authority = ''] = CAA.exec(record) ?? [];
    return tag === '' ? [] : [{ isWild: tag.toLowerCase() === 'issuewild', authority }];
  });
  const wild = said.filter(({ isWild }) => isWild);
  const deciding = isWildcard && wild.length > 0 ? wild : said.filter(({ isWild }) => !isWild);
  return deciding.length === 0 || deciding.some(({ authority }) => AUTHORITY.test(authority));
}
