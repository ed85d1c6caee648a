// What is done to a run: faults begin and end, orders are given. The one place that keeps what each loss held back.
import { InputError, type Fault } from '@dr/contracts';
import type { OrderAction } from '../schedule/schedule';
import type { GivenOrder, Loss, RunningStack } from '../system-under-drill';

export class Acts {
  readonly losses: Loss[] = [];
  readonly orders: GivenOrder[] = [];

  constructor(private readonly stack: RunningStack) {}

  begin(fault: Fault): void {
    const { replicas, world } = this.stack;
    this.losses.push({ fault, unreplicated: [...replicas.unreplicated(fault.region)] });
    world.faults.start(fault);
  }

  end(fault: Fault): void {
    this.stack.world.faults.end(fault);
  }

  /** Throws InputError where the system takes no orders. */
  async give(action: OrderAction): Promise<GivenOrder> {
    const { orders } = this.stack.system;
    if (!orders) {
      const what = `the order to ${action.order} ${action.region}`;
      throw new InputError(what, 'means nothing to this system', 'Leave it out');
    }
    const given = await orders.give(this.stack, action);
    this.orders.push(given);
    return given;
  }
}
