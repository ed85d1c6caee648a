// The secret that holds the item API's keys, replicated to every region. Terraform never holds its value.
import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { apiKeySecretName, ENV } from '@dr/contracts/system';
import type { Construct } from 'constructs';
import type { RegionFunction } from './function';
import { checkedName } from './names';
import { keptBy, MAIN_RESOURCE, Placed, type PlacesProps } from './region';

const RECOVERY_WINDOW_DAYS = 30;
/** Secrets Manager ends every ARN in a hyphen and six characters of its own. */
const ARN_SUFFIX = '-??????';

export class ApiKeys extends Placed {
  private readonly name: string;
  private readonly secret: SecretsmanagerSecret;
  private readonly awsRegions: readonly string[];

  constructor(scope: Construct, id: string, { places: [owner, ...others] }: PlacesProps) {
    super(scope, id, owner);
    this.awsRegions = [owner, ...others].map(({ awsRegion }) => awsRegion);
    this.name = checkedName('secret', apiKeySecretName(owner.system));
    this.secret = new SecretsmanagerSecret(this, MAIN_RESOURCE, {
      name: this.name,
      description: 'Bearer keys of the item API, current and previous; `dr keys rotate` writes them',
      recoveryWindowInDays: owner.protect ? RECOVERY_WINDOW_DAYS : 0,
      replica: others.map((p) => ({ region: p.awsRegion })),
      ...keptBy(owner),
    });
  }

  /** Lets the function read every replica: it asks a peer's where Secrets Manager or KMS of its own region does not answer. */
  grantRead(fn: RegionFunction): void {
    const { accountId } = fn.place;
    fn.grant({
      sid: 'ApiKeys',
      actions: ['secretsmanager:GetSecretValue'],
      resources: this.awsRegions.map(
        (awsRegion) => `arn:aws:secretsmanager:${awsRegion}:${accountId}:secret:${this.name}${ARN_SUFFIX}`,
      ),
    });
    fn.tell({ [ENV.apiKeySecret]: this.secret.name });
  }
}
