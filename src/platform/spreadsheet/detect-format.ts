import { refuse } from './read-error';
import { ZipReader } from './zip-reader';

export type DetectedFormat = { format: 'xlsx'; zip: ZipReader } | { format: 'csv' };

const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
/** PDF, JPEG, gzip, RAR: begin without a zero byte. */
const KNOWN_BINARIES = ['25504446', 'ffd8ff', '1f8b', '526172211a'].map((hex) => Buffer.from(hex, 'hex'));
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le');

/** Looks at the content, never at the name. Throws, with what to do, for every format that cannot be read. */
export function detectFormat(bytes: Buffer, maxUnpackedBytes: number): DetectedFormat {
  if (bytes.length === 0) throw refuse('empty_file');
  if (bytes.subarray(0, 8).equals(OLE)) {
    throw refuse(bytes.includes(ENCRYPTED_PACKAGE) ? 'encrypted' : 'old_xls');
  }
  if (
    bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004')) ||
    bytes.subarray(0, 4).equals(Buffer.from('PK\u0005\u0006'))
  ) {
    return { format: 'xlsx', zip: openWorkbook(bytes, maxUnpackedBytes) };
  }
  // Excel files up to version 4 begin with a BOF record.
  if (bytes[0] === 0x09 && [0x00, 0x02, 0x04, 0x08].includes(bytes[1] ?? -1) && bytes[3] === 0x00)
    throw refuse('old_xls');
  const start = bytes
    .toString('latin1', 0, 1024)
    .replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe)/, '')
    .replaceAll('\0', '');
  if (/^\s*(?:<!doctype html|<html|<table|<meta|<head|<style)/i.test(start)) throw refuse('html_table');
  if (/^\s*<\?xml|^\s*<(?:ss:)?workbook/i.test(start)) throw refuse('xml_table');
  if (isBinary(bytes)) throw refuse('not_a_spreadsheet');
  return { format: 'csv' };
}

function openWorkbook(bytes: Buffer, maxUnpackedBytes: number): ZipReader {
  const zip = new ZipReader(bytes, maxUnpackedBytes);
  const names = zip.names();
  if (zip.anyEncrypted()) throw refuse('encrypted');
  if (names.some((name) => name.endsWith('workbook.bin'))) throw refuse('binary_xlsb');
  if (zip.has('content.xml') && zip.has('mimetype')) throw refuse('open_document');
  if (!zip.has('[content_types].xml')) throw refuse('not_a_workbook');
  return zip;
}

/** Zero bytes mean UTF-16 if they keep to one side and a picture, program or archive otherwise. */
function isBinary(bytes: Buffer): boolean {
  if (KNOWN_BINARIES.some((start) => bytes.subarray(0, start.length).equals(start))) return true;
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (marked) return false;
  let even = 0;
  let odd = 0;
  for (const [index, byte] of bytes.subarray(0, 8192).entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  return even > 0 && odd > 0;
}
