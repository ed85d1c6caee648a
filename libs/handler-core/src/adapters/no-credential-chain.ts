// Stands in for the SDK's chain of credential sources in Lambda bundles (see scripts/bundle.mjs): adapters hand the
// role's credentials over themselves, and the chain (SSO, profiles, metadata service) is 120 KB that would never run.

export const defaultProvider = () => (): Promise<never> =>
  Promise.reject(new Error('no credentials: pass an AwsIdentity to the adapter'));
