// A link for a member's new password: sent where this installation sends mail, shown once where it does not.
import { useMutation } from '@tanstack/react-query';
import { CircleCheck, KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import type { MemberDetail } from '@/api/types';
import { Button } from '@/ui/button';
import { useFailureText } from '@/ui/failure';
import { formatMoment } from '@/ui/format';
import { SecretShown } from '@/ui/secret-shown';

export function PasswordLink({ member }: { member: MemberDetail }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const make = useMutation({ mutationFn: () => body(api.POST('/api/members/{user_id}/password-reset', { params: { path: { user_id: member.user_id } } })) });
  return (
    <section aria-label={t('members.password_link')} className="flex flex-col items-start gap-2 border-t border-line pt-3">
      <p className="text-xs text-ink-soft">{t('members.password_link_text')}</p>
      {make.error && (
        <p role="alert" className="text-sm text-danger">
          {failureText(make.error)}
        </p>
      )}
      {!make.data && (
        <Button size="sm" busy={make.isPending} onClick={() => make.mutate()}>
          <KeyRound aria-hidden className="size-4" />
          {t('members.password_link')}
        </Button>
      )}
      {make.data?.sent && (
        <p role="status" className="flex items-start gap-2 text-sm text-ok">
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t('members.password_link_sent', { email: member.email })}
        </p>
      )}
      {make.data?.url && <Shown url={make.data.url} name={member.name} until={make.data.expires_at} />}
    </section>
  );
}

function Shown({ url, name, until }: { url: string; name: string; until: string }) {
  const { t, i18n } = useTranslation();
  const { pathname, hash } = new URL(url, window.location.origin);
  // Where this console is reached, which the server may be told differently about.
  const here = window.location.origin + pathname + hash;
  return (
    <>
      <SecretShown secret={here} warning={t('members.password_link_once', { name })} />
      <p className="text-xs text-ink-soft">{t('members.password_link_expires', { moment: formatMoment(until, i18n.language) })}</p>
    </>
  );
}
