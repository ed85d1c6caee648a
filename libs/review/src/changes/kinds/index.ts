// Types of which a change may mean something when a region is lost.
import { HOLDS, type Hold } from '../protected';
import { ALARM_KINDS } from './alarms';
import { DATA_KINDS } from './data';
import { DNS_KINDS } from './dns';
import { DOOR_KINDS } from './doors';
import type { Kind, Setting } from './kind';

const KINDS = { ...DNS_KINDS, ...DOOR_KINDS, ...DATA_KINDS, ...ALARM_KINDS };

const known = new Map<string, Kind | undefined>(
  Object.entries(KINDS).map(([type, kind]) => [
    type,
    { ...kind, settings: [...kind.settings, ...(HOLDS[type] ?? []).map(settingOf)] },
  ]),
);

export const kindOf = (type: string): Kind | undefined => known.get(type);

/** AWS's protection as a setting. */
function settingOf({ attribute, name, isOn, without }: Hold): Setting {
  return {
    key: attribute,
    read: ({ resource: { values } }) => isOn(values[attribute] ?? null),
    says: (_, is) => (is === true ? `${name} is turned on` : `${name} is turned off: ${without}`),
  };
}
