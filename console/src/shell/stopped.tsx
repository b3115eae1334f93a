// What the people of a suspended or cancelled organization see in place of its pages.
import { useQueryClient } from '@tanstack/react-query';
import { CirclePause } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '@/api/session';
import { Button } from '@/ui/button';
import { State } from '@/ui/states';

interface Props {
  name: string;
  status: 'suspended' | 'cancelled';
}

export function Stopped({ name, status }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const ask = () => {
    setAsking(true);
    void client.invalidateQueries({ queryKey: meQuery.queryKey }).finally(() => setAsking(false));
  };
  return (
    <div className="flex h-full items-center justify-center">
      <title>{`${t(`stopped.${status}_title`, { name })} · Gatehouse`}</title>
      <State
        heading="h1"
        icon={<CirclePause />}
        title={t(`stopped.${status}_title`, { name })}
        action={
          <Button busy={asking} onClick={ask}>
            {t('stopped.again')}
          </Button>
        }
      >
        {t(`stopped.${status}_text`)}
      </State>
    </div>
  );
}
