// Alarms and dashboards as data, and the renderers that turn them into Terraform.
export * from './definitions';
export * from './render';
