import { recordSet } from '../../../platform/configuration';
import { CHANNELS } from '../../organization';

/** One that is switched off is not offered any more; the sales that came by it keep it. */
export const channelConfiguration = recordSet({ module: 'sales', id: 'channels', values: CHANNELS });
