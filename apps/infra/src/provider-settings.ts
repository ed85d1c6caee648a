// What every provider of the system is given: the tag of all that it makes, and the only account that it may work in.
import type { DrConfig } from '@dr/contracts/system/config';

export const providerSettings = ({ system, options }: Pick<DrConfig, 'system' | 'options'>) => ({
  defaultTags: [{ tags: { System: system } }],
  ...(options.accountId === undefined ? {} : { allowedAccountIds: [options.accountId] }),
});
