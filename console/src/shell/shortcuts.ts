// Keyboard shortcuts. Single keys can be switched off (WCAG 2.1.4); chords with a modifier always work.
import { useEffect, useRef } from 'react';

const key = 'gatehouse.single_keys';

export function singleKeysOn(): boolean {
  return localStorage.getItem(key) !== 'off';
}

export function setSingleKeys(on: boolean): void {
  localStorage.setItem(key, on ? 'on' : 'off');
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Bindings are "mod+k", "?", or a sequence like "g c". Within a dialog only modifier chords act. */
export type Bindings = Record<string, () => void>;

export function useShortcuts(bindings: Bindings): void {
  const current = useRef(bindings);
  useEffect(() => {
    current.current = bindings;
  });
  useEffect(() => {
    let prefix = '';
    let prefixAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const mod = event.metaKey || event.ctrlKey;
      const pressed = event.key.toLowerCase();
      if (mod) {
        const act = current.current[`mod+${pressed}`];
        if (!act || event.altKey || event.shiftKey) return;
        event.preventDefault();
        act();
        return;
      }
      if (event.altKey || isTyping(event.target) || !singleKeysOn() || document.querySelector('[role="dialog"],[role="menu"]')) return;
      const sequence = prefix && Date.now() - prefixAt < 1200 ? `${prefix} ${pressed}` : pressed;
      const act = current.current[sequence] ?? current.current[pressed];
      prefix = '';
      if (act && (sequence === pressed || current.current[sequence])) {
        event.preventDefault();
        act();
      } else if (pressed === 'g') {
        prefix = 'g';
        prefixAt = Date.now();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
