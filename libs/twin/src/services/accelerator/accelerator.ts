// Global Accelerator: the same addresses everywhere, and behind them the nearest group that is taken for healthy.
import { ACCELERATOR_LOOK, GLOBAL_REGION, oneWayMs } from '@dr/contracts';
import type { HttpResponse } from '../../http';
import type { Random } from '../../kernel/random';
import { silence, type Site } from '../../site';
import type { World } from '../../world';
import type { Door } from '../ports';

export interface Group {
  readonly awsRegion: string;
  readonly dialPercent: number;
  readonly doors: readonly Door[];
  /** @default it is there */
  readonly exists?: () => boolean;
}

const LOOK_MS = ACCELERATOR_LOOK.intervalSeconds * 1_000;

export class Accelerator implements Door {
  readonly awsRegion: string;
  readonly movesClients = true;
  /** As the accelerator knows them. */
  private readonly unhealthy = new Set<Door>();
  private readonly random: Random;

  constructor(
    readonly dnsName: string,
    private readonly world: World,
    private readonly groups: readonly Group[],
    /** Some clients are led elsewhere from now on. */
    private readonly onMove: () => void,
  ) {
    this.awsRegion = groups[0]?.awsRegion ?? GLOBAL_REGION;
    this.random = world.random.stream(`accelerator/${dnsName}`);
  }

  /** GA-02. Each endpoint has a phase of its own. */
  start(): void {
    for (const door of this.groups.flatMap(({ doors }) => doors))
      this.world.scheduler.after(this.random.between(0, LOOK_MS), () => this.look(door, 0));
  }

  /** `streak`: looks in a row before this one that said another thing than is held. */
  private look(door: Door, streak: number): void {
    const isWell = door.looksWell ? door.looksWell() : door.targetsHealthy();
    const isNews = isWell === this.unhealthy.has(door);
    const news = isNews ? streak + 1 : 0;
    const isEnough = news >= ACCELERATOR_LOOK.failureThreshold;
    this.world.scheduler.after(LOOK_MS, () => this.look(door, isEnough ? 0 : news));
    if (!isEnough) return;
    if (isWell) this.unhealthy.delete(door);
    else this.unhealthy.add(door);
    this.onMove();
  }

  /** GA-01. A group whose dial is 0 is taken where no other is healthy; where none is, all are. */
  towards(from: Site): Door {
    const isWell = (door: Door): boolean => !this.unhealthy.has(door);
    const groups = this.groups.filter(({ exists }) => exists?.() ?? true);
    const well = groups.filter(({ doors }) => doors.some(isWell));
    const serving = well.length > 0 ? well : groups;
    const dialled = serving.filter(({ dialPercent }) => dialPercent > 0);
    const [nearest] = [...(dialled.length > 0 ? dialled : serving)].sort(
      (a, b) => oneWayMs(from.at, a.awsRegion) - oneWayMs(from.at, b.awsRegion),
    );
    return nearest?.doors.find(isWell) ?? nearest?.doors[0] ?? this;
  }

  /** GA-05. A connection gets to the accelerator itself only where nothing is behind it, and is led nowhere. */
  portState(): 'filtered' {
    return 'filtered';
  }

  speaksTls(): boolean {
    return false;
  }

  handle(): Promise<HttpResponse> {
    return silence();
  }

  /** Of itself: it is in no region. */
  targetsHealthy(): boolean {
    return true;
  }
}
