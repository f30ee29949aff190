/**
 * What the sample company sells. Names, prices and type allocation codes are made up to look like a phone shop's; IMEIs
 * have right check digits and belong to nobody. Prices in yuan with tax; cost as a share of the price.
 */
export interface PhoneModel {
  brand: string;
  name: string;
  /** 8 digits. */
  tac: string;
  /** Memory → price in yuan. */
  variants: readonly (readonly [memory: string, priceYuan: number])[];
  colours: readonly string[];
  /** How much of the price the goods cost without tax, in percent of the net price. */
  costPercent: number;
  /** How often it sells, against the others. */
  weight: number;
}
