// What every world shares, whosever system is looked at. What is our system's own is in @dr/contracts/system.
export * from './accelerator';
export * from './aftermath';
export * from './alarm-route';
export * from './bucket-name';
export * from './capacity';
export * from './distance';
export * from './drill-report';
export * from './fault';
export * from './faults';
export * from './input-error';
export * from './populations';
export * from './regions';
export * from './reserved-domains';
export * from './review-words';
export * from './route53';
export * from './system-error';
export * from './table-units';
