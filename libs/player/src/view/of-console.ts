// The console that the page belongs to, for the parts that ask it something. A page of a recorded run has none.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Console } from '../adapters/console';

export const OfConsole = createContext<Console | undefined>(undefined);

export const useConsole = (): Console | undefined => useContext(OfConsole);
