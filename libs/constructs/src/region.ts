// Where a construct stands: one region, its provider alias, and the account it belongs to.
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Aspects, TerraformDataSource, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';

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

/** What is made below it is made in its place, unless the resource itself names another provider. */
export abstract class Placed extends Construct {
  constructor(
    scope: Construct,
    id: string,
    readonly place: Place,
  ) {
    super(scope, id);
    Aspects.of(this).add({
      visit: (node) => {
        const isOfAws = TerraformResource.isTerraformResource(node) || TerraformDataSource.isTerraformDataSource(node);
        if (isOfAws && node.terraformResourceType.startsWith('aws_')) node.provider ??= place.provider;
      },
    });
  }
}

export interface PlacedProps {
  readonly place: Place;
}

/** Of what has one owner and copies elsewhere: the first place owns it. */
export interface PlacesProps {
  readonly places: readonly [Place, ...Place[]];
}
