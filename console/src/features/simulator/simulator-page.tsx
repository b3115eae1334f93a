// The stages of the engine with the simulator beside them: change on the left, try out on the right, or read what was said.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allows, useMe } from '@/api/session';
import type { Stage } from '@/api/types';
import { Page } from '@/ui/page';
import { Segmented } from '@/ui/segmented';
import { Failure, SkeletonRows } from '@/ui/states';
import { Executions } from './executions';
import { stages, stagesQuery } from './queries';
import { StageForm } from './stage-form';
import { TryOut } from './try-out';

export function SimulatorPage() {
  const { t } = useTranslation();
  const me = useMe();
  const [stage, setStage] = useState<Stage>('atendimento');
  const [beside, setBeside] = useState<'try_out' | 'log'>('try_out');
  const { data, error, isPending, refetch } = useQuery(stagesQuery);
  const shown = data?.find((one) => one.stage === stage);
  const choice = <Segmented label={t('simulator.stage')} value={stage} onChange={setStage} options={stages.map((value) => ({ value, label: t(`simulator.stage_${value}`) }))} />;
  return (
    <Page fill title={t('nav.simulator')} description={t('simulator.description')} actions={choice}>
      {isPending && <SkeletonRows />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {shown && (
        <div className="min-h-0 flex-1 overflow-y-auto lg:grid lg:grid-cols-2 lg:overflow-hidden">
          <div className="border-line p-4 sm:p-6 lg:min-h-0 lg:overflow-y-auto lg:border-r">
            <StageForm key={stage} stage={shown} manages={allows(me, 'stages_manage')} />
          </div>
          <section aria-label={t('simulator.try_out')} className="flex flex-col border-t border-line bg-sunken/40 lg:min-h-0 lg:border-t-0">
            <div className="border-b border-line bg-surface px-4 py-2">
              <Segmented
                label={t('simulator.beside')}
                value={beside}
                onChange={setBeside}
                options={[
                  { value: 'try_out', label: t('simulator.try_out') },
                  { value: 'log', label: t('simulator.log') },
                ]}
              />
            </div>
            {/* What was said stays while the log is read. */}
            <div className={beside === 'try_out' ? 'flex min-h-0 flex-1 flex-col' : 'hidden'}>
              <TryOut key={stage} stage={stage} questions={shown.config.questions} />
            </div>
            {beside === 'log' && <Executions key={stage} stage={stage} />}
          </section>
        </div>
      )}
    </Page>
  );
}
