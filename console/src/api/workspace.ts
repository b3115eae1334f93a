// The workspace chosen in this browser, by organization. It lives in the browser's storage alone: the header of each request
// and whatever shows it read it there, so that no tab says one workspace and works in another.
import { useSyncExternalStore } from 'react';
import type { Me } from './types';

const prefix = 'gatehouse.workspace.';
const listeners = new Set<() => void>();

function announce(): void {
  for (const listener of listeners) listener();
}

function onStorage(event: StorageEvent): void {
  if (event.key === null || event.key.startsWith(prefix)) announce();
}

/** Called when the choice changes, here or in another tab. Returns the way to stop that. */
export function onWorkspaceChosen(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('storage', onStorage);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('storage', onStorage);
  };
}

/** The choice, or the person's default. */
export function chosenWorkspace(me: Me): string | null {
  if (!me.organization) return null;
  const kept = localStorage.getItem(prefix + me.organization.id);
  return me.workspaces.some((workspace) => workspace.id === kept) ? kept : (me.default_workspace_id ?? null);
}

export function chooseWorkspace(me: Me, workspace: string): void {
  if (me.organization) localStorage.setItem(prefix + me.organization.id, workspace);
  announce();
}

export function useChosenWorkspace(me: Me): string | null {
  return useSyncExternalStore(onWorkspaceChosen, () => chosenWorkspace(me));
}
