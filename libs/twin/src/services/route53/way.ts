// One connection to a door: from where, to where, and through which node of a load balancer.
import { regionSite, type Site } from '../../site';
import type { Door } from '../ports';

export class Way {
  readonly to: Site;
  private zone: string | undefined;

  constructor(
    readonly from: Site,
    readonly door: Door,
    /** Zones of the nodes that the client was told; undefined: all. */
    private readonly zones: readonly string[] | undefined,
  ) {
    this.to = door.site ?? regionSite(door.awsRegion);
  }

  /** Which node the client took matters, and is drawn, only once one of them may be dark. */
  isDark(): boolean {
    const { nodes } = this.door;
    if (!nodes?.isAnyDark) return false;
    this.zone ??= nodes.pick(this.zones);
    return this.zone !== undefined && nodes.isDark(this.zone);
  }
}
