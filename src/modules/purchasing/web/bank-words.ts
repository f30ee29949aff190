export const bankHref = (supplierId: number): string => `/purchasing/suppliers/${supplierId}/bank`;
