export { code128Svg, ean13Svg, qrSvg, type LinearOptions, type QrOptions } from './barcode';
