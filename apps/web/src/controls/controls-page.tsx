import { useText } from '../lib/i18n.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { ControlHistory } from './control-history.tsx';
import { ControlsTabs } from './controls-tabs.tsx';
import { HoldList } from './hold-list.tsx';
import { SwitchCard } from './switch-card.tsx';

/** What can be stopped: everything by one switch, or a merchant, rail or provider by a hold. */
export function ControlsPage() {
  const t = useText();
  return (
    <>
      <PageTitle title={t('controls.title')} />
      <ControlsTabs />
      <div className="relative min-h-0 flex-1 overflow-y-auto">
        <div className="flex max-w-[1120px] flex-col gap-8 px-4 py-5">
          <SwitchCard />
          <HoldList />
          <ControlHistory />
        </div>
      </div>
    </>
  );
}
