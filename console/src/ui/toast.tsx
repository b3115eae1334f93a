import { CircleCheck, CircleX, X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { createContext, use, useCallback, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFailureText } from './failure';
import { IconButton } from './button';

interface Note {
  id: number;
  text: string;
  bad: boolean;
}

interface Toaster {
  done: (text: string) => void;
  failed: (error: unknown) => void;
}

const ToasterContext = createContext<Toaster>({ done: () => undefined, failed: () => undefined });

export function useToast(): Toaster {
  return use(ToasterContext);
}

let serial = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const textOf = useFailureText();
  const [notes, setNotes] = useState<Note[]>([]);
  const add = useCallback((text: string, bad: boolean) => setNotes((all) => [...all.slice(-2), { id: ++serial, text, bad }]), []);
  const toaster: Toaster = { done: (text) => add(text, false), failed: (error) => add(textOf(error), true) };
  return (
    <ToasterContext value={toaster}>
      <Radix.Provider swipeDirection="right" label={t('common.notification')}>
        {children}
        {notes.map((note) => (
          <Radix.Root
            key={note.id}
            duration={note.bad ? 9000 : 4500}
            onOpenChange={(open) => !open && setNotes((all) => all.filter((other) => other.id !== note.id))}
            className="flex animate-slide items-start gap-2.5 rounded-lg bg-raised py-2.5 pr-2 pl-3 shadow-pop"
          >
            {note.bad ? <CircleX className="mt-0.5 size-4 shrink-0 text-danger" /> : <CircleCheck className="mt-0.5 size-4 shrink-0 text-ok" />}
            <Radix.Description className="min-w-0 flex-1 py-px text-sm break-words">{note.text}</Radix.Description>
            <Radix.Close asChild>
              <IconButton label={t('common.close')} className="-my-1">
                <X />
              </IconButton>
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport className="fixed right-3 bottom-3 z-50 flex w-[min(24rem,calc(100vw-1.5rem))] flex-col gap-2" label={t('common.notifications')} />
      </Radix.Provider>
    </ToasterContext>
  );
}
