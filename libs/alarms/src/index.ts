// Alarms and dashboards as data, and the renderers that turn them into Terraform.
export * from './dashboard-render';
export * from './dashboards';
export * from './definitions';
export * from './failback';
export * from './render';
