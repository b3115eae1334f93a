// Changing who or where one is: sign out, another organization, another workspace.
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { api, body, identify } from '@/api/client';
import { adopt, replaceIdentity } from '@/api/session';
import type { Me } from '@/api/types';
import { forgetViewedMember, stopViewing, viewedMember } from '@/api/view-as';
import { chooseWorkspace } from '@/api/workspace';
import { homeOf } from '@/router';
import { useToast } from '@/ui/toast';

export function useIdentityActions(me: Me) {
  const client = useQueryClient();
  const router = useRouter();
  const toast = useToast();
  return {
    signOut: async () => {
      let elsewhere: string | null | undefined;
      const wasViewing = viewedMember() !== null;
      forgetViewedMember();
      try {
        if (wasViewing) {
          // Who looks as another is not given what signs them out, and the other's workspace may not be theirs.
          identify(null);
          adopt(await body(api.GET('/api/auth/me')));
        }
        ({ logout_url: elsewhere } = await body(api.POST('/api/auth/sign-out')));
      } catch (error) {
        // What the page shows is still the other's.
        if (wasViewing) stopViewing();
        else toast.failed(error);
        return;
      }
      await replaceIdentity(client, null);
      // The provider's session would sign in whoever comes next at this browser.
      if (elsewhere) {
        window.location.assign(elsewhere);
        return;
      }
      await router.navigate({ to: '/sign-in' });
    },
    switchOrganization: async (organization: string) => {
      try {
        const next = await body(api.POST('/api/auth/switch', { body: { organization_id: organization } }));
        await replaceIdentity(client, next);
        await router.navigate({ to: homeOf(next) });
        await router.invalidate();
      } catch (error) {
        toast.failed(error);
      }
    },
    switchWorkspace: (workspace: string) => chooseWorkspace(me, workspace),
  };
}
