import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button';
import { cx } from './classes';
import { Field, Input } from './field';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
}

export function Dialog({ open, onClose, title, description, children, footer, wide = false }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-black/45" />
        <Radix.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={cx(
            'fixed inset-x-3 top-[12vh] z-40 mx-auto flex max-h-[80vh] animate-rise flex-col rounded-xl bg-raised shadow-pop',
            wide ? 'max-w-2xl' : 'max-w-md',
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-4.5 pb-1">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold break-words">{title}</Radix.Title>
              {description !== undefined && <Radix.Description className="mt-1 text-sm text-ink-soft">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              {/* Without a tooltip, which would take the first Escape for itself. */}
              <button type="button" aria-label={t('common.close')} className="-mr-1.5 inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-faint hover:bg-hover hover:text-ink">
                <X aria-hidden className="size-4" />
              </button>
            </Radix.Close>
          </header>
          {children !== undefined && <div className="min-h-0 flex-1 overflow-y-auto px-5 py-3">{children}</div>}
          {footer !== undefined && <footer className="flex flex-wrap justify-end gap-2 px-5 pt-2 pb-4.5">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ConfirmProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What will happen. */
  consequence: ReactNode;
  /** What must be typed before the action is offered. */
  name: string;
  action: string;
  busy?: boolean;
  onConfirm: () => void;
}

/** A destructive action: says what will happen and asks for the name of what it will happen to. */
export function ConfirmDialog({ open, onClose, title, consequence, name, action, busy = false, onConfirm }: ConfirmProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const close = () => {
    setTyped('');
    onClose();
  };
  const matches = typed.trim() === name.trim();
  return (
    <Dialog open={open} onClose={close} title={title} description={consequence}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!matches || busy) return;
          setTyped('');
          onConfirm();
        }}
      >
        <Field label={<>{t('confirm.type_name')} <span translate="no" className="font-semibold text-ink break-all select-all">{name}</span></>}>
          {(wiring) => <Input {...wiring} autoFocus autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={close}>{t('common.cancel')}</Button>
          <Button kind="danger" type="submit" disabled={!matches} busy={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
