import type { Story } from '../shelf';
import { losses } from './losses';
import { countedStock } from './counted-stock';
import { devicesOutOfSale } from './out-of-sale';
import { consignments } from './consignments';
import { loans } from './loans';
import { priceCuts } from './price-cuts';
import { rebates } from './rebates';
import { supplierReturns } from './supplier-returns';
import { usedPhones } from './used-phones';

/** In the order of a morning: what goes back and what is counted comes after what was found to be broken. */
export const demoStories = (): Story[] => [
  usedPhones(),
  devicesOutOfSale(),
  supplierReturns(),
  loans(),
  consignments(),
  losses(),
  countedStock(),
  priceCuts(),
  rebates(),
];
