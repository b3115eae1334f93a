// Light, dark, or what the system says: remembered in this browser, from where public/boot.js applies it before the first paint.

export const themes = ['light', 'dark', 'system'] as const;
export type Theme = (typeof themes)[number];

const key = 'gatehouse.theme';
const system = () => matchMedia('(prefers-color-scheme: dark)');

export function currentTheme(): Theme {
  const kept = localStorage.getItem(key);
  return themes.find((theme) => theme === kept) ?? 'system';
}

function paint(): void {
  const theme = currentTheme();
  document.documentElement.dataset['theme'] = theme === 'system' ? (system().matches ? 'dark' : 'light') : theme;
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
  paint();
}

export function followSystemTheme(): void {
  system().addEventListener('change', paint);
}
