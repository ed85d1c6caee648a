// Where a construct stands: one region, its provider alias, and the account it belongs to.
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';

export interface Place {
  readonly system: string;
  /** Short region name, e.g. `mumbai`. */
  readonly name: string;
  readonly awsRegion: string;
  readonly provider: AwsProvider;
  /** Token of the account id. */
  readonly accountId: string;
  /** False makes everything destroyable. */
  readonly protect: boolean;
}

/**
 * For what the service, its data or the auditor's record cannot do without: Terraform refuses a plan that would destroy it.
 * Terraform takes no variable here, and the refusal goes with the block: the check of plans sees what has left the config.
 */
export const keptBy = ({
  protect,
}: Pick<Place, 'protect'>): { readonly lifecycle?: { readonly preventDestroy: true } } =>
  protect ? { lifecycle: { preventDestroy: true } } : {};

/** Id of a construct's main resource: its Terraform address is the construct's own path. */
export const MAIN_RESOURCE = 'resource';
