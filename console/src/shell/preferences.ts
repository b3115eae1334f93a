// Theme and language: at once in this browser, then on the account.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '@/api/client';
import { adopt, meQuery } from '@/api/session';
import { setLanguage, type Language } from '@/i18n';
import { currentTheme, setTheme, type Theme } from './theme';

export function usePreferences() {
  const client = useQueryClient();
  const [theme, show] = useState<Theme>(currentTheme);
  const save = useMutation({
    mutationFn: (change: { theme?: Theme; language?: Language; name?: string }) => body(api.PATCH('/api/auth/me', { body: change })),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, adopt(me)),
  });
  return {
    theme,
    save,
    chooseTheme: (next: Theme) => {
      setTheme(next);
      show(next);
      save.mutate({ theme: next });
    },
    chooseLanguage: (next: Language) => {
      void setLanguage(next);
      save.mutate({ language: next });
    },
  };
}
