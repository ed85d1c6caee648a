// The AWS meaning of a graph, read once: names, routes, endpoints, settings and regions.
export * from './alarms';
export * from './arns';
export * from './finding';
export * from './functions';
export * from './health-checks';
export * from './load-balancers/listeners';
export * from './load-balancers/network-acls';
export * from './load-balancers/security-groups';
export * from './load-balancers/targets';
export * from './names/names';
export * from './names/policies';
export * from './names/records';
export * from './shape';
export * from './tables';
