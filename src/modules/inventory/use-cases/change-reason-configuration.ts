import { recordSet } from '../../../platform/configuration';
import { CHANGE_REASONS } from '../queries/change-reasons';

/** One that is switched off is not offered any more; documents keep the name and the effect they were made with. */
export const changeReasonConfiguration = recordSet({
  module: 'inventory',
  id: 'changeReasons',
  values: CHANGE_REASONS,
});
