// Stands in for the SDK's event stream codec in Lambda bundles (see scripts/bundle.mjs): no call of ours streams events.

export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are left out of this bundle');
  }
}
