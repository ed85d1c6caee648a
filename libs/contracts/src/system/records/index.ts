// Records as they may be trusted; apart from the shapes, as only who reads them needs it (@dr/contracts/system/records).
export * from './control-readers';
export * from './control-records';
export * from './failover-times';
export * from './own-times';
export * from './readers';
