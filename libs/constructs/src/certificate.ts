// The certificate of one region's load balancer, validated by DNS, for the regional name and the shared domain.
import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { checkedName } from './names';
import { MAIN_RESOURCE, Placed, type PlacedProps } from './region';

export interface CertificateProps extends PlacedProps {
  readonly regionalDomain: string;
  readonly domain: string;
  readonly zoneId: string;
  /** Provider of the global layer, which holds the zone. */
  readonly globalProvider: AwsProvider;
  /** The record that validates the shared domain. ACM asks for the same one in every region, so only one region makes it. */
  readonly sharedValidation?: ITerraformDependable | undefined;
}

const VALIDATION_TTL_SECONDS = 300;

export class Certificate extends Placed {
  /** Known once the certificate is issued. */
  readonly arn: string;
  readonly sharedValidation: ITerraformDependable;

  constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id, props.place);
    const certificate = new AcmCertificate(this, MAIN_RESOURCE, {
      domainName: checkedName('certificate domain', props.regionalDomain),
      subjectAlternativeNames: [props.domain],
      validationMethod: 'DNS',
      lifecycle: { createBeforeDestroy: true },
    });
    const own = this.validationRecord('validation', certificate, props.regionalDomain, props);
    this.sharedValidation =
      props.sharedValidation ?? this.validationRecord('validation_shared', certificate, props.domain, props);
    this.arn = new AcmCertificateValidation(this, 'issued', {
      certificateArn: certificate.arn,
      dependsOn: [own, this.sharedValidation],
    }).certificateArn;
  }

  private validationRecord(
    id: string,
    certificate: AcmCertificate,
    name: string,
    props: CertificateProps,
  ): Route53Record {
    const option = (attribute: string): string =>
      `\${one([for o in ${certificate.terraformResourceType}.${certificate.friendlyUniqueId}.domain_validation_options : ` +
      `o.${attribute} if o.domain_name == "${name}"])}`;
    return new Route53Record(this, id, {
      provider: props.globalProvider,
      zoneId: props.zoneId,
      name: option('resource_record_name'),
      type: option('resource_record_type'),
      records: [option('resource_record_value')],
      ttl: VALIDATION_TTL_SECONDS,
      allowOverwrite: true,
    });
  }
}
