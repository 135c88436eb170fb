import type { Hit } from '@countersign/api/src/search/search.queries.ts';
import { paths } from '../paths.ts';

/** Where a found thing is shown. */
export function pathOfHit({ kind, id }: Pick<Hit, 'kind' | 'id'>) {
  switch (kind) {
    case 'payout':
      return paths.payouts({ filter: 'all', panel: id });
    case 'override':
      return paths.override(id);
    case 'break':
      return paths.break(id);
    case 'run':
      return paths.run(id);
    case 'bulk_run':
      return paths.bulkRun(id);
    case 'audit_event':
      return paths.audit({ panel: id });
  }
}
