import type { CatalogueEntry } from './entry';

/** Company, people, products, prices and customers. */
export const masterData: Record<string, CatalogueEntry> = {
  company: {
    retention: 'master',
    personal: {
      phone: 'business plain',
      address: 'business plain',
      taxNumber: 'business plain',
    },
    rest: 'id name currency timeZone version updatedAt',
  },
  store: {
    retention: 'master',
    personal: {
      phone: 'business plain',
      address: 'business plain',
    },
    rest: 'id code name kind active version createdAt',
  },
  location: {
    retention: 'master',
    personal: {},
    rest: 'id storeId code name isDefault active',
  },
  department: {
    retention: 'master',
    personal: {},
    rest: 'id name nameKey active version',
  },
  staff: {
    retention: 'master',
    personal: {
      name: 'name plain',
      searchKey: 'name plain',
      jobTitle: 'work plain',
      phone: 'phone emptied',
      phoneCipher: 'phone encrypted',
    },
    rest: 'id code storeId departmentId active version createdAt',
  },
  bom: {
    retention: 'master',
    personal: { updatedByName: 'work plain' },
    rest: 'id skuId updatedAt version',
  },
  bom_line: { retention: 'master', personal: {}, rest: 'id bomId seq skuId quantity' },
  brand: {
    retention: 'master',
    personal: {},
    rest: 'id name nameKey searchKey active version',
  },
  category: {
    retention: 'master',
    personal: {},
    rest: 'id parentId depth name nameKey taxRateBp tracking sortOrder active version',
  },
  product: {
    retention: 'master',
    personal: {},
    rest: 'id brandId categoryId name nameKey modelNumber tracking taxRateBp warrantyMonths pictureId active searchKey version createdAt updatedAt',
  },
  sku: {
    retention: 'master',
    personal: {},
    rest: 'id productId code name memory colour network variant variantKey tracking taxRateBp active searchKey version createdAt updatedAt',
  },
  sku_barcode: {
    retention: 'master',
    personal: {},
    rest: 'id skuId value',
  },
  tac: {
    retention: 'master',
    personal: {},
    rest: 'id code brandText modelText productId updatedAt',
  },
  price_list: {
    retention: 'master',
    personal: {},
    rest: 'id code name kind storeId active version createdAt channelId levelId fromOn untilOn',
  },
  price_item: {
    retention: 'master',
    personal: {
      setByName: 'name plain',
    },
    rest: 'id priceListId skuId priceFen floorFen fromAt untilAt setById setAt',
  },
  customer: {
    retention: 'customers',
    personal: {
      name: 'name emptied',
      nameCipher: 'name encrypted',
      searchKey: 'name emptied',
      phoneCipher: 'phone encrypted',
      phoneHash: 'phone hashed',
      phoneHashAlt: 'phone hashed',
      phoneMasked: 'phone masked',
      gender: 'about plain',
      birthOn: 'about emptied',
      birthCipher: 'about encrypted',
      note: 'note emptied',
      noteCipher: 'note encrypted',
      consentAt: 'about plain',
    },
    rest: 'id code nameIndex storeId erasedAt active version createdAt updatedAt levelId',
  },
  customer_name_token: {
    retention: 'customers',
    personal: {
      token: 'name hashed',
      customerId: 'link plain',
    },
    rest: 'id',
  },
};
