/** What may be attached: found by the first bytes, never by what the browser says. */
export interface FileType {
  contentType: string;
  extension: string;
  /** A picture may be shown in a page; everything else is downloaded. */
  picture: boolean;
}

const PNG: FileType = { contentType: 'image/png', extension: 'png', picture: true };
const JPEG: FileType = { contentType: 'image/jpeg', extension: 'jpg', picture: true };
const WEBP: FileType = { contentType: 'image/webp', extension: 'webp', picture: true };
const PDF: FileType = { contentType: 'application/pdf', extension: 'pdf', picture: false };
const XLSX: FileType = {
  contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  extension: 'xlsx',
  picture: false,
};
const CSV: FileType = { contentType: 'text/csv', extension: 'csv', picture: false };
const TEXT: FileType = { contentType: 'text/plain', extension: 'txt', picture: false };

const startsWith = (content: Buffer, bytes: readonly number[], at = 0): boolean =>
  content.length >= at + bytes.length && bytes.every((byte, index) => content[at + index] === byte);

/** The type of a file, or null when it is none of those allowed. The name only tells CSV from plain text. */
export function sniffType(content: Buffer, name: string): FileType | null {
  if (startsWith(content, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return PNG;
  if (startsWith(content, [0xff, 0xd8, 0xff])) return JPEG;
  if (startsWith(content, [0x52, 0x49, 0x46, 0x46]) && content.toString('latin1', 8, 12) === 'WEBP') return WEBP;
  if (content.toString('latin1', 0, 5) === '%PDF-') return PDF;
  if (startsWith(content, [0x50, 0x4b, 0x03, 0x04])) return isWorkbook(content) ? XLSX : null;
  if (!isText(content)) return null;
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === 'csv') return CSV;
  return ending === 'txt' ? TEXT : null;
}

/** The names of a zip's parts stand uncompressed in it. Macros (.xlsm) are not wanted. */
function isWorkbook(content: Buffer): boolean {
  return content.includes('[Content_Types].xml') && content.includes('xl/') && !content.includes('xl/vbaProject.bin');
}

/** Text in UTF-8, UTF-16 with a mark, or a Chinese encoding: no control characters but tab and line ends. */
function isText(content: Buffer): boolean {
  if (content.length === 0) return false;
  if (startsWith(content, [0xff, 0xfe]) || startsWith(content, [0xfe, 0xff])) return true;
  for (const byte of content.subarray(0, 65_536))
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c) return false;
  return true;
}
