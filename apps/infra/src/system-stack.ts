// What every stack of the system has: ids that people can read and that never change, and providers that tag all they make.
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { MAIN_RESOURCE } from '@dr/constructs';
import type { DrConfig } from '@dr/contracts/system/config';
import { TerraformElement, TerraformStack } from 'cdktf';
import type { Construct, Node } from 'constructs';

/** Both majors know everything that is set here; a test holds the stack to it. */
const AWS_PROVIDER_VERSIONS = '>= 5.100.0, < 7.0.0';

export class SystemStack extends TerraformStack {
  constructor(
    scope: Construct,
    id: string,
    protected readonly config: DrConfig,
  ) {
    super(scope, id);
    this.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSIONS);
  }

  /** `alias`: of one region beside the default provider. */
  protected awsProvider(region: string, alias?: string): AwsProvider {
    const { system, options } = this.config;
    return new AwsProvider(this, alias === undefined ? 'aws' : `aws_${alias}`, {
      ...(alias === undefined ? {} : { alias }),
      region,
      defaultTags: [{ tags: { System: system } }],
      ...(options.accountId === undefined ? {} : { allowedAccountIds: [options.accountId] }),
    });
  }

  /** `mumbai/alb/https` is `mumbai_alb_https`; a construct's main resource has the construct's own path. */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    return node.scopes
      .slice(node.scopes.indexOf(this) + 1)
      .map((scope) => scope.node.id)
      .filter((part) => part !== MAIN_RESOURCE)
      .join('_');
  }
}
