// Terraform ids that people can read and that never change: the path in the construct tree, joined by `_`.
import { MAIN_RESOURCE } from '@dr/constructs';
import { TerraformElement, TerraformStack } from 'cdktf';
import type { Node } from 'constructs';

export class ReadableStack extends TerraformStack {
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
