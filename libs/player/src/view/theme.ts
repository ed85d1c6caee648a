// Light or dark: as the reader has it, until it is turned.
import { useEffect, useState } from 'preact/hooks';

/** Turns the theme. */
export function useTheme(): () => void {
  const [dark, setDark] = useState<boolean | undefined>(undefined);
  useEffect(() => {
    if (dark !== undefined) document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  }, [dark]);
  return () => setDark(!(dark ?? matchMedia('(prefers-color-scheme: dark)').matches));
}
