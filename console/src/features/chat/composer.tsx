import { ArrowUp, Check, ChevronDown, Square } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Model } from '@/api/types';
import { useShortcuts } from '@/shell/shortcuts';
import { IconButton } from '@/ui/button';
import { Menu, MenuItem, MenuLabel } from '@/ui/menu';

interface Props {
  models: readonly Model[];
  model: string;
  onModel: (name: string) => void;
  /** What could not be sent comes back into the field. */
  onSend: (text: string) => void | Promise<void>;
  /** Given while an answer is under way. */
  onStop?: (() => void) | undefined;
  busy: boolean;
  note?: ReactNode;
}

/** Enter sends, Shift+Enter breaks the line, Escape stops, "/" comes here from anywhere. */
export function Composer({ models, model, onModel, onSend, onStop, busy, note }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  useShortcuts({ '/': () => field.current?.focus() });

  useEffect(() => {
    if (!onStop) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('[role="dialog"],[role="menu"]')) onStop();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onStop]);

  const submit = async () => {
    const trimmed = text.trim();
    if (trimmed === '' || busy || model === '') return;
    setText('');
    try {
      await onSend(trimmed);
    } catch {
      setText((typed) => (typed === '' ? trimmed : typed));
    }
  };

  return (
    <form
      className="mx-auto w-full max-w-3xl"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="rounded-xl border border-line-strong/60 bg-surface shadow-card transition-colors focus-within:border-accent focus-within:ring-1 focus-within:ring-accent">
        <textarea
          ref={field}
          rows={1}
          autoFocus
          value={text}
          aria-label={t('chat.message')}
          placeholder={t('chat.placeholder')}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void submit();
          }}
          className="field-sizing-content block max-h-56 min-h-11 w-full resize-none bg-transparent px-3.5 pt-3 pb-1 text-base outline-none"
        />
        <div className="flex items-center gap-2 px-2 pb-2">
          <ModelPicker models={models} model={model} onModel={onModel} />
          <span className="flex-1" />
          {onStop ? (
            <IconButton label={t('chat.stop')} keys="esc" onClick={onStop} className="!size-8 bg-ink text-canvas hover:bg-ink hover:text-canvas hover:opacity-85">
              <Square className="!size-3 fill-current" />
            </IconButton>
          ) : (
            <IconButton label={t('chat.send')} keys="enter" type="submit" disabled={text.trim() === '' || busy} className="!size-8 bg-primary text-primary-ink hover:bg-primary-hover hover:text-primary-ink">
              <ArrowUp />
            </IconButton>
          )}
        </div>
      </div>
      <div className="flex min-h-6 items-center justify-center pt-1.5 text-center text-2xs text-ink-faint">{note}</div>
    </form>
  );
}

function ModelPicker({ models, model, onModel }: { models: readonly Model[]; model: string; onModel: (name: string) => void }) {
  const { t } = useTranslation();
  const current = models.find(({ name }) => name === model);
  const providers = [...new Set(models.map(({ provider_name }) => provider_name))];
  return (
    <Menu
      side="top"
      className="w-72"
      trigger={
        <button
          type="button"
          className="inline-flex h-7 min-w-0 items-center gap-1.5 rounded-md px-2 text-xs text-ink-soft hover:bg-hover hover:text-ink"
        >
          <span className="sr-only">{t('chat.model')}</span>
          <span className="truncate">{current?.display_name ?? (model || t('chat.no_model'))}</span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0" />
        </button>
      }
    >
      {providers.map((provider) => (
        <div key={provider} role="group" aria-label={provider}>
          <MenuLabel>{provider}</MenuLabel>
          {models
            .filter(({ provider_name }) => provider_name === provider)
            .map((one) => (
              <MenuItem key={one.id} onSelect={() => onModel(one.name)}>
                <span className="flex min-w-0 flex-1 flex-col py-1">
                  <span className="truncate">{one.display_name}</span>
                  <span className="truncate font-mono text-2xs text-ink-faint">{one.name}</span>
                </span>
                {one.name === model && <Check aria-hidden className="!text-accent" />}
              </MenuItem>
            ))}
        </div>
      ))}
    </Menu>
  );
}
