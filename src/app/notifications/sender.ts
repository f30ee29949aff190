import { getCompany } from '../../modules/organization';
import type { Locale, Translate } from '../../platform/i18n';
import type { Sender } from '../../platform/notify';
import type { Services } from '../../platform/services';

/** Messages name the company; before there is one, the product. */
export const senderOf = (services: Services, translator: (locale: Locale) => Translate): Sender => ({
  services,
  translator,
  from: async () => (await getCompany(services.database.read))?.name ?? 'Phone ERP',
});
