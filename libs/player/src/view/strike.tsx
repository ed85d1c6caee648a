// Strikes any fault that the twin knows: which, where, for how long.
import { LINK_ENDS } from '@dr/contracts';
import { useState } from 'preact/hooks';
import type { Endpoints, InForce, Place } from '../live/messages';
import { titled } from '../words/figures';
import { useAct } from './act';
import { Icon } from './icons';

const LABELS: Readonly<Record<Place, string>> = { region: 'Region', functionName: 'Function', from: 'From', to: 'To' };

export function Strike({ endpoints: { choices, regions } }: { endpoints: Endpoints }) {
  const act = useAct();
  const [kind, setKind] = useState<InForce['fault']['kind']>(choices.faults[0]?.kind ?? 'region-dark');
  const [places, setPlaces] = useState<Partial<Record<Place, string>>>({});
  const [seconds, setSeconds] = useState('');
  const names = regions.map(({ name }) => name);
  const options: Readonly<Record<Place, readonly string[]>> = {
    ...{ region: names, functionName: choices.functions },
    ...{ from: [...LINK_ENDS, ...names], to: [...names, ...LINK_ENDS] },
  };
  const known = choices.faults.find((one) => one.kind === kind);
  const needs = known?.needs ?? [];
  const chosen = (place: Place): string => places[place] ?? options[place][0] ?? '';
  const strike = (event: Event): void => {
    event.preventDefault();
    const fault: InForce['fault'] = { kind, ...Object.fromEntries(needs.map((place) => [place, chosen(place)])) };
    act({ do: 'begin', fault, ...(seconds === '' ? {} : { seconds: Number(seconds) }) });
  };
  return (
    <form onSubmit={strike}>
      <h2>
        Strike <span class="sub">{known?.title}</span>
      </h2>
      <div class="fields">
        <Choice
          label="Fault"
          value={kind}
          options={choices.faults.map((one) => one.kind)}
          onChange={(one) => setKind(one)}
        />
        {needs.map((place) => (
          <Choice
            key={place}
            label={LABELS[place]}
            value={chosen(place)}
            options={options[place]}
            onChange={(value) => setPlaces({ ...places, [place]: value })}
          />
        ))}
        <label>
          <span>For, s</span>
          <input
            class="button"
            type="number"
            min={1}
            max={7200}
            step={1}
            placeholder="no end"
            value={seconds}
            onInput={(event) => setSeconds(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button lose">
          <Icon of="fault" /> Begin
        </button>
      </div>
    </form>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly T[];
  onChange(value: T): void;
}

function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <label>
      <span>{label}</span>
      <select class="button" value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {options.map((one) => (
          <option key={one} value={one}>
            {label === 'Fault' || label === 'Function' ? one : titled(one)}
          </option>
        ))}
      </select>
    </label>
  );
}
