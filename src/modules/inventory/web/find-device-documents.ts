import { normaliseCode } from '../../../kernel';
import { documentHref } from '../../../platform/http';
import type { SearchProvider } from '../../../platform/modules';
import { DEVICE_DOCUMENTS, type DeviceDocument, findDeviceDocuments } from '../queries/find-device-documents';

const searchOf = (type: DeviceDocument): SearchProvider => ({
  permission: DEVICE_DOCUMENTS[type].permission,
  async find({ read, actor, t }, text) {
    const found = await findDeviceDocuments(read, actor, type, text);
    return found.map(({ id, number, state, storeName, businessDate }) => ({
      kind: t(`inventory:audit.${type.split('.')[1] ?? ''}.subject`),
      title: number,
      detail: [t(`common:state.${state}`), storeName, businessDate].join(' · '),
      href: documentHref(type, id),
      exact: number === normaliseCode(text).replace(/\s/g, ''),
    }));
  },
});

export const deviceDocumentSearch: readonly SearchProvider[] = [
  searchOf('inventory.number'),
  searchOf('inventory.price'),
  searchOf('inventory.test'),
];
