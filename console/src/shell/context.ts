import { createContext, use } from 'react';

/** What any page may ask of the shell. */
export interface ShellActions {
  openPalette: () => void;
  openShortcuts: () => void;
  openMenu: () => void;
}

export const ShellContext = createContext<ShellActions>({ openPalette: () => undefined, openShortcuts: () => undefined, openMenu: () => undefined });

export const useShell = (): ShellActions => use(ShellContext);
