// Global Accelerator: the same addresses everywhere, and behind them the nearest group that is taken for healthy.
import { oneWayMs } from '@dr/contracts';
import { ACCELERATOR_LAG_SECONDS } from '@dr/stack';
import type { HttpResponse } from '../../http';
import type { Site } from '../../site';
import type { World } from '../../world';
import type { Door } from '../ports';
import { bare } from './assumed';

export interface Group {
  readonly awsRegion: string;
  readonly dialPercent: number;
  readonly doors: readonly Door[];
}

export class Accelerator implements Door {
  readonly awsRegion: string;
  /** As the accelerator knows them. */
  private readonly unhealthy = new Set<Door>();

  constructor(
    readonly dnsName: string,
    private readonly world: World,
    private readonly groups: readonly Group[],
  ) {
    this.awsRegion = groups[0]?.awsRegion ?? '';
  }

  /** [A] It acts so long after its endpoints have changed. */
  healthChanged(): void {
    for (const door of this.groups.flatMap(({ doors }) => doors)) {
      const healthy = door.targetsHealthy();
      this.world.scheduler.after(ACCELERATOR_LAG_SECONDS * 1_000, () => {
        if (healthy) this.unhealthy.delete(door);
        else this.unhealthy.add(door);
      });
    }
  }

  /** A group whose dial is 0 is taken where no other is healthy; where none is, all are. */
  towards(from: Site): Door {
    const isWell = (door: Door): boolean => !this.unhealthy.has(door);
    const well = this.groups.filter(({ doors }) => doors.some(isWell));
    const serving = well.length > 0 ? well : this.groups;
    const dialled = serving.filter(({ dialPercent }) => dialPercent > 0);
    const [nearest] = [...(dialled.length > 0 ? dialled : serving)].sort(
      (a, b) => oneWayMs(from.at, a.awsRegion) - oneWayMs(from.at, b.awsRegion),
    );
    return nearest?.doors.find(isWell) ?? nearest?.doors[0] ?? this;
  }

  portState(): 'open' {
    return 'open';
  }

  speaksTls(): boolean {
    return true;
  }

  /** Only where nothing is behind it. */
  handle(): Promise<HttpResponse> {
    return Promise.resolve(bare(503, 'accelerator'));
  }

  /** Of itself: it is in no region. */
  targetsHealthy(): boolean {
    return true;
  }
}
