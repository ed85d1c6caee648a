// Names of the parts of a page. Where two runs stand side by side, each part says of which run it is.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** The run that the parts below belong to; empty where there is only one. */
export const OfRun = createContext('');

export function useLabel(name: string): string {
  const run = useContext(OfRun);
  return run === '' ? name : `${name}, ${run}`;
}
