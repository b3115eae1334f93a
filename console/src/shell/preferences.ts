// Changing what belongs to the account: name, theme and language. Shown at once, taken back if it cannot be saved.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { adopt, meQuery } from '@/api/session';
import type { Me } from '@/api/types';
import type { Language } from '@/i18n';
import { useToast } from '@/ui/toast';
import { takeOver } from './take-over';
import type { Theme } from './theme';

type Preferences = Partial<Pick<Me['user'], 'theme' | 'language' | 'name'>>;

const mutationKey = ['preferences'];

export function usePreferences() {
  const client = useQueryClient();
  const toast = useToast();
  const show = (me: Me) => {
    client.setQueryData(meQuery.queryKey, adopt(me));
    void takeOver(me).catch(toast.failed);
  };
  // While a later choice is on its way, the answer to an earlier one is not the last word.
  const isLast = () => client.isMutating({ mutationKey }) === 1;
  const { mutate: save } = useMutation({
    mutationKey,
    scope: { id: 'preferences' },
    mutationFn: (change: Preferences) => body(api.PATCH('/api/auth/me', { body: change })),
    onMutate: (change) => {
      const before = client.getQueryData(meQuery.queryKey);
      if (before) show({ ...before, user: { ...before.user, ...change } });
      return before;
    },
    onSuccess: (saved) => {
      if (isLast()) show(saved);
    },
    onError: (failure, _change, before) => {
      toast.failed(failure);
      if (before && isLast()) show(before);
    },
  });
  return {
    save,
    chooseTheme: (theme: Theme) => save({ theme }),
    chooseLanguage: (language: Language) => save({ language }),
  };
}
