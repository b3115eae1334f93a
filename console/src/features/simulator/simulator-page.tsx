// The stages of the engine with the simulator beside them: change on the left, try out on the right.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allows, useMe } from '@/api/session';
import type { Stage } from '@/api/types';
import { Page } from '@/ui/page';
import { Segmented } from '@/ui/segmented';
import { Failure, SkeletonRows } from '@/ui/states';
import { stages, stagesQuery } from './queries';
import { StageForm } from './stage-form';
import { TryOut } from './try-out';

export function SimulatorPage() {
  const { t } = useTranslation();
  const me = useMe();
  const [stage, setStage] = useState<Stage>('atendimento');
  const { data, error, isPending, refetch } = useQuery(stagesQuery);
  const shown = data?.find((one) => one.stage === stage);
  const choice = <Segmented label={t('simulator.stage')} value={stage} onChange={setStage} options={stages.map((value) => ({ value, label: t(`simulator.stage_${value}`) }))} />;
  return (
    <Page fill title={t('nav.simulator')} description={t('simulator.description')} actions={choice}>
      {isPending && <SkeletonRows />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {shown && (
        <div className="grid min-h-0 flex-1 overflow-y-auto lg:grid-cols-2 lg:overflow-hidden">
          <div className="min-h-0 border-line p-4 sm:p-6 lg:overflow-y-auto lg:border-r">
            <StageForm key={`${stage} ${shown.version}`} stage={shown} manages={allows(me, 'stages_manage')} />
          </div>
          <TryOut key={stage} me={me} stage={stage} runs={allows(me, 'simulator_run')} />
        </div>
      )}
    </Page>
  );
}
